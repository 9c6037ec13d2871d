"""Counts per municipality and class (C2, C6, I8, I24), exact for the unit and protected outside."""

import io
import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.insight.consultations import actions
from hamn.insight.consultations.models import ConsultationFact
from hamn.insight.consultations.queries import stats
from hamn.insight.consultations.tests.questions import TODAY, log

pytestmark = pytest.mark.django_db
# Österåker and Nacka are surrounding municipalities, Stockholm is the provider's own.
LATER = date(TODAY.year, TODAY.month + 1, 1)  # the month has ended
YEAR = [("0117", 6), ("0180", 9), ("0182", 1), ("1480", 5), ("", 2)]


@pytest.fixture
def counted(cast: SimpleNamespace) -> None:
    for code, count in YEAR:
        for place in range(count):
            kind = "supervision" if (code, place) == ("0117", 0) else "advice"
            log(cast.mika_worker, municipality=code, kind=kind)
    log(cast.kast_worker, unit="kast", topic="buyers", municipality="0117")


def exact(person: Any) -> Any:
    [one] = stats.exact_of(person, TODAY.year, today=TODAY)
    return one


def test_the_units_own_see_each_municipality_and_class(
    cast: SimpleNamespace, counted: None
) -> None:
    one = exact(cast.mika_worker)
    assert (one.tally.given, one.tally.supervisions, one.tally.referred) == (23, 1, 0)
    assert one.tally.parts["municipality"] == {"0117": 6, "0180": 9, "0182": 1, "1480": 5, "": 2}
    assert one.tally.parts["municipality_class"] == {
        "provider": 9,
        "surrounding_municipality": 7,
        "elsewhere": 5,
        "no_municipality": 2,
    }
    assert exact(cast.kast_worker).tally.given == 1


def test_outside_the_units_no_small_count_is_told_or_can_be_worked_out(
    cast: SimpleNamespace, counted: None
) -> None:
    whole = stats.whole_of(cast.controller, TODAY.year, today=LATER)
    assert (whole.given, whole.through) == (24, f"{TODAY:%Y-%m}")
    assert whole.supervisions is None
    assert whole.by_class == {
        "surrounding_municipality": 8,
        "provider": 9,
        "elsewhere": None,
        "no_municipality": None,
    }
    assert whole.by_municipality == {"0180": 9, **dict.fromkeys(("0117", "0182", "1480"))}


def test_who_asks_twice_in_a_month_does_not_learn_what_came_in_between(
    cast: SimpleNamespace, counted: None
) -> None:
    before = stats.whole_of(cast.controller, TODAY.year, today=TODAY)
    log(cast.mika_worker)
    assert stats.whole_of(cast.controller, TODAY.year, today=TODAY) == before
    assert exact(cast.mika_worker).tally.given == 24
    assert stats.whole_of(cast.controller, TODAY.year, today=LATER).given == 25


def test_exact_counts_are_for_the_unit_and_totals_for_those_who_lead(cast: SimpleNamespace) -> None:
    for person in (cast.controller, cast.head, cast.administrator, cast.stranger):
        with pytest.raises((NotVisible, PermissionDenied)):
            stats.exact_of(person, TODAY.year, today=TODAY)
    for person in (cast.mika_worker, cast.reader, cast.administrator, cast.steward):
        with pytest.raises((NotVisible, PermissionDenied)):
            stats.whole_of(person, TODAY.year, today=TODAY)


@pytest.mark.parametrize("year", [1, 2017, 2027])
def test_a_year_that_cannot_be_counted_is_refused(year: int, cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="kan inte räknas"):
        stats.exact_of(cast.mika_worker, year, today=TODAY)


def test_the_database_refuses_to_change_or_remove_a_fact(cast: SimpleNamespace) -> None:
    log(cast.mika_worker)
    for change in (
        lambda: ConsultationFact.objects.update(municipality="0114"),
        lambda: ConsultationFact.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            change()


def test_facts_stored_anew_are_the_same_facts(cast: SimpleNamespace, counted: None) -> None:
    before = set(ConsultationFact.objects.values_list())
    actions.shuffle_facts()
    assert set(ConsultationFact.objects.values_list()) == before
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        ConsultationFact.objects.all().delete()


def test_the_page_shows_each_what_is_hers(
    cast: SimpleNamespace, desk: Any, counted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.insight.consultations.views import counts

    monkeypatch.setattr(counts.timezone, "localdate", lambda *_now: TODAY)
    mine = desk(cast.mika_worker).get(reverse("consultations:counts")).content.decode()
    assert "Österåker" in mine and "Hela centret" not in mine and "5,75" in mine
    monkeypatch.setattr(counts.timezone, "localdate", lambda *_now: LATER)
    theirs = desk(cast.controller).get(reverse("consultations:counts")).content.decode()
    assert "Räknat till och med" in theirs and f"{TODAY:%Y-%m}" in theirs
    assert "Hela centret" in theirs and "Nacka" in theirs and ">9<" in theirs
    client = desk(cast.mika_worker)
    file = client.get(reverse("consultations:export", args=["csv"]))
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert "2026,Mikamottagningen,Kommun,Österåker,6" in lines
    book = client.get(reverse("consultations:export", args=["xlsx"]))
    assert io.BytesIO(b"".join(book.streaming_content)).read(2) == b"PK"
    assert client.get(reverse("consultations:export", args=["pdf"])).status_code == 404
    whole = desk(cast.controller).get(reverse("consultations:export", args=["csv"]))
    told = b"".join(whole.streaming_content).decode("utf-8-sig")
    assert "Hela centret,Kommun,Nacka,\r\n" in told.replace("\n", "\r\n").replace("\r\r", "\r")


def test_the_command_tells_the_centres_year_with_the_small_counts_left_out(
    cast: SimpleNamespace, counted: None, hamn: Any
) -> None:
    asked = ("--as", cast.controller.email, "consultations", "--year", "2026")
    told = json.loads(hamn(*asked, "--format", "json").out)
    assert (told["given"], told["supervisions"], told["shown_from"]) == (24, None, 5)
    assert told["through"] >= "2026-03"
    assert told["by_class"]["surrounding_municipality"] == 8
    assert told["by_municipality"]["0182"] is None
    table = hamn(*asked)
    assert "kranskommun" in table.out and "Tomt: färre än 5" in table.out
    assert "Hela centret,Kommun,Stockholm,9" in hamn(*asked, "--format", "csv").out


def test_the_command_gives_nobody_exact_counts_by_typing_her_name(
    cast: SimpleNamespace, counted: None, hamn: Any
) -> None:
    asked = ("consultations", "--year", "2026", "--format", "json")
    answer = hamn("--as", cast.mika_worker.email, *asked, "--exact")
    assert (answer.status, answer.out) == (1, "")
    assert hamn("--as", cast.reader.email, *asked).status == 1
