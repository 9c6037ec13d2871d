"""Who was pointed elsewhere: only whom the rule lets, without a name, and counted by month."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.support.services import actions, queries, rules
from hamn.support.services.models import TurnedAwayEvent, TurnedAwayFact
from hamn.support.services.rules import AgeGroup, NotTurnedAway

pytestmark = pytest.mark.django_db

TODAY = date(2024, 5, 20)
AWAY: dict[str, Any] = {
    "service_code": "mika",
    "municipality": "0117",
    "age": AgeGroup.ADULT,
    "is_acute": False,
    "is_trafficking_suspected": False,
    "wants_help": True,
    "pointed_to": ["helpline", "home_municipality"],
    "on": date(2024, 5, 14),
    "today": TODAY,
}


@pytest.fixture
def turn_away(cast: SimpleNamespace) -> Callable[..., TurnedAwayEvent]:
    """A function that registers somebody of Österåker's, before the agreement."""

    def registered(**changes: Any) -> TurnedAwayEvent:
        return actions.turn_away(**{**AWAY, "by": cast.mika_worker, **changes})

    return registered


def test_an_event_holds_the_issues_five_things_and_no_person(turn_away: Any) -> None:
    row = turn_away()
    row.refresh_from_db()
    assert (row.happened_on, row.service, row.municipality) == (AWAY["on"], "mika", "0117")
    assert row.wants_help is True
    assert row.pointed_to == ["home_municipality", "helpline"]
    names = {field.name for field in TurnedAwayEvent._meta.get_fields()}
    assert names == {
        *("id", "happened_on", "service", "municipality", "wants_help", "pointed_to"),
        "takes_back",
    }


def test_its_fact_has_a_month_a_coarse_home_and_no_way_back(turn_away: Any) -> None:
    row = turn_away()
    fact = TurnedAwayFact.objects.get()
    assert (fact.month, fact.unit, fact.service) == (date(2024, 5, 1), "mika", "mika")
    assert (fact.municipality, fact.residence_class) == ("0117", "surrounding_municipality")
    assert (fact.count, fact.wants_help) == (1, True)
    assert fact.pk != row.pk


def test_the_trail_tells_that_it_was_done_and_neither_where_she_lives_nor_which_event(
    turn_away: Any, cast: SimpleNamespace
) -> None:
    row = turn_away()
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.on) == ("services.turned_away", "services.service:mika")
    assert entry.by == f"access.person:{cast.mika_worker.pk}"
    told = f"{entry.facts}{entry.on}"
    assert "0117" not in told and str(row.pk) not in told and "2024" not in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"age": AgeGroup.CHILD}, "barn"),
        ({"age": AgeGroup.UNKNOWN}, "fyllt 18"),
        ({"is_acute": True}, "alltid hjälp"),
        ({"is_trafficking_suspected": True}, "alltid hjälp"),
        ({"municipality": rules.UNKNOWN}, "inte säger sin hemkommun"),
        ({"municipality": rules.DECLINED}, "inte säger sin hemkommun"),
        ({"municipality": "0180"}, "rätt till hjälpen"),
    ],
)
def test_whom_the_service_helps_is_never_registered_as_pointed_elsewhere(
    change: dict[str, Any], told: str, turn_away: Any
) -> None:
    with pytest.raises(NotTurnedAway, match=told):
        turn_away(**change)
    assert not TurnedAwayEvent.objects.exists()
    assert not TurnedAwayFact.objects.exists()


def test_from_the_day_of_affiliation_nobody_of_the_municipality_is_pointed_elsewhere(
    turn_away: Any, in_force: Any
) -> None:
    in_force("0117", date(2024, 5, 30), start=date(2024, 6, 1))
    turn_away(on=date(2024, 5, 31), today=date(2024, 6, 30))
    with pytest.raises(NotTurnedAway, match="rätt till hjälpen"):
        turn_away(on=date(2024, 6, 1), today=date(2024, 6, 30))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"on": date(2024, 5, 21)}, "inte varit än"),
        ({"municipality": "9999"}, "9999"),
        ({"municipality": "Österåker"}, "fyra siffror"),
        ({"pointed_to": []}, "vart personen"),
        ({"pointed_to": ["moon"]}, "vart personen"),
        ({"on": date(2017, 1, 1)}, "finns från"),
    ],
)
def test_what_cannot_be_true_is_refused(change: dict[str, Any], told: str, turn_away: Any) -> None:
    with pytest.raises(BadInput, match=told):
        turn_away(**change)


def test_only_the_services_own_unit_registers(turn_away: Any, cast: SimpleNamespace) -> None:
    turn_away(by=cast.mika_head)
    for person in (cast.kast_worker, cast.reader, cast.administrator, cast.steward, cast.head):
        with pytest.raises(PermissionDenied):
            turn_away(by=person)
    with pytest.raises(NotVisible):
        turn_away(by=cast.stranger)


def test_a_mistake_is_taken_back_once_and_both_rows_stay(
    turn_away: Any, cast: SimpleNamespace
) -> None:
    kept, mistaken = turn_away(), turn_away()
    actions.take_back(event_id=mistaken.pk, by=cast.mika_second)
    row = queries.service("mika")
    assert list(queries.events_of(cast.mika_worker, row)) == [kept]
    assert TurnedAwayEvent.objects.count() == 3
    assert queries.turned_away_by_service(cast.reader, year=2024) == {"mika": 1}
    assert Entry.objects.latest("place").event == "services.taken_back"
    with pytest.raises(actions.AlreadyTakenBack):
        actions.take_back(event_id=mistaken.pk, by=cast.mika_worker)
    reversal = TurnedAwayEvent.objects.get(takes_back=mistaken.pk)
    with pytest.raises(actions.AlreadyTakenBack):
        actions.take_back(event_id=reversal.pk, by=cast.mika_worker)


def test_another_units_event_is_as_if_it_were_not_there(
    turn_away: Any, cast: SimpleNamespace
) -> None:
    row = turn_away()
    refusals = []
    for event_id, person in (
        (row.pk, cast.kast_worker),
        (row.pk, cast.administrator),
        (uuid4(), cast.mika_worker),
    ):
        with pytest.raises(NotVisible) as refused:
            actions.take_back(event_id=event_id, by=person)
        refusals.append(str(refused.value))
    assert len(set(refusals)) == 1


@pytest.mark.parametrize("model", [TurnedAwayEvent, TurnedAwayFact])
def test_the_database_refuses_to_change_or_remove_what_was_written(
    model: Any, turn_away: Any
) -> None:
    turn_away()
    for change in (
        lambda: model.objects.update(municipality="0114"),
        lambda: model.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            change()


def test_exact_counts_are_for_the_unit_alone(turn_away: Any, cast: SimpleNamespace) -> None:
    turn_away()
    turn_away(wants_help=False, pointed_to=["nowhere"])
    turn_away(on=date(2023, 12, 31))
    row = queries.service("mika")
    assert queries.turned_away_counts(cast.mika_head, row, year=2024) == [
        {"municipality": "0117", "wants_help": False, "sum": 1},
        {"municipality": "0117", "wants_help": True, "sum": 1},
    ]
    for person in (cast.kast_head, cast.controller, cast.administrator):
        with pytest.raises(PermissionDenied):
            queries.turned_away_counts(person, row, year=2024)
        with pytest.raises(PermissionDenied):
            queries.events_of(person, row)
    with pytest.raises(BadInput):
        queries.turned_away_counts(cast.mika_head, row, year=1)
