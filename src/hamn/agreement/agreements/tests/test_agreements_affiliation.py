"""Which municipalities are affiliated on a date is one query."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.agreement.agreements import queries
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.agreement.tariffs.models import Tariff
from hamn.core.errors import NotVisible
from hamn.guards.access.queries import first_administrator
from hamn.register.organisations.models import Party

DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_affiliated"),
    [
        ("2024-05-31", False),
        ("2024-06-01", True),
        ("2024-10-10", True),
        ("2024-10-11", False),
        ("2030-01-01", False),
    ],
    ids=["the day before", "first day", "last day", "the day after", "long after"],
)
@pytest.mark.parametrize("status", ["under_notice", "ended"])
def test_a_municipality_is_affiliated_from_its_first_day_to_its_last(
    cast: SimpleNamespace, status: str, day: str, is_affiliated: bool
) -> None:
    do.in_state(cast, status)
    assert (
        "0117" in queries.affiliated_codes(cast.reader, date.fromisoformat(day))
    ) == is_affiliated


def test_an_agreement_without_notice_goes_on(cast: SimpleNamespace) -> None:
    do.in_state(cast, "in_force")
    assert queries.affiliated_codes(cast.reader, date(2099, 12, 31)) == {"0117"}


def test_a_start_ahead_affiliates_on_that_day_and_not_before(cast: SimpleNamespace) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward, agreed_start=date(2027, 1, 1)))
    do.sign(cast.steward, agreement, do.PROVIDER)
    assert queries.affiliated_codes(cast.reader, date(2026, 12, 31)) == frozenset()
    assert queries.affiliated_codes(cast.reader, date(2027, 1, 1)) == {"0117"}


@pytest.mark.parametrize("status", ["draft", "signed_by_one", "withdrawn"])
def test_an_agreement_that_is_not_in_force_affiliates_nobody(
    cast: SimpleNamespace, status: str
) -> None:
    do.in_state(cast, status)
    assert queries.affiliated_codes(cast.reader, do.TODAY) == frozenset()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 900)), max_size=6), DAYS)
def test_the_query_agrees_with_a_plain_reading_of_the_dates(
    db: Any, periods: list[tuple[date, int | None]], day: date
) -> None:
    Agreement.objects.all().delete()
    parties = list(Party.objects.filter(is_provider=False).order_by("municipality"))
    tariff, expected = Tariff.objects.get(), set()
    for party, (starts, length) in zip(parties, periods, strict=False):
        ends = None if length is None else starts + timedelta(days=length)
        Agreement.objects.create(
            party=party,
            tariff=tariff,
            index_base_year=2021,
            status="in_force" if ends is None else "ended",
            starts_on=starts,
            notice_received_on=ends and starts,
            ends_on=ends,
        )
        if starts <= day and not (ends is not None and ends < day):
            expected.add(party.municipality_id)
    assert queries.affiliated_codes(first_administrator(), day) == expected


def test_the_number_of_queries_does_not_grow_with_the_agreements(
    cast: SimpleNamespace, in_force: Any
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            for row in queries.affiliated_on(do.TODAY):
                assert row.party.municipality.name
            queries.affiliated_codes(cast.reader, do.TODAY)
            rows = list(queries.agreements_for(cast.reader))
            assert all(row.party.municipality.name and row.tariff.name for row in rows)
            assert len(queries.tariff_lines(rows)) == len(rows)
        return len(seen)

    in_force("0117", date(2024, 6, 1))
    queries.agreements_for(cast.reader)
    before = asked()
    for code in ("0114", "0115", "0120", "0123", "0125"):
        in_force(code, date(2023, 1, 2))
    assert asked() == before == 4


def test_a_stranger_sees_no_agreement(cast: SimpleNamespace) -> None:
    do.in_state(cast, "in_force")
    with pytest.raises(NotVisible):
        queries.agreements_for(cast.stranger)
    with pytest.raises(NotVisible):
        queries.latest(cast.stranger, "0117")
