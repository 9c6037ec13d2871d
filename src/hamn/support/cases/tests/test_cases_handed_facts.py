"""Facts of a case that was handed over: each unit has counted what it did, and keeps it."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse

from hamn.support.cases import actions
from hamn.support.cases.models import Case, Fact, Record
from hamn.support.cases.rules.details import Situation
from hamn.support.cases.tests.exchange import act, referral, send

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
UNIT = "coordinator_adult"


@pytest.fixture
def case(open_case: Any) -> Any:
    """A case that Mika opened."""
    return open_case(age_group="adult", municipality="0180", residence="provider")


def hand_over(case: Any, by: Any, now: datetime) -> None:
    """The case is the coordinator's."""
    actions.hand_over_case(
        unit=UNIT,
        ground="need_to_know",
        consent="",
        reason="Påhittat skäl",
        reads_until=None,
        takes_details=False,
        seen=Case.objects.get(pk=case.case.pk).version,
        **act(case, by, now),
    )


def sums(kind: str, *columns: str) -> dict[tuple[Any, ...], int]:
    """The sums of the facts of the kind by unit and these columns."""
    names = ("unit", *columns)
    rows = Fact.objects.filter(kind=kind).values_list(*names).annotate(Sum("weight")).order_by()
    return {tuple(key): total for *key, total in rows if total}


def test_a_person_is_a_client_of_each_unit_that_has_met_her_in_the_year(
    case: Any, log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    log(case_id=case.case.pk)
    log(case_id=case.case.pk)
    hand_over(case, cast.mika_worker, now)
    for _each in range(2):
        log(by=cast.adult_coordinator, service=UNIT, case_id=case.case.pk)
    expected = {("mika", True): 1, ("mika", False): 1, (UNIT, True): 1, (UNIT, False): 1}
    assert sums("contact", "is_first") == expected


def test_what_is_put_right_after_a_handing_over_is_counted_where_it_was_counted(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    hand_over(case, cast.mika_worker, now)
    actions.correct_situation(
        seen=Case.objects.get(pk=case.case.pk).version,
        new=Situation(municipality="0117", age_group="young_adult"),
        is_correction=True,
        **act(case, cast.adult_coordinator, now),
    )
    assert sums("case", "age_group") == {("mika", "young_adult"): 1}


def test_a_follow_up_is_corrected_with_the_questions_and_under_the_unit_that_asked_them(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    hers = act(case, cast.mika_worker, now)
    one = actions.follow_up(
        answers={"stopped_self_harm_by_sex": "no"}, words="", on=now.date(), **hers
    )
    hand_over(case, cast.mika_worker, now)
    who = cast.adult_coordinator
    page = reverse("cases:correct_follow_up", args=[case.case.pk, one.pk])
    assert "skada sig med sex" in desk(who).get(page).text
    actions.correct_follow_up(
        record_id=one.pk,
        seen=one.version,
        answers={"stopped_self_harm_by_sex": "less"},
        words="",
        on=now.date(),
        **act(case, who, now),
    )
    assert sums("outcome", "detail") == {("mika", "stopped_self_harm_by_sex=less"): 1}


def test_the_outcome_of_a_referral_is_corrected_under_the_unit_that_told_it(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    one = referral(case, by, now, way="herself")
    send(case, one, by, now)
    ends = {"kind": "referral_out", "record_id": one.pk, "words": "", "on": now.date()}
    row = Record.objects.get(pk=one.pk)
    actions.end_referral(seen=row.version, outcome="unknown", **ends, **act(case, by, now))
    hand_over(case, by, now)
    row.refresh_from_db()
    actions.end_referral(
        seen=row.version, outcome="help_given", **ends, **act(case, cast.adult_coordinator, now)
    )
    assert set(sums("referral_outcome")) == {("mika",)}


def test_a_case_opened_by_mistake_was_never_opened_in_the_figures_until_it_is_again(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker

    def close() -> None:
        actions.close_case(
            seen=Case.objects.get().version,
            reason="mistake",
            outcome="unknown",
            referred_to="",
            words="",
            on=now.date(),
            **act(case, by, now),
        )

    close()
    assert sums("case") == {}
    assert sums("closure") == {}
    actions.reopen_case(reason="new_information", words="", **act(case, by, now))
    assert sums("case", "age_group") == {("mika", "adult"): 1}
    assert sums("reopening") == {}
    close()
    actions.reopen_case(reason="closed_by_mistake", words="", **act(case, by, now))
    assert sums("case") == {("mika",): 1}
    assert sums("closure") == sums("reopening") == {}


def test_what_is_handed_to_the_coordinator_is_counted_by_her_unit(
    log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = log(age_group="child")
    actions.hand_to_child_coordinator(
        contact_id=one.contact.pk,
        ground="need_to_know",
        words="Påhittade ord",
        by=cast.mika_worker,
        now=now,
    )
    assert sums("hand_over", "detail") == {("mika", "coordinator_child"): 1}
    seen = actions.see_contact(contact_id=one.contact.pk, by=cast.mika_worker, now=now)
    assert seen.one.content.handed_to == ("coordinator_child",)


def test_a_relative_is_someones_first_apart_from_the_person_in_each_unit() -> None:
    from hamn.support.cases.rules.contacts import firsts
    from hamn.support.cases.rules.content import ContactContent

    hers = ContactContent(channel="phone", kind="counselling")
    relative, day = replace(hers, form="relative"), date(2026, 3, 2)
    rows = [(1, "mika", day, hers), (2, "mika", day, relative), (3, "kast", day, hers)]
    rows += [(4, "kast", day, hers), (5, "mika", date(2027, 1, 1), hers)]
    assert firsts(rows) == {1, 2, 3, 5}
