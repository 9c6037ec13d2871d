"""What a case says of its person is put right, and the facts are as if it had been right."""

from collections import Counter
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.cases import actions
from hamn.support.cases.models import Fact
from hamn.support.cases.rules.content import CaseContent, ContactContent
from hamn.support.cases.rules.details import Situation
from hamn.support.services import queries as services
from hamn.support.services.rules import AGE_GROUPS, FORMS, SOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COLUMNS = (
    *("unit", "year", "month", "kind", "detail", "channel", "form"),
    *("age_group", "residence", "municipality", "is_first"),
)
LATER = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
situations = st.builds(
    Situation,
    municipality=st.sampled_from(["unknown", "declined", "0180", "0117", "1480"]),
    age_group=st.sampled_from(list(AGE_GROUPS)),
    form=st.sampled_from(list(FORMS)),
    source=st.sampled_from(list(SOURCES)),
)


def sums() -> Counter[tuple[Any, ...]]:
    """What the facts say together: the rows taken back are gone."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in Fact.objects.values_list(*COLUMNS, "weight"):
        found[row[:-1]] += row[-1]
    return +found


def correct(case: Any, by: Any, now: datetime, new: Situation, **more: Any) -> Any:
    opened = actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)
    given = {"is_correction": True, "seen": opened.case.version, **more}
    return actions.correct_situation(case_id=case.case.pk, new=new, by=by, now=now, **given)


def log(case: Any, by: Any, on: date, now: datetime) -> Any:
    content = ContactContent(channel="visit", kind="counselling", form="individual")
    return actions.log_contact(
        service="mika", on=on, content=content, case_id=case.case.pk, by=by, now=now
    )


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(situations, min_size=1, max_size=4))
def test_after_any_corrections_the_facts_are_those_of_the_last_word(
    cast: SimpleNamespace, now: datetime, steps: list[Situation]
) -> None:
    from django.db import transaction

    by = cast.mika_worker

    def facts_after(first: CaseContent, words: list[Situation]) -> Counter[tuple[Any, ...]]:
        before = sums()
        case = actions.open_case(unit="mika", content=first, by=by, now=now)
        log(case, by, date(2026, 3, 1), now)
        log(case, by, date(2027, 5, 2), LATER)
        for word in words:
            correct(case, by, LATER, word)
        return sums() - before

    last = steps[-1]
    right = CaseContent(
        number="",
        municipality=last.municipality,
        residence=services.residence_class(last.municipality).value,
        age_group=last.age_group,
        form=last.form,
        source=last.source,
    )
    found = []
    for first, words in ((CaseContent(number=""), steps), (right, [])):
        with transaction.atomic():
            found.append(facts_after(first, words))
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_a_correction_reverses_the_right_fact_and_leaves_the_rest(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    other, case = open_case(), open_case()
    correct(case, cast.mika_worker, now, Situation(municipality="0117", age_group="adult"))
    rows = Fact.objects.filter(kind="case").order_by("weight", "municipality")
    assert [(row.weight, row.municipality) for row in rows] == [
        (-1, ""),
        (1, ""),
        (1, ""),
        (1, "0117"),
    ]
    assert Fact.objects.get(municipality="0117").residence == "surrounding_municipality"
    opened = actions.read_case(case_id=case.case.pk, what="t", by=cast.mika_worker, now=now)
    assert [one.kind for one in opened.content.counted] == ["case"]
    assert opened.content.counted[0].fact == str(Fact.objects.get(municipality="0117").pk)
    assert other.content.counted[0].fact in {str(row.pk) for row in rows}


def test_what_has_changed_since_is_counted_so_from_this_year_on(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(age_group="child"), cast.mika_worker
    log(case, by, date(2026, 3, 1), now)
    log(case, by, date(2027, 5, 2), LATER)
    correct(case, by, LATER, Situation(age_group="young_adult"), is_correction=False)
    counted = {(key[3], key[1]): key[7] for key in sums()}
    assert counted == {
        ("case", 2026): "child",
        ("contact", 2026): "child",
        ("contact", 2027): "young_adult",
    }


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (Situation(birth_year=2031), "har inte varit än"),
        (Situation(birth_year=1850), "för långt bort"),
        (Situation(birth_year=1980, age_group="child"), "går inte ihop"),
        (Situation(municipality="9999"), "9999"),
        (Situation(grounds=("ingen-sådan",)), "välj bland"),
        (Situation(form="crowd"), "välj något"),
        (Situation(wishes="dolt \u202e tecken"), "dolt tecken"),
    ],
)
def test_a_situation_that_cannot_be_is_refused_and_counts_nothing(
    open_case: Any, cast: SimpleNamespace, now: datetime, new: Situation, told: str
) -> None:
    case = open_case()
    before = Fact.objects.count()
    with pytest.raises(BadInput, match=told):
        correct(case, cast.mika_worker, now, new)
    assert Fact.objects.count() == before
