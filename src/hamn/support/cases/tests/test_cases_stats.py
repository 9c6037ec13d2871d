"""A year in counts: from facts alone, exact for the unit, and nothing small outside it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.core.figures import LEAST_SHOWN
from hamn.support.cases import actions
from hamn.support.cases.actions.counting import count
from hamn.support.cases.actions.counting import reverse as take_back
from hamn.support.cases.models import Case, Fact
from hamn.support.cases.queries import stats
from hamn.support.cases.rules import stats as rules
from hamn.support.cases.rules.content import ContactContent
from hamn.support.services.models import TurnedAwayFact

TODAY = date(2026, 3, 2)
LATER = date(2026, 4, 1)  # the month has ended
Make = Callable[..., Any]
CODES = st.sampled_from(["a", "b", ""])
FORMS = st.sampled_from(["individual", "couple", "relative"])
ROWS = st.lists(
    st.builds(
        rules.Row,
        unit=st.sampled_from(["mika", "kast"]),
        month=st.integers(1, 12),
        kind=st.sampled_from(["contact", "case", "closure", "referral", "outcome", "other"]),
        detail=st.sampled_from(["got_support=yes", "got_support=unknown"]),
        channel=CODES,
        form=FORMS,
        age_group=CODES,
        residence=CODES,
        municipality=CODES,
        is_first=st.booleans(),
        weight=st.just(1),
    )
)


def first(unit: str, number: int, **more: Any) -> None:
    """So many clients' first contacts this year, as facts."""
    for _ in range(number):
        classes = {"form": "individual", "residence": "unknown", "age_group": "adult", **more}
        count(
            unit=unit,
            on=TODAY,
            kind="contact",
            detail="counselling",
            channel="visit",
            is_first=True,
            **classes,
        )


def turn_away(unit: str, now: datetime) -> None:
    """Somebody was pointed elsewhere in the month, as a fact."""
    TurnedAwayFact.objects.create(
        month=now.date().replace(day=1),
        unit=unit,
        service=unit,
        municipality="1480",
        residence_class="elsewhere",
        wants_help=True,
        count=1,
    )


def totals(viewer: Any) -> dict[str, dict[str, int | None]]:
    """Every unit's totals of the year's ended months, as the viewer sees them."""
    return {one.unit: one.totals for one in stats.totals_of(viewer, 2026, today=LATER)}


@given(ROWS)
@settings(max_examples=100)
def test_every_part_adds_up_to_its_total(rows: list[rules.Row]) -> None:
    for tally in rules.tallied(rows).values():
        for part, counts in tally.parts.items():
            total = next(name for name in rules.TOTALS if part.startswith(name))
            assert sum(counts.values()) == tally.totals[total]


@given(ROWS, ROWS)
@settings(max_examples=100)
def test_what_is_taken_back_was_never_counted(
    kept: list[rules.Row], wrong: list[rules.Row]
) -> None:
    back = [row._replace(weight=-1) for row in wrong]
    empty = rules.Tally(parts={name: {} for name in rules.PARTS})
    there = rules.tallied(kept)
    for unit, tally in rules.tallied([*kept, *wrong, *back]).items():
        assert tally == there.get(unit, empty)


def test_the_base_of_an_answer_leaves_out_who_did_not_know() -> None:
    row = rules.Row("kast", 1, "outcome", "", "", "", "", "", "", False, 1)
    given_answers = {"yes": 8, "no": 2, "unknown": 5}
    rows = [
        row._replace(detail=f"stopped_buying_sex={answer}", weight=number)
        for answer, number in given_answers.items()
    ]
    (outcome,) = rules.tallied(rows)["kast"].outcomes
    assert (outcome.base, outcome.answers) == (10, given_answers)


@pytest.mark.django_db
def test_a_case_with_contacts_is_one_client_and_a_relative_is_counted_apart(
    cast: SimpleNamespace, open_case: Make
) -> None:
    now = datetime(2026, 2, 2, 9, tzinfo=UTC)
    case = open_case(now=now, municipality="0180", residence="provider").case
    for form in ("individual", "individual", "relative"):
        content = ContactContent(channel="visit", kind="counselling", form=form)
        given_ = {"by": cast.mika_worker, "now": now, "case_id": case.pk}
        actions.log_contact(service="mika", on=now.date(), content=content, **given_)
    Case.objects.all().update(last_note_on=date(1999, 1, 1))  # the facts alone are counted
    (found,) = stats.exact_of(cast.mika_worker, 2026, today=TODAY)
    counted = found.tally.totals
    assert (counted["clients"], counted["relatives"], counted["contacts"]) == (1, 1, 3)
    assert counted["cases_opened"] == 1
    assert found.tally.parts["clients_municipality"] == {"0180": 1}
    assert found.tally.parts["contacts_form"] == {"individual": 2, "relative": 1}


@pytest.mark.django_db
def test_a_unit_sees_its_own_counts_exactly_and_no_others(cast: SimpleNamespace) -> None:
    first("mika", 2)
    first("kast", 3)
    (mika,) = stats.exact_of(cast.mika_worker, 2026, today=TODAY)
    assert (mika.unit, mika.tally.totals["clients"]) == ("mika", 2)
    for who in ("controller", "administrator", "reader", "head", "stranger"):
        with pytest.raises(NotVisible):
            stats.exact_of(getattr(cast, who), 2026, today=TODAY)


@pytest.mark.django_db
def test_outside_the_unit_a_small_total_looks_as_none_at_all(cast: SimpleNamespace) -> None:
    nothing = totals(cast.controller)
    first("mika", LEAST_SHOWN - 1)
    assert totals(cast.controller) == nothing
    first("mika", 1)
    assert totals(cast.controller)["mika"]["clients"] == LEAST_SHOWN
    for who in ("administrator", "reader", "mika_worker"):
        with pytest.raises((NotVisible, PermissionDenied)):
            totals(getattr(cast, who))


@pytest.mark.django_db
def test_who_asks_twice_in_a_month_does_not_learn_that_a_case_was_opened_in_between(
    cast: SimpleNamespace, open_case: Make, now: datetime
) -> None:
    """docs/law.md section 4, rules 3 and 6."""
    february = datetime(2026, 2, 2, 9, tzinfo=UTC)
    for _number in range(LEAST_SHOWN):
        open_case(now=february)
        turn_away("mika", february)

    def asked(today: date) -> tuple[Any, Any]:
        outside = stats.totals_of(cast.controller, 2026, today=today)
        (own,) = stats.exact_of(cast.mika_worker, 2026, today=today)
        return outside, (own.tally.totals["cases_opened"], own.tally.totals["turned_away"])

    before, own = asked(TODAY)
    open_case(now=now)
    turn_away("mika", now)
    assert asked(TODAY) == (before, (6, 6)) and own == (5, 5)
    after, _own = asked(LATER)
    told = {one.unit: one.totals for one in after}["mika"]
    assert (told["cases_opened"], told["turned_away"]) == (6, 6)
    assert {one.unit: one.totals for one in before}["mika"]["cases_opened"] == 5


@pytest.mark.django_db
def test_in_january_nothing_of_the_year_is_told_outside_and_all_of_the_one_before(
    cast: SimpleNamespace,
) -> None:
    first("mika", 7)
    (own,) = stats.exact_of(cast.mika_worker, 2026, today=TODAY)
    assert own.tally.totals["clients"] == 7
    january = date(2027, 1, 31)
    told = {
        year: {
            one.unit: one.totals for one in stats.totals_of(cast.controller, year, today=january)
        }
        for year in (2026, 2027)
    }
    assert (told[2026]["mika"]["clients"], told[2027]["mika"]["clients"]) == (7, None)


@pytest.mark.django_db
def test_a_correction_is_not_counted(cast: SimpleNamespace) -> None:
    first("mika", 7)
    wrong = count(unit="mika", on=TODAY, kind="contact", is_first=True)
    take_back(wrong)
    assert totals(cast.controller)["mika"]["clients"] == 7
    assert Fact.objects.count() == 9


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1999, 2027])
def test_a_year_ahead_or_before_anything_is_refused(cast: SimpleNamespace, year: int) -> None:
    with pytest.raises(BadInput, match=str(year)):
        stats.totals_of(cast.controller, year, today=TODAY)


@pytest.mark.django_db
def test_the_command_tells_totals_by_unit_from_the_facts(cast: SimpleNamespace, hamn: Make) -> None:
    first("mika", 6)
    year = timezone.localdate().year - 1
    Fact.objects.update(year=year)
    answer = hamn(
        "--as", "controller@test.example", "cases", "stats", "--year", year, "--format", "json"
    )
    assert answer.status == 0, answer.err
    told = json.loads(answer.out)
    mika = next(one for one in told["units"] if one["unit"] == "mika")
    assert (mika["clients"], mika["relatives"], told["year"]) == (6, None, year)
    assert told["through"] == f"{year}-12"
    assert len(told["units"]) == 4
    table = hamn("--as", "controller@test.example", "cases", "stats", "--year", year)
    assert table.status == 0 and "Klienter" in table.out and "färre än 5" in table.out
    assert "Räknat till och med" in table.out and f"{year}-12" in table.out


@pytest.mark.django_db
def test_the_command_gives_nobody_exact_counts_by_typing_her_name(
    cast: SimpleNamespace, hamn: Make
) -> None:
    words = ("cases", "stats", "--year", "2026")
    assert hamn("--as", "mika_worker@test.example", *words).status == 1
    answer = hamn("--as", "mika_worker@test.example", *words, "--exact")
    assert answer.status == 1 and not answer.out
    assert hamn("--as", "system_administrator@test.example", *words).status == 1


@pytest.mark.django_db
def test_the_page_and_its_files_tell_the_unit_its_year(cast: SimpleNamespace, desk: Make) -> None:
    first("mika", 3, municipality="0117")
    count(unit="mika", on=TODAY, kind="outcome", detail="got_support=yes")
    Fact.objects.update(year=timezone.localdate().year)
    client = desk(cast.mika_worker)
    page = client.get(reverse("cases:statistics"))
    text = page.content.decode()
    assert page.status_code == 200 and "Österåker" in text and "Av svar" in text
    file = client.get(reverse("cases:export_statistics", args=["csv"]))
    told = b"".join(file.streaming_content).decode()
    assert "Klienter;;3" in told.replace('"', "") or "Klienter,,3" in told.replace('"', "")
    assert client.get(reverse("cases:export_statistics", args=["xlsx"])).status_code == 200
    assert client.get(reverse("cases:export_statistics", args=["exe"])).status_code == 404
    assert desk(cast.controller).get(reverse("cases:statistics")).status_code == 404
    assert client.get(reverse("cases:statistics") + "?ar=1066").status_code == 422
