"""The lists of the day: what stands in which, for whom, and at what cost."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.guards.access import actions as access
from hamn.register.staff import actions as staff
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Participant, Record
from hamn.support.cases.queries import lists
from hamn.support.cases.rules.children import ChildWelfareReport
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.views.today import MOST

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def given(cast: SimpleNamespace, open_case: Callable[..., Any]) -> Callable[..., Case]:
    """A function that opens a case now, with plain columns as told: `given(due_in=-1)`."""

    def make(*, due_in: int | None = None, waits: bool = False, **more: Any) -> Case:
        columns = {
            name: more.pop(name) for name in ("deputy", "state", "closed_on") if name in more
        }
        case: Case = open_case(now=timezone.now(), **more).case
        today = timezone.localdate()
        if due_in is not None:
            columns["due_on"] = today + timedelta(days=due_in)
        if waits:
            columns["waits_since"] = today
        Case.objects.filter(pk=case.pk).update(**columns)
        case.refresh_from_db()
        return case

    return make


def part(person: Any, name: str) -> set[Any]:
    """The ids of the cases in one part of the person's caseload."""
    rows = lists.part_of(lists.caseload(person), name, timezone.localdate())
    return {one.pk for one in rows}


def text(answer: Any) -> str:
    """The page as it was drawn."""
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_what_is_due_is_overdue_from_the_day_after_and_soon_for_a_week(
    cast: SimpleNamespace, given: Callable[..., Case]
) -> None:
    at = {days: given(due_in=days).pk for days in (-1, 0, 7, 8)}
    given()
    assert part(cast.mika_worker, "overdue") == {at[-1]}
    assert part(cast.mika_worker, "soon") == {at[0], at[7]}
    assert lists.counts(cast.mika_worker, timezone.localdate()) == (5, 1, 2, 0)


def test_a_caseload_holds_what_she_is_responsible_for_deputy_in_or_takes_part_in(
    cast: SimpleNamespace, given: Callable[..., Case]
) -> None:
    hers, helped = given(by=cast.mika_second), given(deputy=cast.mika_second)
    joined = given()
    given()  # a colleague's
    given(by=cast.mika_second, state="closed", closed_on=timezone.localdate())
    Participant.objects.create(case=joined, person=cast.mika_second, added_by=cast.mika_worker)
    found = {one.pk for one in lists.caseload(cast.mika_second)}
    assert found == {hers.pk, helped.pk, joined.pk}


def test_who_has_left_the_unit_has_no_caseload_there(
    cast: SimpleNamespace, given: Callable[..., Case]
) -> None:
    given(waits=True)
    assert part(cast.mika_worker, "waiting")
    cast.mika_worker.memberships.update(ended_at=timezone.now(), ended_by=cast.mika_head)
    assert not part(cast.mika_worker, "waiting")


def test_what_one_page_has_asked_about_her_units_is_asked_again_for_the_next(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    given(called="Påhittad Ek", due_in=1)
    given(by=cast.kast_worker, unit="kast", called="Exempel Alm", due_in=1)
    client = desk(cast.mika_worker)
    assert "Påhittad Ek" in text(client.get(reverse("cases:today")))
    cast.mika_worker.memberships.update(unit="kast")
    for name in ("cases:today", "cases:of_unit"):
        assert "Påhittad Ek" not in text(client.get(reverse(name)))
    assert "kast_worker" in text(client.get(reverse("cases:of_unit")))


def test_the_page_of_the_day_names_hers_and_nobodys_and_no_colleagues_case(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    given(called="Påhittad Ek", due_in=-2)
    given(called="Exempel Alm", mine=False)
    given(called="Hemlig Lind", by=cast.mika_second, due_in=-2)
    page = text(desk(cast.mika_worker).get(reverse("cases:today")))
    assert "Påhittad Ek" in page and "försenat" in page
    assert "Exempel Alm" in page and "Utan ansvarig" in page
    assert "Hemlig Lind" not in page


@pytest.mark.parametrize("who", ["kast_worker", "adult_coordinator"])
def test_another_units_lists_are_empty(
    who: str, cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    given(called="Påhittad Ek", due_in=-2, mine=False)
    client = desk(getattr(cast, who))
    for name in ("cases:today", "cases:mine", "cases:of_unit"):
        page = text(client.get(reverse(name)))
        assert "Påhittad Ek" not in page and "Försenat" not in page
    assert "Du har inga öppna ärenden." in text(client.get(reverse("cases:today")))
    assert "Inga ärenden." in text(client.get(reverse("cases:of_unit")))


def test_a_cover_sees_what_cannot_wait_in_the_unit_she_covers_and_opens_it(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    cover, head, today = cast.child_coordinator, cast.adult_coordinator, timezone.localdate()
    given(by=head, unit="coordinator_adult", called="Påhittad Ek", due_in=-1)
    given(by=head, unit="coordinator_adult", called="Exempel Alm")
    client = desk(cover)
    assert "Påhittad Ek" not in text(client.get(reverse("cases:today")))
    asked = staff.offer_cover(
        unit="coordinator_adult",
        person_id=cover.pk,
        starts_on=today,
        ends_on=None,
        today=today,
        by=cast.administrator,
    )
    access.grant_member(membership_id=asked.membership_id, by=head)
    staff.accept_cover(cover_id=asked.pk, today=today, by=cover)
    page = text(client.get(reverse("cases:today")))
    assert "Där du är ersättare" in page and "Påhittad Ek" in page
    assert "Exempel Alm" not in page
    assert "Exempel Alm" in text(client.get(reverse("cases:of_unit")))


def test_the_units_list_tells_that_a_colleagues_case_is_there_and_whom_to_ask(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    case = given(called="Hemlig Lind", by=cast.mika_second)
    page = text(desk(cast.mika_worker).get(reverse("cases:of_unit")))
    assert reverse("cases:show", args=[case.pk]) in page and "mika_second" in page
    assert "Hemlig Lind" not in page


def test_the_units_list_shows_open_cases_unless_asked_for_others(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    is_open = given(by=cast.mika_second)
    closed = given(state="closed", closed_on=timezone.localdate())
    nobodys = given(mine=False)
    client, at = desk(cast.mika_worker), reverse("cases:of_unit")
    expected = {
        "": {is_open, nobodys},
        "?lage=alla": {is_open, closed, nobodys},
        "?lage=closed": {closed},
        "?ansvarig=ingen": {nobodys},
        f"?ansvarig={cast.mika_second.pk}": {is_open},
    }
    for asked, cases in expected.items():
        page = text(client.get(at + asked))
        seen = {one for one in (is_open, closed, nobodys) if str(one.pk) in page}
        assert seen == cases, asked
    assert client.get(f"{at}?ansvarig=nonsens").status_code == 422


def test_who_works_in_two_units_sees_the_cases_of_one_at_a_time(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    row = access.propose_member(
        person_id=cast.mika_worker.pk, unit="kast", is_head=False, by=cast.administrator
    )
    access.grant_member(membership_id=row.pk, by=cast.kast_head)
    mika, kast = given(), given(by=cast.kast_worker, unit="kast")
    client, at = desk(cast.mika_worker), reverse("cases:of_unit")
    for asked, case in (("", kast), ("?enhet=kast", kast), ("?enhet=mika", mika)):
        page = text(client.get(at + asked))
        assert {one for one in (mika, kast) if str(one.pk) in page} == {case}, asked


def test_her_own_list_can_be_narrowed_to_what_cannot_wait(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    late, waits, calm = given(due_in=-1), given(waits=True), given()
    client, at = desk(cast.mika_worker), reverse("cases:mine")
    for asked, cases in (
        ("", {late, waits, calm}),
        ("?visa=overdue", {late}),
        ("?visa=waiting", {waits}),
        ("?visa=soon", set()),
        ("?visa=overdue&sortera=-narmast", {late}),
    ):
        page = text(client.get(at + asked))
        assert {one for one in (late, waits, calm) if str(one.pk) in page} == cases, asked


def test_what_falls_due_is_told_by_its_kind_and_not_by_its_words(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    now, today = timezone.now(), timezone.localdate()
    actions.write_action(
        case_id=given().pk,
        text="Ringa hyresvärden",
        who="worker",
        due_on=today + timedelta(days=1),
        goal="",
        by=cast.mika_worker,
        now=now,
    )
    page = text(desk(cast.mika_worker).get(reverse("cases:today")))
    assert f"{today + timedelta(days=1)}, aktivitet" in page
    assert "Ringa hyresvärden" not in page


def test_a_long_list_of_the_day_ends_with_a_way_to_the_whole(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    client = desk(cast.mika_worker)
    whole = reverse("cases:mine") + "?visa=overdue"
    for _ in range(MOST):
        given(due_in=-3)
    assert whole not in text(client.get(reverse("cases:today")))
    given(due_in=-3)
    assert whole in text(client.get(reverse("cases:today")))


@pytest.mark.parametrize("name", ["cases:today", "cases:mine", "cases:of_unit"])
def test_a_list_asks_the_database_as_often_for_many_cases_as_for_few(
    name: str, cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    client = desk(cast.mika_worker)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            text(client.get(reverse(name)))
        return len(found)

    def more(count: int) -> None:
        for _ in range(count):
            given(due_in=-1)
            given(due_in=3, waits=True, deputy=cast.mika_second)
            given(mine=False)
            given(by=cast.mika_second)

    more(1)
    asked()
    few = asked()
    more(6)
    assert asked() == few


def test_the_units_list_tells_no_day_and_no_kind_of_a_case_that_is_not_hers(
    cast: SimpleNamespace, desk: Callable[..., Any], given: Callable[..., Case]
) -> None:
    now, today = timezone.now(), timezone.localdate()
    day = today - timedelta(days=3)
    theirs = given(by=cast.mika_second)
    told = {"municipality": "0180", "concern": "Påhittad oro för ett barn"}
    actions.add_child_report(
        case_id=theirs.pk, report=ChildWelfareReport(**told), by=cast.mika_second, now=now
    )
    Case.objects.filter(pk=theirs.pk).update(due_on=day, last_note_on=day, opened_on=day)
    Record.objects.filter(case=theirs).update(due_on=day)
    at = reverse("cases:of_unit")
    seen = text(desk(cast.mika_second).get(at))
    assert f"{day}, orosanmälan, försenat" in seen
    page = text(desk(cast.mika_worker).get(at))
    assert str(theirs.pk) in page and "mika_second" in page and "pågår" in page
    for secret in ("orosanmälan", day.isoformat(), "försenat", "sortera=senast", "sortera=-senast"):
        assert secret not in page, secret


@pytest.mark.parametrize(("days", "is_late"), [(-1, True), (0, False), (2, False)])
def test_an_answer_that_was_promised_is_left_to_do_by_its_day(
    days: int,
    is_late: bool,
    cast: SimpleNamespace,
    desk: Callable[..., Any],
    given: Callable[..., Case],
) -> None:
    case, now, by = given(), timezone.now(), timezone.localdate() + timedelta(days=days)
    contact = actions.log_contact(
        service="mika",
        on=timezone.localdate() - timedelta(days=5),
        content=ContactContent(channel="phone", kind="counselling"),
        case_id=case.pk,
        answer_by=by,
        by=cast.mika_worker,
        now=now,
    ).contact
    case.refresh_from_db()
    assert case.due_on == by
    assert part(cast.mika_worker, "overdue" if is_late else "soon") == {case.pk}
    client = desk(cast.mika_worker)
    told = f"{by}, lovat svar, försenat" if is_late else f"{by}, lovat svar"
    for name in ("cases:today", "cases:of_unit", "cases:mine"):
        page = text(client.get(reverse(name)))
        assert told in page and (f"{told}, försenat" in page) is False, name
    assert reverse("cases:answers") in text(client.get(reverse("cases:today")))
    actions.mark_answered(contact_id=contact.pk, by=cast.mika_worker, now=now)
    case.refresh_from_db()
    assert (case.due_on, case.waits_since) == (None, None)


def test_a_promise_gives_way_to_what_is_to_be_done_before_it(
    cast: SimpleNamespace, given: Callable[..., Case]
) -> None:
    case, now, today = given(), timezone.now(), timezone.localdate()
    who = {"case_id": case.pk, "by": cast.mika_worker, "now": now}
    content = ContactContent(channel="phone", kind="counselling")
    later = today + timedelta(days=4)
    actions.log_contact(service="mika", on=today, content=content, answer_by=later, **who)
    actions.write_action(
        text="Påhittat", due_on=today + timedelta(days=1), goal="", **who | {"who": "worker"}
    )
    case.refresh_from_db()
    assert case.due_on == today + timedelta(days=1)
    assert lists.next_kinds([case]) == {case.pk: "action"}
