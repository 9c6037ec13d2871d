"""Under 18 at any intake: the duty follows the child, and is the reader's own in a shared case."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from hamn.support.cases import actions
from hamn.support.cases.models import Draft, Fact, Record
from hamn.support.cases.queries.lists import reports_to_send
from hamn.support.cases.queries.opened import content_of
from hamn.support.cases.rules.children import ChildWelfareReport
from hamn.support.cases.rules.contacts import NotJoinable
from hamn.support.cases.rules.shares import OnlyShared
from hamn.support.cases.tests.exchange import act
from hamn.support.cases.tests.test_cases_shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REPORT = ChildWelfareReport(municipality="0180", concern="Påhittad oro", wants_feedback=False)
SENT = {"how": "handed_over", "receiver": "Mottagningen", "receipt": ""}
COORDINATOR = "Koppla in koordinatorn för barn och unga"


def read(case: Any, by: Any, now: datetime) -> Any:
    return actions.read_case(what="timeline", **act(case, by, now)).content


def facts(**where: Any) -> dict[tuple[str, str], int]:
    """The sums by unit and age group."""
    rows = Fact.objects.filter(**where).values_list("unit", "age_group")
    sums = rows.annotate(total=Sum("weight")).order_by()
    return {(unit, age): total for unit, age, total in sums if total}


@pytest.fixture
def shared(open_case: Any, cast: SimpleNamespace) -> Any:
    """A child's case at Mika that the coordinator for children reads."""
    case = open_case(age_group="child", called="Påhittat Barn")
    share(case, cast.mika_worker, timezone.now(), unit="coordinator_child", until=_later())
    return case


# Through a share.


def test_who_reads_a_shared_case_makes_and_sends_her_own_report(
    shared: Any, cast: SimpleNamespace, now: datetime
) -> None:
    hers = act(shared, cast.child_coordinator, now)
    row = actions.add_child_report(report=REPORT, **hers)
    assert content_of(row, shared.box, ChildWelfareReport).unit == "coordinator_child"
    assert list(reports_to_send(cast.child_coordinator, now)) == [row]
    sent = actions.send_child_report(record_id=row.pk, on=now.date(), **SENT, **hers)
    assert sent.state == "sent"
    assert facts(kind="child_report") == {("coordinator_child", "child"): 1}


def test_who_reads_a_shared_case_changes_no_report_of_its_own_unit(
    shared: Any, cast: SimpleNamespace, now: datetime
) -> None:
    row = actions.add_child_report(report=REPORT, **act(shared, cast.mika_worker, now))
    assert not reports_to_send(cast.child_coordinator, now)
    hers = {"record_id": row.pk, **act(shared, cast.child_coordinator, now)}
    for does in (
        lambda: actions.send_child_report(on=now.date(), **SENT, **hers),
        lambda: actions.change_child_report(seen=1, change=lambda one: one, **hers),
        lambda: actions.drop_child_report(why="Nej", **hers),
    ):
        with pytest.raises(OnlyShared):
            does()
    assert Record.objects.get(pk=row.pk).state == "open"


def test_the_report_of_a_shared_case_is_made_on_its_pages_and_kept_as_a_draft(
    shared: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.child_coordinator)
    page = reverse("cases:add_child_report", args=[shared.case.pk])
    assert page in client.get(reverse("cases:show", args=[shared.case.pk])).text
    shown = client.get(page)
    assert shown.status_code == 200
    token = shown.text.split('name="draft" value="')[-1].split('"')[0]
    kept = client.post(reverse("cases:keep_draft"), {"draft": token, "concern": "Oro"})
    assert kept.status_code == 200
    assert Draft.objects.get().unit == "coordinator_child"
    answer = client.post(page, {"municipality": "0180", "concern": "Oro", "draft": token})
    assert answer.status_code == 302
    row = Record.objects.get(kind="child_report")
    children = client.get(reverse("cases:children", args=[shared.case.pk])).text
    send = reverse("cases:send_child_report", args=[shared.case.pk, row.pk])
    assert send in children
    assert "Öppna igen" not in children
    own = desk(cast.mika_worker).get(reverse("cases:children", args=[shared.case.pk])).text
    assert send in own
    day = {"on": timezone.localdate().isoformat(), **SENT}
    assert client.post(send, day).status_code == 302


def test_another_units_report_shows_no_way_to_send_it(
    shared: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    row = actions.add_child_report(report=REPORT, **act(shared, cast.mika_worker, now))
    client = desk(cast.child_coordinator)
    args = [shared.case.pk, row.pk]
    shown = client.get(reverse("cases:children", args=[shared.case.pk])).text
    assert reverse("cases:send_child_report", args=args) not in shown
    assert client.get(reverse("cases:change_child_report", args=args)).status_code == 422


# The age follows from the contact.


def test_a_childs_contact_tells_its_case_of_unknown_age_and_the_facts_follow(
    open_case: Any, log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(age_group="unknown")
    log(case_id=case.case.pk, age_group="unknown")
    log(case_id=case.case.pk, age_group="child")
    assert read(case, cast.mika_worker, now).age_group == "child"
    assert facts(kind="case") == {("mika", "child"): 1}
    assert facts(kind="contact") == {("mika", "child"): 2}


def test_a_childs_contact_that_is_joined_tells_its_case_too(
    open_case: Any, log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, one = open_case(age_group="unknown"), log(age_group="child")
    actions.join_contact(
        contact_id=one.contact.pk, case_id=case.case.pk, by=cast.mika_worker, now=now
    )
    assert read(case, cast.mika_worker, now).age_group == "child"
    assert facts(kind="contact") == {("mika", "child"): 1}


@pytest.mark.parametrize(
    ("age", "says"),
    [("adult", {"age_group": "child"}), ("unknown", {"age_group": "child", "form": "relative"})],
)
def test_a_case_of_known_age_and_a_relatives_contact_change_nothing(
    age: str, says: dict[str, str], open_case: Any, log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(age_group=age)
    log(case_id=case.case.pk, **says)
    assert read(case, cast.mika_worker, now).age_group == age


def test_of_a_couple_only_the_one_whose_case_it_is_written_in_is_the_child(
    open_case: Any, log: Any, cast: SimpleNamespace, now: datetime
) -> None:
    first, other = open_case(age_group="unknown"), open_case(age_group="unknown")
    actions.link_cases(
        number=other.content.number, form="couple", words="", **act(first, cast.mika_worker, now)
    )
    log(case_id=first.case.pk, also_in=[other.case.pk], age_group="child")
    assert read(first, cast.mika_worker, now).age_group == "child"
    assert read(other, cast.mika_worker, now).age_group == "unknown"


# The coordinator.


def test_a_childs_case_leads_to_the_coordinator_until_she_reads_it(
    open_case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case(age_group="child")
    client, page = desk(cast.mika_worker), reverse("cases:show", args=[case.case.pk])
    link = reverse("cases:share_case", args=[case.case.pk])
    shown = client.get(page).text
    assert COORDINATOR in shown
    assert link in shown
    assert '<option value="coordinator_child" selected>' in client.get(link).text
    share(case, cast.mika_worker, timezone.now(), unit="coordinator_child", until=_later())
    shown = client.get(page).text
    assert COORDINATOR not in shown
    assert "Koordinatorn för barn och unga är inkopplad." in shown
    assert COORDINATOR not in desk(cast.child_coordinator).get(page).text


def test_an_adults_case_and_the_coordinators_own_lead_to_no_coordinator(
    open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    hers = open_case(by=cast.child_coordinator, unit="coordinator_child", age_group="child")
    adult = open_case(age_group="adult")
    for who, case in (("child_coordinator", hers), ("mika_worker", adult)):
        page = reverse("cases:show", args=[case.case.pk])
        assert COORDINATOR not in desk(getattr(cast, who)).get(page).text


def test_the_coordinator_is_not_put_before_herself_when_she_has_taken_the_case_over(
    open_case: Any, log: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    case = open_case(age_group="child")
    one = log(case_id=case.case.pk, age_group="child").contact
    case.case.refresh_from_db()
    actions.hand_over_case(
        unit="coordinator_child",
        ground="need_to_know",
        consent="",
        reason="Påhittat skäl",
        reads_until=None,
        takes_details=False,
        seen=case.case.version,
        **act(case, cast.mika_worker, now),
    )
    who = cast.child_coordinator
    assert COORDINATOR not in desk(who).get(reverse("cases:contact", args=[one.pk])).text
    with pytest.raises(NotJoinable):
        actions.hand_to_child_coordinator(
            contact_id=one.pk, ground="need_to_know", words="x", by=who, now=now
        )


def test_the_alarm_of_a_childs_contact_gives_way_to_the_day_of_the_report(
    open_case: Any, log: Any, cast: SimpleNamespace, desk: Any
) -> None:
    case, now = open_case(age_group="unknown"), timezone.now()
    one = log(case_id=case.case.pk, age_group="child").contact
    client, page = desk(cast.mika_worker), reverse("cases:contact", args=[one.pk])
    assert "Du ska genast anmäla oro" in client.get(page).text
    given = act(case, cast.mika_worker, now)
    told = ChildWelfareReport("0180", "Påhittad oro", is_client=True)
    row = actions.add_child_report(report=told, **given)
    actions.send_child_report(record_id=row.pk, on=timezone.localdate(now), **SENT, **given)
    shown = client.get(page).text
    assert "Du ska genast anmäla oro" not in shown
    assert shown.count("Oro är anmäld den") == 2  # of the case, and of the contact


def _later() -> Any:
    return timezone.localdate() + timedelta(days=30)
