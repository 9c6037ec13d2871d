"""The monthly review of reads: drawn once, judged, signed, and what was questioned remembered."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import AccessReview, CaseRead
from hamn.support.cases.rules.reviews import AlreadySigned, ended_months, sample_size

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 3, tzinfo=UTC)


def read(case: Any, who: Any, count: int, why: str = "responsible", at: datetime = MARCH) -> None:
    CaseRead.objects.bulk_create(
        CaseRead(case=case, unit=case.unit, person=who, at=at, what="timeline", why=why)
        for _each in range(count)
    )


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case().case


@pytest.mark.parametrize(
    ("count", "drawn"), [(0, 0), (7, 7), (20, 20), (21, 20), (400, 20), (401, 21), (9000, 100)]
)
def test_five_percent_are_drawn_but_at_least_20_and_at_most_100(count: int, drawn: int) -> None:
    assert sample_size(count) == drawn


def test_only_months_that_have_ended_are_drawn() -> None:
    months = list(ended_months(APRIL.date()))
    assert months[0] == (2026, 3)
    assert months[-1] == (2025, 4)
    assert len(months) == 12


def test_a_review_is_drawn_once_with_every_break_glass_and_cover_in_it(
    case: Any, cast: SimpleNamespace
) -> None:
    CaseRead.objects.all().delete()
    read(case, cast.mika_worker, 500)
    read(case, cast.mika_second, 3, why="break_glass")
    read(case, cast.mika_head, 2, why="cover")
    assert actions.draw_reviews(now=APRIL) == 1
    assert actions.draw_reviews(now=APRIL) == 0
    review = AccessReview.objects.get()
    whys = list(review.picks.values_list("read__why", flat=True))
    assert (review.unit, review.year, review.month) == ("mika", 2026, 3)
    assert (len(whys), whys.count("break_glass"), whys.count("cover")) == (30, 3, 2)


def test_the_month_is_by_swedish_days_and_the_current_one_waits(
    case: Any, cast: SimpleNamespace
) -> None:
    CaseRead.objects.all().delete()
    # Half past eleven at night in UTC is already the first of April in Sweden.
    read(case, cast.mika_worker, 1, at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    assert actions.draw_reviews(now=APRIL) == 0
    assert actions.draw_reviews(now=datetime(2026, 5, 1, 12, tzinfo=UTC)) == 1
    assert AccessReview.objects.get().month == 4


def test_a_head_judges_and_signs_when_all_is_judged(case: Any, cast: SimpleNamespace) -> None:
    CaseRead.objects.all().delete()
    read(case, cast.mika_worker, 3)
    actions.draw_reviews(now=APRIL)
    review = AccessReview.objects.get()
    picks = [
        one.pk for one in actions.read_review(review_id=review.pk, by=cast.mika_head, now=APRIL)
    ]
    about = {"review_id": review.pk, "by": cast.mika_head, "now": APRIL}
    actions.judge_reads(verdicts={picks[0]: True, picks[1]: False}, is_signed=False, **about)
    with pytest.raises(BadInput, match="1 läsningar är inte bedömda"):
        actions.judge_reads(verdicts={}, is_signed=True, **about)
    actions.judge_reads(verdicts={picks[2]: True}, is_signed=True, **about)
    with pytest.raises(AlreadySigned):
        actions.judge_reads(verdicts={picks[0]: False}, is_signed=False, **about)
    review.refresh_from_db()
    assert review.signed_by == cast.mika_head
    told = Entry.objects.filter(event="cases.reads_judged").first()
    assert told is not None
    assert json.loads(told.facts) == {"judged": 2, "questioned": 1, "own": 0}


@pytest.mark.parametrize(
    "who", ["mika_worker", "kast_head", "administrator", "controller", "head", "stranger"]
)
def test_nobody_but_the_units_head_sees_its_review(
    who: str, case: Any, cast: SimpleNamespace
) -> None:
    read(case, cast.mika_worker, 1)
    actions.draw_reviews(now=APRIL)
    review = AccessReview.objects.get()
    with pytest.raises(NotVisible):
        actions.read_review(review_id=review.pk, by=getattr(cast, who), now=APRIL)
    with pytest.raises(NotVisible):
        actions.judge_reads(
            review_id=review.pk, verdicts={}, is_signed=True, by=getattr(cast, who), now=APRIL
        )


def test_a_head_leaves_her_own_reads_to_the_cover_when_there_is_one(
    case: Any, cast: SimpleNamespace
) -> None:
    from hamn.register.staff import actions as staff

    CaseRead.objects.all().delete()
    read(case, cast.mika_head, 1)
    actions.draw_reviews(now=APRIL)
    review = AccessReview.objects.get()
    pick = review.picks.get()
    about = {"review_id": review.pk, "is_signed": False, "now": APRIL}
    actions.judge_reads(verdicts={pick.pk: True}, by=cast.mika_head, **about)
    day = APRIL.date()
    cover = staff.offer_cover(
        unit="mika",
        person_id=cast.mika_second.pk,
        starts_on=day,
        ends_on=None,
        today=day,
        by=cast.mika_head,
    )
    staff.accept_cover(cover_id=cover.pk, today=day, by=cast.mika_second)
    with pytest.raises(BadInput, match="dina egna"):
        actions.judge_reads(verdicts={pick.pk: False}, by=cast.mika_head, **about)
    actions.judge_reads(verdicts={pick.pk: False}, by=cast.mika_second, **about)


def test_a_verdict_on_another_units_read_changes_nothing(
    case: Any, cast: SimpleNamespace, open_case: Any
) -> None:
    other = open_case(by=cast.kast_worker, unit="kast").case
    read(other, cast.kast_worker, 1)
    read(case, cast.mika_worker, 1)
    actions.draw_reviews(now=APRIL)
    mine = AccessReview.objects.get(unit="mika")
    theirs = AccessReview.objects.get(unit="kast").picks.first()
    assert theirs is not None
    actions.judge_reads(
        review_id=mine.pk,
        verdicts={theirs.pk: False},
        is_signed=False,
        by=cast.mika_head,
        now=APRIL,
    )
    theirs.refresh_from_db()
    assert theirs.was_right is None


def test_the_head_judges_and_signs_by_the_page(case: Any, cast: SimpleNamespace, desk: Any) -> None:
    CaseRead.objects.all().delete()
    read(case, cast.mika_worker, 2)
    actions.draw_reviews(now=APRIL)
    review = AccessReview.objects.get()
    client = desk(cast.mika_head)
    assert "bedöm och signera" in client.get(reverse("cases:today")).text
    address = reverse("cases:review", args=[review.pk])
    assert address in client.get(reverse("cases:reviews")).text
    page = client.get(address).text
    assert "läste händelserna" in page
    first, second = review.picks.order_by("pk")
    assert client.post(address, {f"p-{first.pk}": "ratt", "steg": "signera"}).status_code == 422
    sent = {f"p-{first.pk}": "ratt", f"p-{second.pk}": "fraga", "steg": "signera"}
    assert client.post(address, sent).status_code == 302
    review.refresh_from_db()
    assert review.signed_by == cast.mika_head
    assert "Signerad" in client.get(address).text
    asked = client.get(reverse("cases:questioned_reads")).text
    assert "mika_worker" in asked
    assert "Ifrågasatta läsningar: 1" in client.get(reverse("cases:reviews")).text


def test_old_reviews_are_taken_away_after_five_years(case: Any, cast: SimpleNamespace) -> None:
    read(case, cast.mika_worker, 1)
    actions.draw_reviews(now=APRIL)
    assert actions.purge_reviews(now=datetime(2031, 12, 31, tzinfo=UTC)) == 0
    assert actions.purge_reviews(now=datetime(2032, 1, 2, tzinfo=UTC)) == 1


def test_a_read_of_a_contact_without_a_case_is_drawn_and_judged_as_well(
    cast: SimpleNamespace, log: Any, desk: Any
) -> None:
    contact = log(mine=False).contact
    actions.see_contact(contact_id=contact.pk, by=cast.mika_second, now=MARCH)
    actions.draw_reviews(now=APRIL)
    review = AccessReview.objects.get()
    pick = review.picks.get()
    assert (pick.read.contact, pick.read.why) == (contact, "unassigned")
    address = reverse("cases:review", args=[review.pk])
    client = desk(cast.mika_head)
    page = client.get(address).text
    assert "läste en kontakt" in page and f"Kontakt den {contact.on}" in page
    assert client.post(address, {f"p-{pick.pk}": "fraga", "steg": "signera"}).status_code == 302
    assert f"Kontakt den {contact.on}" in client.get(reverse("cases:questioned_reads")).text
