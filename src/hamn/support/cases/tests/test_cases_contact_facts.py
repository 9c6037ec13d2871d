"""The sums of facts are what a fresh count would give, whatever was corrected in whatever order."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.support.cases import actions
from hamn.support.cases.models import Fact
from hamn.support.cases.rules.content import ContactContent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS = [date(2025, 3, 1), date(2025, 11, 30), date(2026, 1, 1), date(2026, 3, 2)]
FORMS = ["individual", "relative", "couple"]
STEP = st.one_of(
    st.tuples(st.just("log"), st.sampled_from(DAYS), st.sampled_from(FORMS), st.integers(-1, 1)),
    st.tuples(st.just("change"), st.integers(0, 9), st.sampled_from(DAYS), st.sampled_from(FORMS)),
    st.tuples(st.just("join"), st.integers(0, 9), st.integers(0, 1)),
    st.tuples(st.just("move"), st.integers(0, 9), st.integers(-1, 1)),
    st.tuples(st.just("remove"), st.integers(0, 9)),
)


@dataclass
class Known:
    """A contact as the test knows it. case: which of the two it stands in, or none."""

    pk: Any
    on: date
    form: str
    case: int
    order: int


@given(steps=st.lists(STEP, min_size=3, max_size=12))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_facts_are_a_fresh_count_of_what_the_contacts_say_now(
    steps: list[tuple[Any, ...]], cast: SimpleNamespace, open_case: Any
) -> None:
    with transaction.atomic():
        cases = [
            open_case(municipality=code, residence=residence, age_group="adult").case
            for code, residence in (("0117", "surrounding_municipality"), ("0180", "provider"))
        ]
        known: list[Known] = []
        for order, step in enumerate(steps):
            _act(step, known, cases, order, cast.mika_worker)
            assert _stored() == _fresh(known)
        transaction.set_rollback(True)


def _act(step: tuple[Any, ...], known: list[Known], cases: list[Any], order: int, by: Any) -> None:
    verb, *what = step
    who = {"by": by, "now": NOW}
    if verb == "log":
        on, form, case = what
        one = actions.log_contact(
            service="mika",
            on=on,
            content=ContactContent(
                channel="phone", kind="counselling", form=form, age_group="unknown"
            ),
            case_id=cases[case].pk if case >= 0 else None,
            **who,
        )
        known.append(Known(one.contact.pk, on, form, case, order))
        return
    if not known:
        return
    chosen = known[what[0] % len(known)]
    if verb == "change":
        form = what[2]
        actions.change_contact(
            contact_id=chosen.pk,
            seen=actions.see_contact(contact_id=chosen.pk, **who).one.contact.version,
            on=what[1],
            change=lambda content: replace(content, form=form),
            answer_by=None,
            **who,
        )
        chosen.on, chosen.form = what[1], form
    elif verb == "join" and chosen.case < 0:
        actions.join_contact(contact_id=chosen.pk, case_id=cases[what[1]].pk, **who)
        chosen.case = what[1]
    elif verb == "move" and chosen.case >= 0 and chosen.case != what[1]:
        to = cases[what[1]].pk if what[1] >= 0 else None
        actions.move_contact(contact_id=chosen.pk, case_id=to, reason="wrong_person", **who)
        chosen.case = what[1]
    elif verb == "remove":
        actions.remove_contact(contact_id=chosen.pk, reason="duplicate", **who)
        known.remove(chosen)


def _stored() -> Counter[tuple[Any, ...]]:
    rows = Fact.objects.filter(kind="contact").values_list(
        "year", "month", "form", "municipality", "residence", "age_group", "is_first", "weight"
    )
    sums: Counter[tuple[Any, ...]] = Counter()
    for *key, weight in rows:
        sums[tuple(key)] += weight
    assert all(count >= 0 for count in sums.values())
    return +sums


def _fresh(known: list[Known]) -> Counter[tuple[Any, ...]]:
    classes = [("0117", "surrounding_municipality", "adult"), ("0180", "provider", "adult")]
    seen: set[tuple[int, int, bool]] = set()
    sums: Counter[tuple[Any, ...]] = Counter()
    for one in sorted(known, key=lambda each: (each.on, each.order)):
        is_relative = one.form == "relative"
        who = (one.case, one.on.year, is_relative)
        is_first = one.case >= 0 and who not in seen
        seen.add(who)
        hers = one.case >= 0 and not is_relative
        says = classes[one.case] if hers else ("", "unknown", "unknown")
        sums[(one.on.year, one.on.month, one.form, *says, is_first)] += 1
    return sums


def test_a_joined_and_removed_contact_leaves_its_case_as_if_it_had_never_been(
    cast: SimpleNamespace, open_case: Any
) -> None:
    case = open_case().case
    who = {"by": cast.mika_worker, "now": NOW}
    content = ContactContent(channel="visit", kind="counselling")
    actions.log_contact(service="mika", on=DAYS[3], content=content, case_id=case.pk, **who)
    before = _stored()
    free = actions.log_contact(service="mika", on=DAYS[2], content=content, **who)
    actions.join_contact(contact_id=free.contact.pk, case_id=case.pk, **who)
    actions.remove_contact(contact_id=free.contact.pk, reason="wrong_person", **who)
    assert _stored() == before
