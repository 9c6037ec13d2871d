"""Children and reports of concern: from any case, at once, reminding until they are sent."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.vault import queries as vaults
from hamn.papers.tests.reading import words
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Fact, Record
from hamn.support.cases.queries.lists import reports_to_send
from hamn.support.cases.queries.opened import content_of
from hamn.support.cases.rules.children import Child, ChildWelfareReport, NotLinkable
from hamn.support.cases.rules.notes import Note
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState
from hamn.ui.words import long_date

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = date(2026, 3, 2)
WORRY = "Påhittad oro: barnet sover inte hemma."
CHILD = Child(called="Påhittade Lo", birth_year=2018, needs="Någon att prata med")


def report(case: Any, by: Any, now: datetime, **more: Any) -> Record:
    given = {"municipality": "0180", "concern": WORRY, **more}
    return actions.add_child_report(
        case_id=case.case.pk, report=ChildWelfareReport(**given), by=by, now=now
    )


def send(case: Any, row: Record, by: Any, now: datetime, **more: Any) -> Record:
    given: dict[str, Any] = {
        "on": TODAY,
        "how": "handed_over",
        "receiver": "Mottagningen",
        "receipt": "",
        **more,
    }
    return actions.send_child_report(
        case_id=case.case.pk, record_id=row.pk, by=by, now=now, **given
    )


def add(case: Any, by: Any, now: datetime, child: Child = CHILD) -> Record:
    return actions.add_child(case_id=case.case.pk, child=child, by=by, now=now)


def says(row: Record, case: Any) -> Any:
    kinds = {"child": Child, "child_report": ChildWelfareReport}
    return content_of(Record.objects.get(pk=row.pk), case.box, kinds[row.kind])


def test_a_report_from_an_anonymous_case_is_due_today_and_reminds_until_it_is_sent(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(age_group="child"), cast.mika_worker
    row = report(case, by, now, is_client=True)
    case.case.refresh_from_db()
    assert (row.state, row.due_on, case.case.due_on) == ("open", TODAY, TODAY)
    assert list(reports_to_send(by, now)) == [row]
    assert says(row, case).made_at == now
    send(case, row, by, now)
    assert not reports_to_send(by, now)
    assert not Fact.objects.filter(kind="child_report").exclude(municipality="0180").exists()
    opened = actions.read_case(case_id=case.case.pk, what="test", by=by, now=now)
    assert opened.content.reported_on == TODAY


def test_a_sent_report_waits_a_week_for_what_came_of_it(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    """SoL 19:6."""
    case, by = open_case(), cast.mika_worker
    row = send(case, report(case, by, now), by, now, receipt="Påhittat 1/2026")
    case.case.refresh_from_db()
    week = TODAY + timedelta(days=7)
    assert (row.state, row.due_on, case.case.due_on) == ("awaits", week, week)
    who = {"case_id": case.case.pk, "record_id": row.pk, "by": by, "now": now}
    with pytest.raises(BadInput, match="Skriv vad nämnden svarade"):
        actions.answer_child_report(feedback=" ", **who)
    actions.answer_child_report(feedback="En utredning har inletts.", **who)
    case.case.refresh_from_db()
    assert case.case.due_on is None
    assert says(row, case).feedback == "En utredning har inletts."


def test_a_report_whose_sender_wants_no_answer_is_done_when_it_is_sent(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = send(case, report(case, by, now, wants_feedback=False), by, now)
    assert (row.state, row.due_on) == ("sent", None)


def test_a_sent_report_is_neither_changed_nor_sent_nor_dropped(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = send(case, report(case, by, now), by, now)
    who = {"case_id": case.case.pk, "record_id": row.pk, "by": by, "now": now}
    with pytest.raises(WrongState, match="Gör en ny"):
        actions.change_child_report(seen=row.version, change=lambda one: one, **who)
    with pytest.raises(WrongState):
        send(case, row, by, now)
    with pytest.raises(WrongState):
        actions.drop_child_report(why="Ångrar mig", **who)
    assert Fact.objects.filter(kind="child_report").count() == 1


def test_a_report_that_is_not_needed_says_why_and_is_not_counted(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = report(case, by, now)
    who = {"case_id": case.case.pk, "record_id": row.pk, "by": by, "now": now}
    with pytest.raises(BadInput):
        actions.drop_child_report(why="", **who)
    actions.drop_child_report(why="En kollega anmälde i går.", **who)
    assert not reports_to_send(by, now)
    assert not Fact.objects.filter(kind="child_report").exists()


def test_the_duty_does_not_end_with_the_case(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    Case.objects.update(state="closed", closed_on=TODAY)
    row = report(case, by, now)
    assert list(reports_to_send(by, now)) == [row]
    assert send(case, row, by, now).state == "awaits"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"concern": "  "}, "vad du är orolig för"),
        ({"municipality": "unknown"}, "Välj den kommun"),
        ({"municipality": "9999"}, "Välj den kommun"),
        ({"child_birth_year": 2031}, "har inte varit än"),
        ({"child_birth_year": 1990}, "inte under 18"),
        ({"concern": "dolt \u202e tecken"}, "dolt tecken"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    open_case: Any, cast: SimpleNamespace, now: datetime, more: dict[str, Any], told: str
) -> None:
    case = open_case()
    with pytest.raises(BadInput, match=told):
        report(case, cast.mika_worker, now, **more)
    assert not Record.objects.exists()


def test_a_report_of_a_protected_person_holds_no_address(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = report(case, by, now, child_address="Påhittade vägen 1", whereabouts="Hos mormor")
    actions.protect_identity(case_id=case.case.pk, seen=1, is_protected=True, by=by, now=now)
    assert (says(row, case).child_address, says(row, case).whereabouts) == ("", "")
    with pytest.raises(BadInput, match="ingen adress"):
        report(case, by, now, child_address="Påhittade vägen 1")


def test_the_paper_says_what_the_report_says(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    case, by = open_case(called="Påhittad Ek"), cast.mika_worker
    row = report(case, by, now, child="Lo <script>", child_birth_year=2018, is_acute=True)
    page = reverse("cases:child_report_file", args=[case.case.pk, row.pk])
    answer = desk(by).get(page)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="{str(row.pk)[:8]}.pdf"'
    told = words(answer.content)
    for part in (WORRY, "Lo <script>", "2018", "Socialnämnden", case.content.number, "2 mars 2026"):
        assert part in told
    assert "Påhittad Ek" not in told


def test_who_saves_a_report_over_a_colleagues_is_told(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(mine=False)
    row = report(case, cast.mika_worker, now)
    who = {"case_id": case.case.pk, "record_id": row.pk, "now": now}
    actions.change_child_report(seen=1, change=lambda one: one, by=cast.mika_worker, **who)
    with pytest.raises(Changed):
        actions.change_child_report(seen=1, change=lambda one: one, by=cast.mika_second, **who)


def test_a_child_is_a_person_with_needs_and_things_to_do(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = add(case, by, now)
    task = actions.plan_for_child(
        case_id=case.case.pk,
        record_id=row.pk,
        text="Ring skolkuratorn",
        due_on=TODAY + timedelta(days=3),
        by=by,
        now=now,
    )
    case.case.refresh_from_db()
    assert (task.kind, task.parent_id) == ("action", row.pk)
    assert case.case.due_on == TODAY + timedelta(days=3)
    with pytest.raises(BadInput, match="Skriv något om barnet"):
        add(case, by, now, Child())
    with pytest.raises(BadInput, match="inte under 18"):
        add(case, by, now, Child(birth_year=1980))


@pytest.mark.parametrize(("ground", "called"), [("consent", CHILD.called), ("need_to_know", "")])
def test_a_case_of_the_childs_own_is_the_coordinators_alone(
    open_case: Any, cast: SimpleNamespace, now: datetime, ground: str, called: str
) -> None:
    case, by = open_case(), cast.mika_worker
    row = add(case, by, now)
    who = {"case_id": case.case.pk, "record_id": row.pk, "by": by, "now": now}
    theirs = actions.open_case_for_child(ground=ground, words="Behöver någon nu.", **who)
    read: dict[str, Any] = {"case_id": theirs.case.pk, "what": "test", "now": now}
    with pytest.raises(NotVisible):
        actions.read_case(by=by, **read)
    opened = actions.read_case(by=cast.child_coordinator, **read)
    assert (opened.content.called, opened.content.birth_year) == (called, 2018)
    note = Record.objects.get(case=theirs.case, kind="note")
    assert content_of(note, opened.box, Note).text == "Behöver någon nu."
    assert not vaults.open_boxes([theirs.box.id], ["mika"])
    assert says(row, case).handed_ground == ground
    assert Fact.objects.filter(kind="hand_over", unit="mika").count() == 1
    with pytest.raises(NotLinkable):
        actions.open_case_for_child(ground=ground, words="Igen", **who)


def test_without_a_ground_nothing_is_told_the_coordinator(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    row = add(case, by, now)
    for ground, told in (("", "Ord"), ("general_clause", "Ord"), ("consent", " ")):
        with pytest.raises(BadInput):
            actions.open_case_for_child(
                case_id=case.case.pk, record_id=row.pk, ground=ground, words=told, by=by, now=now
            )
    assert Case.objects.count() == 1


def test_a_child_or_a_report_is_reached_through_its_own_case_alone(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    mine, by = open_case(), cast.mika_worker
    hers = open_case(by=cast.kast_worker, unit="kast")
    child, written = add(hers, cast.kast_worker, now), report(hers, cast.kast_worker, now)
    client = desk(by)
    for name, row in (
        ("change_child", child),
        ("plan_for_child", child),
        ("open_case_for_child", child),
        ("report_child", child),
        ("change_child_report", written),
        ("child_report_file", written),
    ):
        for case_id in (mine.case.pk, hers.case.pk, uuid4()):
            page = reverse(f"cases:{name}", args=[case_id, row.pk])
            assert client.get(page).status_code == 404, name
    with pytest.raises(NotVisible):
        report(mine, by, now, about=str(child.pk))
    for act in (send,):
        with pytest.raises(NotVisible):
            act(mine, written, by, now)
    with pytest.raises(ClosedToYou):
        report(mine, cast.mika_second, now)


def test_a_report_is_made_sent_and_answered_on_its_pages(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    case = open_case(called="<i>Ek</i>", age_group="child", birth_year=2011, municipality="0117")
    client = desk(cast.mika_worker)
    page = reverse("cases:add_child_report", args=[case.case.pk])
    shown = client.get(page).text
    assert 'value="2011"' in shown
    assert 'value="&lt;i&gt;Ek&lt;/i&gt;"' in shown
    assert '<option value="0117" selected>' in shown
    sent = {"municipality": "0117", "concern": "", "child": "Ek", "wants_feedback": "on"}
    assert client.post(page, sent).status_code == 422
    assert client.post(page, {**sent, "concern": "<b>Oro</b>"}).status_code == 302
    row = Record.objects.get(kind="child_report")
    children = reverse("cases:children", args=[case.case.pk])
    shown = client.get(children).text
    assert "&lt;b&gt;Oro&lt;/b&gt;" in shown
    assert "<b>Oro</b>" not in shown
    change = reverse("cases:change_child_report", args=[case.case.pk, row.pk])
    told = {**sent, "concern": "Mer", "seen": "1", "is_child_told": "no"}
    assert client.post(change, told).status_code == 302
    assert says(row, case).is_child_told is False
    today = reverse("cases:today")
    reminder = f"Ärende {case.content.number}: skicka anmälan genast"
    assert reminder in client.get(today).text
    given = reverse("cases:send_child_report", args=[case.case.pk, row.pk])
    made = timezone.localdate()
    handed = {"on": made.isoformat(), "how": "handed_over", "receiver": "Mottagningen"}
    for day in ("2099-01-01", (made - timedelta(days=1)).isoformat()):
        assert client.post(given, {**handed, "on": day}).status_code == 422
    assert client.post(given, handed).status_code == 302
    assert reminder not in client.get(today).text
    answer = reverse("cases:answer_child_report", args=[case.case.pk, row.pk])
    assert client.post(answer, {"feedback": "Utredning inledd"}).status_code == 302
    shown = client.get(children).text
    assert "mottagaren har svarat" in shown
    assert f"Oro är anmäld den {long_date(made)}" in shown


def test_the_pages_of_a_child_work_and_know_their_place(
    open_case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    case = open_case()
    client = desk(cast.mika_worker)
    add_page = reverse("cases:add_child", args=[case.case.pk])
    assert client.post(add_page, {"called": "<i>Lo</i>", "birth_year": "2031"}).status_code == 422
    assert client.post(add_page, {"called": "<i>Lo</i>", "birth_year": "2018"}).status_code == 302
    row = Record.objects.get(kind="child")
    args = [case.case.pk, row.pk]
    for name in ("change_child", "plan_for_child", "open_case_for_child", "report_child"):
        shown = client.get(reverse(f"cases:{name}", args=args))
        assert shown.status_code == 200
        assert "<i>Lo</i>" not in shown.text
    change = {"called": "Lo", "birth_year": "2018", "needs": "Vila", "seen": "1"}
    assert client.post(reverse("cases:change_child", args=args), change).status_code == 302
    assert client.post(reverse("cases:change_child", args=args), change).status_code == 422
    own = reverse("cases:open_case_for_child", args=args)
    assert client.post(own, {"ground": "need_to_know", "words": "Hjälp"}).status_code == 302
    assert "har ett ärende för barnet" in client.get(
        reverse("cases:children", args=[case.case.pk])
    ).text.replace("\n", " ")


def test_the_page_asks_as_many_questions_with_ten_children_as_with_one(
    open_case: Any, cast: SimpleNamespace, now: datetime, desk: Any
) -> None:
    case, by, client = open_case(), cast.mika_worker, desk(cast.mika_worker)
    page = reverse("cases:children", args=[case.case.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    add(case, by, now)
    report(case, by, now)
    client.get(page)
    few = asked()
    for _one in range(9):
        add(case, by, now)
        report(case, by, now)
    assert asked() == few
