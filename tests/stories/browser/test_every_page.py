"""Every page that anyone can reach by links, as each role: whole, readable, Swedish, all ours."""

import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import polib
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page
from tools import catalogues

from tests.house.test_language import english_words_in
from tests.house.test_urls import ALL
from tests.stories.browser.visiting import PEOPLE, Desk, runs_over, violations, watched

pytestmark = [pytest.mark.slow, pytest.mark.once]
# They meet the same kinds of pages: each visits only those that nobody has judged yet,
# and goes through this many of the pages that lead on, since no two cases are alike.
CASEWORK = {"worker", "colleague", "kast", "coordinator", "child_coordinator"}
# Between them they meet nearly every kind of page; the others' crawls are in the soak.
FIRST = ("controller", "head", "officer", "worker")
LEADING_ON = {
    "cases:contact": 4,
    **dict.fromkeys(("cases:show", "cases:children", "cases:plan", "cases:referrals"), 3),
    **dict.fromkeys(("cases:details", "cases:access", "cases:contacts", "cases:today"), 2),
}
# Answers that are no pages, and acts that are posts without a page of their own.
FILES = re.compile(r"\.(pdf|xml|csv|xlsx|svg|ics)$")
PHONE = {"width": 320, "height": 640}  # also 400 % zoom at 1280
TABLETS = (641, 768, 1024)
MOST_BYTES = 200_000
# Columns and values of CSV files, which are the same in every language.
IN_FILES = re.compile(r"\b(municipality|provider|name|year|number|population)\b(?=[,;) ]|$)")
# What stands on pages in another language than the page's own, and says so in its markup.
OTHER_LANGUAGE = "[lang]:not(html)"


@dataclass
class Seen:
    """One page as one role met it: everything wrong with it, its texts, and what it weighs."""

    path: str
    route: str
    wrong: list[str] = field(default_factory=list)
    weight: int = 0


def route_of(path: str) -> str:
    """The name of the address, for visiting each kind of page once."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return path


def links_of(page: Page) -> list[str]:
    script = """() => [...document.querySelectorAll('a[href]')].map(
        (a) => new URL(a.getAttribute('href'), document.URL).href
    )"""
    whole: list[str] = page.evaluate(script)
    own = urlsplit(page.url).netloc
    return [
        urlsplit(one)._replace(fragment="", scheme="", netloc="").geturl()
        for one in whole
        if urlsplit(one).netloc == own
        # The door behind the same port has stories of its own (test_door_pages).
        and urlsplit(one).path.startswith("/desk/")
        and not FILES.search(urlsplit(one).path)
    ]


def crawl(
    site: Desk, role: str, catalogue: dict[str, str], judged: set[str], *, is_soak: bool
) -> Iterator[Seen]:
    """Each kind of page that the role reaches by links from its first page.

    judged: the kinds that another role's crawl has looked at already. is_soak: those too are looked
    at, but for axe, which looks once more at a phone's width at the others.
    """
    page = site.as_role(role)
    page.goto("/desk/")
    ahead = Ahead(page.url, judged if role in CASEWORK else ())
    weights = weighed(page)
    looked: set[str] = set()
    while ahead.waiting:
        path = ahead.waiting.popleft()
        weights.clear()
        with watched(page, site.address) as complaints:
            answer = page.goto(path)
        assert answer is not None
        seen = Seen(path, route_of(path), list(complaints), sum(weights))
        # A unit's list tells of cases that are not open to the reader; their page says whom to ask.
        if answer.status not in {200, 403 if seen.route == "cases:show" else 200}:
            seen.wrong.append(f"answered {answer.status}")
        with_axe = seen.route not in judged
        if seen.route not in looked and (with_axe or is_soak):
            seen.wrong += looked_at(page, catalogue, with_axe=with_axe, is_soak=is_soak)
        looked.add(seen.route)
        judged.add(seen.route)
        yield seen
        for link in links_of(page):
            ahead.add(link)


class Ahead:
    """Where a crawl goes next: to each kind of page once, to those that lead on some times."""

    def __init__(self, first: str, judged: Collection[str]) -> None:
        self.waiting: deque[str] = deque()
        self._known: set[str] = set()
        self._left = {**dict.fromkeys(judged, 0), **LEADING_ON, **dict.fromkeys(NO_PAGES, 0)}
        self._left[route_of(first)] = 1
        self.add(urlsplit(first).path)

    def add(self, link: str) -> None:
        """The link waits, unless enough of its kind have been seen."""
        kind = route_of(link)
        if link in self._known or self._left.setdefault(kind, 1) < 1:
            return
        self._known.add(link)
        self._left[kind] -= 1
        self.waiting.append(link)


def weighed(page: Page) -> list[int]:
    """The bytes of each answer from now on, as they came over the wire; nothing is cached."""
    weights: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda one: weights.append(int(one["encodedDataLength"])))
    return weights


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


@pytest.fixture(scope="module")
def visited(site: Desk, catalogue: dict[str, str]) -> dict[str, list[Seen]]:
    """Every kind of page that those who have the most of them reach, visited once."""
    judged: set[str] = set()
    return {role: list(crawl(site, role, catalogue, judged, is_soak=False)) for role in FIRST}


@pytest.fixture(scope="module")
def visited_at_length(site: Desk, catalogue: dict[str, str]) -> dict[str, list[Seen]]:
    """Everybody's, with every page before axe at a phone's width too, and narrow for each role."""
    judged: set[str] = set()
    return {role: list(crawl(site, role, catalogue, judged, is_soak=True)) for role in PEOPLE}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogues.ENGLISH))}


def texts(page: Page) -> list[str]:
    """The texts of the page that are in the page's own language."""
    script = """(other) => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            if (parent.closest('script, style, noscript, pre, ' + other)) continue;
            const text = walker.currentNode.textContent.trim().replace(/\\s+/g, ' ');
            if (text) found.push(text);
        }
        return found;
    }"""
    found: list[str] = page.evaluate(script, OTHER_LANGUAGE)
    return found


def looked_at(page: Page, catalogue: dict[str, str], *, with_axe: bool, is_soak: bool) -> list[str]:
    """Everything wrong with the page in Swedish, wide and narrow."""
    wrong = violations(page) if with_axe else []
    english = {told for told in catalogue.values() if told} - set(catalogue)
    for text in texts(page):
        shown = IN_FILES.sub(" ", text).strip()
        if shown and (shown in english or english_words_in(shown)):
            wrong.append(f"English: {text}")
    if page.locator("h1").count() != 1:
        wrong.append("not one h1")
    wrong += runs_over_when_narrow(page)
    if with_axe and is_soak:
        page.set_viewport_size(PHONE)
        wrong += [f"at 320: {one}" for one in violations(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def runs_over_when_narrow(page: Page) -> list[str]:
    """What does not fit a tablet or a phone."""
    wrong = []
    for width in (*TABLETS, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"runs over at {width}: {one}" for one in runs_over(page)]
    return wrong


def in_english(page: Page, path: str, catalogue: dict[str, str]) -> list[str]:
    """What stayed Swedish when the reader chose English."""
    page.goto(path)
    swedish = {msgid for msgid, told in catalogue.items() if told and told != msgid}
    return [f"Swedish in English: {text}" for text in texts(page) if text in swedish]


@pytest.mark.parametrize("role", FIRST)
def test_every_page_of_a_role_is_whole_accessible_swedish_and_fits_a_phone(
    visited: dict[str, list[Seen]], role: str
) -> None:
    assert not (wrong := wrong_with(visited[role])), wrong


@pytest.mark.soak
@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_is_as_accessible_at_a_phones_width(
    visited_at_length: dict[str, list[Seen]], role: str
) -> None:
    assert not (wrong := wrong_with(visited_at_length[role])), wrong


def wrong_with(pages: list[Seen]) -> str:
    """What is wrong, page by page; nothing where all are right."""
    wrong = [(seen.path, seen.wrong) for seen in pages if seen.wrong]
    return "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong)


@pytest.mark.soak
def test_every_page_is_reached_by_links_from_somebodys_overview(
    visited_at_length: dict[str, list[Seen]],
) -> None:
    reached = {seen.route for pages in visited_at_length.values() for seen in pages}
    pages = {
        name
        for name, view, _arguments in ALL
        if view.permit != "everyone" and name not in NO_PAGES | STATE_BOUND
    }
    missed = sorted(pages - reached)
    assert not missed, " ".join(missed)


# Files, and acts without a page of their own.
NO_PAGES = {
    *("followup:export", "consultations:export", "consultations:take_consultation"),
    *("door:take_dialogue", "door:called_back"),
    *("cases:request_pdf", "cases:request_json"),
    *("cases:export_statistics", "cases:referral_letter", "cases:child_report_file"),
    *("cases:file", "cases:original_file", "cases:contact_file", "cases:original_contact_file"),
    *("cases:keep_draft", "cases:throw_draft", "cases:take_contact", "cases:mark_answered"),
    *("cases:report_from_contact", "disposal:certificate_file"),
    *("organisations:export", "tariffs:export", "agreements:export", "invoicing:export"),
    *("desk:export_trail", "desk:what_if_chart", "desk:what_if_file", "desk:verified_trail"),
    *("organisations:population_chart", "invoicing:file", "invoicing:preview_file"),
    *("invoicing:run_file", "invoicing:basis", "access:invite_again", "access:end_session"),
    *("access:end_other_sessions", "mfa_download_recovery_codes"),
}
# Only a certain state of things leads there; the other stories go through those.
STATE_BOUND = {
    "services:take_back",
    *("door:publish_text", "door:withdraw_text", "door:approve_language"),
    *("door:withdraw_language", "door:keep"),
    *("consultations:correct_consultation", "consultations:remove_consultation"),
    *("door:number", "door:unblock_dialogue", "door:unlink_case", "door:release"),
    *("door:remove_calendar_key", "door:cancel_for_person", "door:remove_template"),
    *("cases:accept_handover", "cases:end_handover", "cases:answer_child_report"),
    *("cases:back_to_active", "cases:reopen_case", "cases:change_referral"),
    *("cases:send_referral", "cases:give_consent_for"),
    *("cases:correct_follow_up", "cases:correct_referral_in", "cases:decide_disclosure"),
    *("cases:disclosures_to_decide", "cases:erase_details", "cases:hand_contact"),
    *("cases:questioned_reads", "cases:remove_address", "cases:remove_contact_file"),
    *("cases:remove_file", "cases:remove_participant", "cases:request", "cases:assess_request"),
    *("cases:decide_request", "cases:withdraw_request", "disposal:plan_list"),
    *("disposal:show_list", "disposal:approve_list", "disposal:withdraw_list"),
    *("disposal:start_run", "disposal:exclude_item", "disposal:lift_hold", "staff:accept_cover"),
    *("staff:end_cover", "vault:new_unit", "vault:unseal"),
    *("agreements:sign", "agreements:withdraw", "invoicing:reissue", "invoicing:prepare"),
    *("invoicing:release", "invoicing:withdraw_run", "invoicing:cancel_run", "invoicing:deliver"),
    *("invoicing:delivery", "invoicing:take_back", "access:come_back", "access:grant_member"),
    *("access:accept_headship", "access:end_member", "account_reauthenticate"),
    *("account_set_password", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_add_webauthn", "mfa_list_webauthn"),
}


def test_a_page_in_english_has_no_swedish_sentence_left(
    site: Desk, visited: dict[str, list[Seen]], catalogue: dict[str, str]
) -> None:
    wrong: dict[str, list[str]] = {}
    for role in ("controller", "worker"):
        page = site.as_role(role)
        page.goto("/desk/oversikt/")
        page.get_by_role("button", name="English").click()
        for seen in visited[role]:
            if found := in_english(page, seen.path, catalogue):
                wrong[seen.path] = found
    assert not wrong


def test_a_first_view_weighs_less_than_200_kilobytes(visited: dict[str, list[Seen]]) -> None:
    heaviest = max((seen for pages in visited.values() for seen in pages), key=lambda s: s.weight)
    assert 1_000 < heaviest.weight < MOST_BYTES, heaviest.path


def test_links_and_forms_work_without_scripts(site: Desk) -> None:
    page = site.as_role("controller", java_script_enabled=False)
    page.goto("/desk/fakturor/")
    page.get_by_role("link", name="Spåret").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Spåret"
    page.get_by_role("link", name="Fakturor", exact=True).click()
    page.get_by_role("button", name="Visa", exact=True).click()
    assert "/desk/fakturor/" in page.url


def test_a_printed_page_leaves_out_what_is_for_the_screen(site: Desk) -> None:
    page = site.as_role("controller")
    page.goto("/desk/avtal/")
    page.emulate_media(media="print")
    assert not page.locator(".hamn-menu").is_visible()
    assert not page.locator(".hamn-filter").is_visible()
    assert page.locator("table").first.is_visible()
