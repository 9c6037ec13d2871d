"""The demo's casework: open cases in every unit, and the published numbers from facts alone."""

import json
import time
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.guards.access import actions as access
from hamn.guards.access.models import UnitMembership
from hamn.guards.access.queries import by_email
from hamn.guards.access.rules import Role, units
from hamn.guards.disposal.models import Certificate
from hamn.site.demo.cases import Calendar, build_cases
from hamn.site.demo.cases_before import YEARS, build_before
from hamn.site.demo.cases_told import KAST, MIKA, STORIES
from hamn.site.demo.staff import HEAD, build_staff
from hamn.support.cases.models import Case, Contact, Fact, Record

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
CONTROLLER = ("--as", "controller@test.example")
AT_MOST_S = 20


@pytest.fixture
def built(cast: SimpleNamespace) -> float:
    """The demo's staff and casework in the test's centre; how many seconds the casework took."""
    UnitMembership.objects.all().delete()
    roles = [Role.HEAD_OF_UNIT]
    access.add_person(email=HEAD, title="Enhetschef", roles=roles, by=cast.first)
    build_staff(cast.first)
    began = time.perf_counter()
    build_cases(cast.first, today=timezone.localdate())
    return time.perf_counter() - began


def counted(hamn: Callable[..., Any], year: int) -> dict[str, Any]:
    """What the command tells of each unit in the year."""
    answer = hamn(*CONTROLLER, "cases", "stats", "--year", year, "--format", "json")
    assert answer.status == 0, answer.err
    return {one["unit"]: one for one in json.loads(answer.out)["units"]}


def test_the_facts_of_2018_and_2019_give_the_published_numbers(
    cast: SimpleNamespace, hamn: Callable[..., Any]
) -> None:
    build_before(cast.first)
    assert {one.unit for one in YEARS} == {"mika", "kast"}
    first, second = counted(hamn, 2018), counted(hamn, 2019)
    assert (first["mika"]["clients"], second["mika"]["clients"]) == (106, 71)
    assert (first["kast"]["clients"], first["kast"]["relatives"]) == (153, 13)
    assert (second["kast"]["clients"], second["kast"]["relatives"]) == (121, 14)
    assert not Case.objects.exists() and not Contact.objects.exists()
    assert Fact.objects.count() == 106 + 71 + 153 + 13 + 121 + 14


def test_what_is_past_its_time_has_a_certificate_that_says_it_was_before_hamn(
    cast: SimpleNamespace,
) -> None:
    build_before(cast.first)
    made = Certificate.objects.order_by("pk")
    assert [(one.unit, one.due_before.year) for one in made] == [
        ("mika", 2024),
        ("mika", 2025),
        ("kast", 2024),
        ("kast", 2025),
    ]
    assert all(one.is_earlier and not one.key_versions for one in made)
    assert all(one.finished_on <= date(one.due_before.year, 12, 31) for one in made)


def test_every_unit_has_open_cases_of_people_who_are_plainly_invented(built: float) -> None:
    assert built < AT_MOST_S
    assert set(Case.objects.values_list("unit", flat=True)) == set(units())
    assert Case.objects.filter(state="active").count() >= 8
    for story in STORIES:
        assert not story.called or story.called.split()[0] in ("Påhittad", "Exempel")
        told = [*story.contacts, *story.notes, *story.todo]
        assert all(one.text.startswith("Exempel: ") for one in told)
    kinds = set(Record.objects.values_list("kind", flat=True))
    expected = {"note", "goal", "action", "practical_support", "referral_out", "consent", "child"}
    assert expected | {"child_report", "link", "outcome", "closure"} <= kinds
    for model in (Case, Contact, Record):
        for row in model.objects.all():
            assert b"Exempel" not in bytes(row.sealed) and b"hittad" not in bytes(row.sealed)


def test_the_lists_of_the_day_have_something_in_each(
    built: float, desk: Callable[..., Any]
) -> None:
    page = desk(by_email(MIKA)).get(reverse("cases:today")).content.decode()
    for heading in ("Försenat", "Väntar på svar", "Utan ansvarig", "Svar som är lovade"):
        assert heading in page, heading
    assert "Påhittad Ek" in page and "Exempel Alm" in page
    page = desk(by_email(KAST)).get(reverse("cases:today")).content.decode()
    assert "Påhittad Asp" in page and "Påhittad Ek" not in page
    child = desk(by_email("koordinator.barn@centrum.example"))
    assert (
        "Orosanmälningar som inte är skickade" in child.get(reverse("cases:today")).content.decode()
    )


def test_days_fall_on_working_days() -> None:
    days = Calendar(date(2026, 11, 22))  # a Sunday
    assert [days.at(ago).date().weekday() for ago in range(1, 15) if ago] == [
        *(4, 4, 3, 2, 1, 0, 4),
        *(4, 4, 3, 2, 1, 0, 4),
    ]
    assert days.at(0).date() == days.today
