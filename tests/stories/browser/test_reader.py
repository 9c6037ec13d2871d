"""The reader who tries every address above the role, and what each role is offered to click on."""

import json
from collections import Counter
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from tools.centres import Centre

from hamn.guards.access import permits
from hamn.guards.access.permits import EVERYONE, SIGNED_IN
from hamn.guards.access.rules import Role
from tests.house.test_urls import ALL, FIXED, address_of
from tests.stories.browser.test_every_page import route_of
from tests.stories.browser.visiting import PEOPLE, Desk, heading, violations, words

pytestmark = [pytest.mark.slow, pytest.mark.once]

MOST_OF_A_KIND = 4  # no role has pages of one kind of which more than these differ
# Of those who work with cases one of each set of roles: the others are offered the same.
ROLES = [role for role in PEOPLE if role not in {"colleague", "kast", "child_coordinator"}]
FIRST = {"reader"}  # at every change; the others in make soak

# A draft and a run that waits for release, and the ids of everything that an address is about.
THINGS = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
import django
django.setup()
from django.utils import timezone
from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements import queries as agreement_queries
from hamn.agreement.invoicing import actions, queries
from hamn.agreement.tariffs import queries as tariffs
from hamn.guards.access.queries import by_email
from hamn.register.organisations import actions as organisations
from hamn.site.acting import acting_person
from tests.walled import peopled

person = acting_person(None)
if not queries.runs_for(person).filter(state="prepared"):
    agreements.draft(
        code="0162", index_base_year=None, agreed_start=None, reference="", by=person
    )
    fields = {"municipality_id": "0191", "name": "Sigtuna kommun", "buyer_reference": "S-1"}
    organisations.save_party(fields=fields, contact=None, by=person)
    actions.prepare_run(year=2026, today=timezone.localdate(), by=person)
agreement = agreement_queries.latest(person, "0117")
cast = [by_email(f"{name}@centrum.example") for name in ("mika", "mika2", "enhetschef")]
case = peopled(*cast, "mika", "Påhittad")
print(json.dumps({
    "agreement_id": agreement.pk,
    "tariff_id": tariffs.in_use(person).pk,
    "number": str(queries.invoices_for(person).filter(year=2026).first()),
    "run_id": queries.runs_for(person).filter(state="prepared").first().pk,
    "contact_id": agreement.party.contacts.first().pk,
    "person_id": by_email("controller@centrum.example").pk,
    "total_id": 1,
    "walled": {"ids": case.ids, "records": case.records},
    "membership_id": 1,
    "post_id": 1,
    "absence_id": 1,
    "cover_id": 1,
    "session_id": 1,
    "pk": 1,
}, default=str))
"""


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


@pytest.fixture(scope="module")
def things(site: Desk) -> dict[str, Any]:
    """Something of everything that an address can be about."""
    centre: Centre = site.centre
    found = json.loads(centre.run("-c", THINGS))
    return {**FIXED, **found, "walled": SimpleNamespace(**found["walled"])}


def may(role: Role, permit: str) -> bool:
    """Whether the table gives the permit to somebody with that role alone."""
    somebody: Any = SimpleNamespace(pk=1, is_active=True, roles=lambda: {role})
    return permit in (EVERYONE, SIGNED_IN) or permits.allows(somebody, permit)


@pytest.mark.soak  # make test asks the same within one process (tests/house/test_urls.py)
def test_every_address_above_the_readers_role_answers_as_one_that_nobody_has(
    site: Desk, things: dict[str, Any]
) -> None:
    page = site.as_role("reader")
    page.goto("/desk/nagot-som-inte-finns/")
    heading(page, "Sidan finns inte")
    nothing = words(page.locator("body"))
    assert not violations(page)
    above = [
        address_of(name, arguments, things)
        for name, view, arguments in ALL
        if not may(Role.READER, view.permit)
    ]
    assert len(above) > 30
    wrong = []
    for address in above:
        answer = page.goto(address)
        if answer is None or answer.status != 404 or words(page.locator("body")) != nothing:
            wrong.append(address)
    assert not wrong


def offered(page: Page) -> set[str]:
    """Where the page's links and forms lead, within the desk."""
    script = """() => [
        ...[...document.querySelectorAll('a[href]')].map(one => one.href.baseVal ?? one.href),
        ...[...document.querySelectorAll('form')].map(one => one.getAttribute('action') || ''),
    ].filter(Boolean).map(one => new URL(one, location.href).href)"""
    own = urlsplit(page.url).netloc
    parts = [urlsplit(one) for one in page.evaluate(script)]
    return {
        one._replace(scheme="", netloc="", fragment="").geturl()
        for one in parts
        if one.netloc == own and one.path.startswith("/desk/")
    }


def missing(site: Desk, role: str) -> dict[str, str]:
    """What is not there for the role although a page of hers offers it, by the page."""
    page = site.as_role(role)
    page.goto("/desk/")
    waiting, kinds = [urlsplit(page.url).path], {route_of(page.url)}
    asked: dict[str, int] = {}
    of_kind: Counter[str] = Counter()
    found = {}
    while waiting:
        here = waiting.pop()
        page.goto(here)
        for address in sorted(offered(page) - asked.keys()):
            kind = route_of(address)
            of_kind[kind] += 1
            if of_kind[kind] > MOST_OF_A_KIND:
                continue
            asked[address] = page.request.get(address, max_redirects=0).status
            if asked[address] == 404:
                found[address] = here
            if kind not in kinds and asked[address] == 200 and "fil." not in address:
                kinds.add(kind)
                if "text/html" in page.request.get(address).headers.get("content-type", ""):
                    waiting.append(address)
    assert len(asked) > 40
    return found


@pytest.mark.parametrize(
    "role", [one if one in FIRST else pytest.param(one, marks=pytest.mark.soak) for one in ROLES]
)
def test_no_page_offers_a_role_what_is_not_there_for_it(
    site: Desk, role: str, things: dict[str, Any]
) -> None:
    assert not missing(site, role)
