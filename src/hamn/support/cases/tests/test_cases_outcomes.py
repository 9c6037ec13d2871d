"""Outcome follow-ups: the published measures, counted without anyone in them, and corrected."""

from collections import Counter
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.vault import actions as vault
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Fact, Record
from hamn.support.cases.queries import stats
from hamn.support.cases.rules.outcomes import ASKED, MEASURES, as_details, in_words, measures_of
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


@pytest.fixture
def case(open_case: Any, cast: SimpleNamespace) -> Any:
    return open_case(by=cast.kast_worker, unit="kast", residence="provider", municipality="0180")


def follow_up(case: Any, by: Any, now: datetime, **more: Any) -> Record:
    told = {"answers": {"stopped_buying_sex": "yes"}, "words": "", "on": ON, **more}
    return actions.follow_up(case_id=case.case.pk, by=by, now=now, **told)


def correct(case: Any, one: Record, by: Any, now: datetime, **more: Any) -> Record:
    told = {"answers": {}, "words": "ord", "on": ON, "seen": one.version, **more}
    return actions.correct_follow_up(case_id=case.case.pk, record_id=one.pk, by=by, now=now, **told)


def sums() -> Counter[tuple[str, int, int]]:
    """What the statistics say, by measure and month; what is taken back leaves nothing."""
    rows = (
        Fact.objects.filter(kind="outcome")
        .values_list("detail", "year", "month")
        .annotate(total=Sum("weight"))
    )
    return Counter({(d, y, m): total for d, y, m, total in rows if total})


def test_the_measures_are_those_that_have_been_published() -> None:
    """I5-I6, I11, I13-I14."""
    assert {"stopped_buying_sex", "stopped_porn_surfing", "positive_influence"} <= set(
        ASKED["kast"]
    )
    assert list(MEASURES["positive_influence"].answers.values()) == [
        *("stämmer mycket bra", "stämmer bra", "stämmer mindre bra", "stämmer inte alls"),
        "vet inte",
    ]


def test_a_unit_asks_its_own_measures_and_another_centres_unit_those_of_everyone() -> None:
    assert "stopped_buying_sex" not in {one.code for one in measures_of("mika", "individual")}
    relatives = {one.code for one in measures_of("kast", "relative")}
    assert relatives == {"positive_influence", "got_support"}
    assert {one.code for one in measures_of("en_annan", "individual")} == relatives


def test_each_answered_measure_counts_one_fact_with_no_way_back_to_anyone(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    answers = {"stopped_buying_sex": "yes", "positive_influence": "well", "got_support": ""}
    follow_up(case, cast.kast_worker, now, answers=answers)
    facts = Fact.objects.filter(kind="outcome").order_by("detail")
    assert [one.detail for one in facts] == ["positive_influence=well", "stopped_buying_sex=yes"]
    one = facts[0]
    assert (one.unit, one.year, one.month, one.residence) == ("kast", 2026, 3, "provider")


@pytest.mark.parametrize(
    "answers",
    [{"stopped_buying_sex": "kanske"}, {"got_protection": "yes"}, {"påhitt": "yes"}, {}],
)
def test_what_is_not_asked_there_and_an_empty_follow_up_are_refused(
    answers: dict[str, str], case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput):
        follow_up(case, cast.kast_worker, now, answers=answers)
    assert not Fact.objects.filter(kind="outcome").exists()
    assert not Record.objects.exists()


def test_details_are_written_in_one_order_and_read_back() -> None:
    offered = measures_of("kast", "individual")
    details = as_details({"positive_influence": "well", "stopped_buying_sex": "no"}, offered)
    assert details == ("stopped_buying_sex=no", "positive_influence=well")
    assert in_words(details)[0] == ("Har personen slutat köpa sex?", "nej")


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        one.code: st.sampled_from([*one.answers, ""]) for one in measures_of("kast", "individual")
    },
)
DAYS = st.sampled_from([date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 3), ON])


# Each step: which earlier follow-up is corrected (none: a new one), its answers, its day. One that
# is corrected to no answer at all is taken out of the statistics.
STEPS = st.lists(
    st.tuples(st.none() | st.integers(0, 3), ANSWERS | st.just({}), DAYS), min_size=1, max_size=7
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_case_counts_once_a_year_and_measure_with_its_latest_answer(
    steps: list[tuple[int | None, dict[str, str], date]],
    case: Any,
    cast: SimpleNamespace,
    now: datetime,
) -> None:
    case.case.records.all().delete()  # hypothesis runs the examples in one transaction
    before, who, true = sums(), cast.kast_worker, list[tuple[date, dict[str, str]]]()
    records: list[Record] = []
    for which, answers, on in steps:
        told = {"answers": answers, "words": "ord", "on": on}
        if which is None or which >= len(records):
            records.append(follow_up(case, who, now, **told))
            true.append((on, answers))
        else:
            records[which] = correct(case, records[which], who, now, **told)
            true[which] = (on, answers)
        assert sums() == before + last_answers(true)


def last_answers(true: list[tuple[date, dict[str, str]]]) -> Counter[tuple[str, int, int]]:
    """By year and measure what the follow-up with the latest day answered, in its month."""
    last = {}
    for on, answers in sorted(true, key=lambda one: one[0]):
        for measure, answer in answers.items():
            if answer:
                last[on.year, measure] = (f"{measure}={answer}", on.year, on.month)
    return Counter(last.values())


def test_three_follow_ups_of_one_person_are_one_answer_and_a_mistaken_last_brings_the_one_before(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    """I11, I14, I23: the measures are shares of persons."""
    for month, answer in ((1, "no"), (2, "less"), (3, "yes")):
        told = {"answers": {"stopped_buying_sex": answer}, "on": date(2026, month, 2)}
        one = follow_up(case, cast.kast_worker, now, **told)
    (found,) = stats.exact_of(cast.kast_worker, 2026, today=ON)
    (outcome,) = found.tally.outcomes
    assert (outcome.base, outcome.answers) == (1, {"yes": 1})
    correct(case, one, cast.kast_worker, now, answers={})
    assert sums() == Counter({("stopped_buying_sex=less", 2026, 2): 1})


def test_each_unit_that_had_the_case_in_the_year_counts_its_own_last_answer(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    first = {"answers": {"got_support": "no"}, "on": date(2026, 1, 2)}
    one = follow_up(case, cast.kast_worker, now, **first)
    follow_up(case, cast.kast_worker, now, answers={"got_support": "partly"})
    Case.objects.filter(pk=case.case.pk).update(unit="mika", responsible=cast.mika_worker)
    vault.grant_box(case.box, "mika")
    follow_up(case, cast.mika_worker, now, answers={"got_support": "yes"})
    told = {"answers": {"got_support": "unknown"}, "on": date(2026, 1, 3)}
    correct(case, one, cast.mika_worker, now, **told)
    rows = Fact.objects.filter(kind="outcome").values_list("unit", "detail")
    # What was done in the first unit stays there, also when it is corrected from the second.
    assert set(rows.annotate(left=Sum("weight")).exclude(left=0)) == {
        ("kast", "got_support=partly", 1),
        ("mika", "got_support=yes", 1),
    }


def test_a_correction_of_the_words_alone_counts_nothing(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = follow_up(case, cast.kast_worker, now)
    count = Fact.objects.count()
    correct(case, one, cast.kast_worker, now, answers={"stopped_buying_sex": "yes"}, words="nya")
    assert Fact.objects.count() == count


def test_a_second_correction_of_the_same_text_is_refused(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = follow_up(case, cast.kast_worker, now)
    correct(case, one, cast.kast_worker, now)
    with pytest.raises(Changed):
        correct(case, one, cast.kast_worker, now, seen=1)


def test_who_may_not_open_the_case_counts_nothing(
    case: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = follow_up(case, cast.kast_worker, now)
    count = Fact.objects.count()
    for who in ("mika_worker", "administrator", "controller", "stranger"):
        with pytest.raises(NotVisible):
            follow_up(case, getattr(cast, who), now)
        with pytest.raises(NotVisible):
            correct(case, one, getattr(cast, who), now)
    with pytest.raises(ClosedToYou):
        follow_up(case, cast.kast_head, now)
    with pytest.raises(NotVisible):
        correct(open_case(by=cast.kast_worker, unit="kast"), one, cast.kast_worker, now)
    Case.objects.update(state="closed", closed_on=ON)
    with pytest.raises(WrongState):
        follow_up(case, cast.kast_worker, now)
    assert Fact.objects.filter(kind="outcome").count() == 1
    assert Fact.objects.count() == count + 1  # the other case's own


def test_a_follow_up_is_written_shown_and_corrected_on_its_pages(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client, pk = desk(cast.kast_worker), case.case.pk
    page = reverse("cases:follow_up", args=[pk])
    shown = client.get(page).text
    assert "Har personen slutat köpa sex?" in shown
    assert client.post(page, {"on": "2026-03-02"}).status_code == 422
    given = {"on": "2026-03-02", "matt_stopped_buying_sex": "yes", "words": "Det går bättre"}
    assert client.post(page, given).status_code == 302
    one = Record.objects.get(kind="outcome")
    plan = client.get(reverse("cases:plan", args=[pk])).text
    assert "Har personen slutat köpa sex?" in plan
    assert "Det går bättre" in plan
    page = reverse("cases:correct_follow_up", args=[pk, one.pk])
    assert "checked" in client.get(page).text
    given = {**given, "matt_stopped_buying_sex": "less", "seen": "1"}
    assert client.post(page, given).status_code == 302
    assert sums() == Counter({("stopped_buying_sex=less", 2026, 3): 1})
