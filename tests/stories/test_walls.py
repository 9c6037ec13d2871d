"""The walls proved: over every address of casework, a case of another unit is as if it were not.

Source: docs/law.md section 4, rules 2 and 3; docs/adr/0023.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hamn.support.cases.models import Case, Contact, Participant, Record
from tests.walled import ANYONES, PLAIN, address, addresses, kind_of, nothing, peopled

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
WORDS = "Påhittad Granbarr"
OUTSIDERS = (
    *("kast_worker", "kast_head", "adult_coordinator", "child_coordinator"),
    *("administrator", "controller", "steward", "reader", "head", "stranger"),
)
WRITERS = ("kast_worker", "administrator")
ABOUT = {name: given for name, given in addresses().items() if set(given) - set(PLAIN)}
LISTS = {name: given for name, given in addresses().items() if name not in ABOUT}
# What a colleague is there to judge: the reason of a break-glass, a disclosure's second approval.
FOR_ANOTHER = {"cases:review_break_glass", "cases:decide_disclosure"}
FOR_THE_UNIT = {"cases:assign_case", "cases:break_glass"}  # nothing of the case is on them
# Fields of the models, as somebody would send them who hopes that one is taken.
STUFFED = {
    "unit": "kast",
    "box": ANYONES,
    "state": "closed",
    "rule_class": "research_sample",
    "opened_on": "2001-01-01",
    "closed_on": "2001-01-01",
    "last_note_on": "2001-01-01",
    "waits_since": "2001-01-01",
    "due_on": "2001-01-01",
    "version": "99",
    "sealed": "påhittat",
    "case": ANYONES,
    "case_id": ANYONES,
    "written_by": "1",
    "finalised_by": "1",
    "logged_by": "1",
    "reviewed_by": "1",
    "was_right": "1",
    "until": "2099-01-01",
    "person": "1",
    "accepted_by": "1",
    "number": "K-2222-222",
    "counted": "x",
}


@pytest.fixture
def mika(cast: SimpleNamespace) -> Any:
    """A case of Mika with something of every kind in it."""
    return peopled(cast.mika_worker, cast.mika_second, cast.mika_head, "mika", WORDS)


def bare(page: str) -> str:
    """The page without what is new each time, and without the ids that were asked for."""
    page = re.sub(r'nonce="[^"]*"|nonce-[\w-]+|(value|content)="[^"]{20,}"', "", page)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


def shown(answer: Any) -> tuple[int, str, str]:
    """What an answer tells: its status, where it leads, what it says."""
    return answer.status_code, bare(answer.headers.get("Location", "")), bare(text_of(answer))


def text_of(answer: Any) -> str:
    """What the answer says, also when it comes a part at a time."""
    said: bytes = answer.getvalue() if answer.streaming else answer.content
    return said.decode(errors="replace")


def twins(of: Any) -> Iterator[tuple[str, str, str]]:
    """Every address about something, with the ids that are there and with those of nothing."""
    for name, arguments in ABOUT.items():
        yield name, address(name, arguments, of), address(name, arguments, nothing())


def test_what_another_unit_has_is_answered_as_what_nobody_has(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """For each role the same status and the same page; 405 where only a form is taken."""
    told = {}
    for who in OUTSIDERS:
        client = desk(getattr(cast, who))
        nobodys = reverse("cases:show", args=[ANYONES])
        for ask in (client.get, client.post) if who in WRITERS else (client.get,):
            missed = shown(ask(nobodys))
            assert missed[0] == 404
            for name, there, nowhere in twins(mika):
                found = shown(ask(there))
                if found != missed and (found[0] != 405 or found != shown(ask(nowhere))):
                    told[who, name] = found[0]
    assert not told


def test_nobody_is_led_to_sign_in_whatever_is_there(client: Any, mika: Any) -> None:
    for name, there, nowhere in twins(mika):
        assert shown(client.get(there)) == shown(client.get(nowhere)), name


def test_the_same_questions_go_to_the_database_for_what_is_there_and_what_is_not(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    client = desk(cast.kast_worker)
    different = {}
    for name, there, nowhere in twins(mika):
        client.get(there)  # the first refusal of its sort is recorded
        found, missed = asked(client, there), asked(client, nowhere)
        if found != missed:
            different[name] = [one for one in zip_longest(found, missed) if one[0] != one[1]]
    assert not different


def asked(client: Any, url: str) -> list[str]:
    """The shape of each question that a page asks the database."""
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        client.get(url)
    told = [
        re.sub(r"'[^']*'|%s|s\d+_x\d+|\b\d+\b|[0-9a-f]{32}", "?", one["sql"]) for one in asked_for
    ]
    return [one for one in told if "django_session" not in one and "site_cache" not in one]


def test_no_list_changes_for_those_outside_by_what_a_unit_writes(
    cast: SimpleNamespace, desk: Any
) -> None:
    clients = {who: desk(getattr(cast, who)) for who in OUTSIDERS}
    asked_for = [(who, name) for who in OUTSIDERS for name in LISTS]
    before = {one: listed(clients[one[0]], one[1]) for one in asked_for}
    peopled(cast.mika_worker, cast.mika_second, cast.mika_head, "mika", WORDS)
    changed = [one for one in asked_for if listed(clients[one[0]], one[1]) != before[one]]
    assert not changed


def listed(client: Any, name: str) -> tuple[int, str, str]:
    """A list, or for the search what it finds."""
    url = address(name, LISTS[name], nothing())
    if name == "cases:search":
        return shown(client.post(url, {"words": WORDS}))
    return shown(client.get(url))


@pytest.mark.parametrize("who", ["kast_worker", "mika_head", "administrator", "controller"])
def test_every_id_that_a_list_shows_leads_somewhere_and_no_words_are_seen(
    who: str, cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """A colleague of the unit learns that its cases exist, and what they say of nobody."""
    kast = peopled(cast.kast_worker, cast.kast_head, cast.kast_head, "kast", "Påhittad Kotte")
    own = "Granbarr" if who.startswith("kast") else "Kotte"
    client = desk(getattr(cast, who))
    for name, arguments in LISTS.items():
        page = text_of(client.get(address(name, arguments, nothing())))
        assert own not in page, name
        if who != "kast_worker":
            assert "Granbarr" not in page, name
        for link in set(re.findall(r'href="(/desk/arenden/[^"?#]*[0-9a-f-]{36}[^"?#]*)"', page)):
            found = client.get(link)
            assert found.status_code in (200, 302, 403), (name, link)
            if found.status_code == 403:
                assert "Granbarr" not in text_of(found)
    assert kast.case.pk


def test_what_belongs_to_one_case_is_not_reached_through_another(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """Reading and writing; also where both cases open to whoever asks."""
    other = peopled(cast.kast_worker, cast.kast_head, cast.kast_head, "kast", "Påhittad Kotte")
    own = own_case(cast)
    client = desk(cast.mika_worker)
    before = rows()
    reached = []
    for name, arguments in ABOUT.items():
        children = [one for one in arguments if one not in ("case_id", *PLAIN)]
        if "case_id" not in arguments or not children:
            continue
        for parent, of in ((own, mika), (mika, other)):
            mixed = SimpleNamespace(
                ids={**of.ids, "case_id": parent.ids["case_id"]}, records=of.records
            )
            for ask in (client.get, client.post):
                found = shown(ask(address(name, arguments, mixed)))
                missed = shown(ask(address(name, arguments, none_in(parent))))
                if found != missed:
                    reached.append((name, found[0], missed[0]))
    assert not reached
    assert rows() == before


def none_in(parent: Any) -> Any:
    """Ids of nothing, but for the case."""
    none = nothing()
    none.ids["case_id"] = parent.ids["case_id"]
    return none


def own_case(cast: SimpleNamespace) -> Any:
    """Another case of the same worker, with nothing in it."""
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import CaseContent
    from tests.walled import NOW

    case = actions.open_case(
        unit="mika", content=CaseContent(number=""), by=cast.mika_worker, now=NOW
    ).case
    return SimpleNamespace(ids={"case_id": case.pk})


def rows() -> list[tuple[Any, ...]]:
    """The plain columns and the seals of everything that belongs to cases."""
    return [
        tuple(row)
        for model in (Case, Record, Contact, Participant)
        for row in model.objects.order_by("pk").values_list()
    ]


def test_a_form_takes_its_own_fields_and_no_others(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """Every field of the models is sent to every address, beside what the form asks for."""
    client = desk(cast.mika_worker)
    day = {"on_ar": "2026", "on_manad": "3", "on_dag": "2"}
    proper = {
        "cases:write_note": {**day, "text": "Påhittad anteckning"},
        "cases:note_objection": {**day, "text": "Påhittad invändning"},
        "cases:write_goal": {**day, "words": "Påhittat mål", "text": "Påhittat mål"},
        "cases:assign_case": {
            "responsible_id": str(cast.mika_worker.pk),
            "deputy_id": "",
            "seen": f"{cast.mika_worker.pk}-",
        },
    }
    case = mika.case
    names = ("unit", "box", "rule_class", "opened_on", "responsible_id", "state")
    case.refresh_from_db()
    before = {name: getattr(case, name) for name in names}
    notes = Record.objects.count()
    for name, arguments in ABOUT.items():
        if any(part in name for part in ("close_case", "reopen", "hold", "rule_class", "follow")):
            continue  # whose own fields these are; their rooms' tests meet them
        client.post(address(name, arguments, mika), {**STUFFED, **proper.get(name, {})})
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in names} == before
    assert Record.objects.count() >= notes + 2
    written = Record.objects.exclude(pk__in=mika.records.values())
    assert {one.written_by for one in written} == {cast.mika_worker}
    assert {one.case_id for one in written} <= {case.pk}
    mika.glass.refresh_from_db()
    assert (mika.glass.reviewed_by, mika.glass.was_right) == (None, None)


def test_the_words_of_a_case_are_on_no_page_of_a_colleague_who_does_not_work_with_it(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    client = desk(cast.mika_head)
    for name, arguments in ABOUT.items():
        if name in FOR_ANOTHER:
            continue
        page = client.get(address(name, arguments, mika))
        assert "Granbarr" not in text_of(page), name
        if "case_id" in arguments and name not in FOR_THE_UNIT:
            assert page.status_code in (302, 403, 404, 405), name


def test_the_kind_of_record_is_known_for_every_address_that_is_about_one() -> None:
    from hamn.support.cases.rules.kinds import KINDS

    assert {kind_of(name) for name, given in ABOUT.items() if "record_id" in given} <= set(KINDS)
    with pytest.raises(ValueError, match="empty"):
        kind_of("cases:something_new")


def test_every_address_about_a_record_opens_the_record_that_it_is_tried_with(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """Else the tests above would prove the walls around something that is not there."""
    clients = [desk(one) for one in (cast.mika_worker, cast.mika_second)]
    missed = [
        name
        for name, arguments in ABOUT.items()
        if "record_id" in arguments
        and all(one.get(address(name, arguments, mika)).status_code == 404 for one in clients)
    ]
    assert not missed


@pytest.mark.soak
def test_the_answer_comes_as_soon_for_what_is_there_as_for_what_is_not(
    cast: SimpleNamespace, desk: Any, mika: Any
) -> None:
    """Medians of many askings in turn differ less than the askings of one thing do."""
    from statistics import median, quantiles
    from time import perf_counter

    client = desk(cast.kast_worker)
    there = reverse("cases:show", args=[mika.case.pk])
    nowhere = reverse("cases:show", args=[ANYONES])

    def took(url: str) -> float:
        begins = perf_counter()
        client.get(url)
        return perf_counter() - begins

    for url in (there, nowhere) * 20:
        took(url)
    times: dict[str, list[float]] = {there: [], nowhere: []}
    for turn in range(600):
        for url in (there, nowhere) if turn % 2 else (nowhere, there):
            times[url].append(took(url))
    low, _middle, high = quantiles(times[nowhere], n=4)
    assert abs(median(times[there]) - median(times[nowhere])) < (high - low)
