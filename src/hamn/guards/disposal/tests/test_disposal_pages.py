"""The pages of disposal: what each sees, the way from plan to certificate, and no other."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.guards.disposal import actions, tasks
from hamn.guards.disposal.models import Certificate, DisposalList, Hold
from hamn.guards.disposal.rules import ListState, Reason
from hamn.guards.disposal.tests.shelf import Shelf

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
INSIDERS = ("mika_worker", "mika_second", "mika_head")
OUTSIDERS = ("kast_worker", "kast_head", "steward", "controller", "reader", "stranger", "head")
Make = Callable[..., Any]
Desk = Callable[..., Any]


@pytest.fixture
def due(shelf: Shelf) -> Shelf:
    """A shelf with two records that are due in mika today, by the clock."""
    long_ago = timezone.localdate() - timedelta(days=365 * 5 + 30)
    shelf.put(last_note_on=long_ago)
    shelf.put(last_note_on=long_ago)
    return shelf


@pytest.fixture
def row(due: Shelf, planned: Make, cast: SimpleNamespace) -> DisposalList:
    """Mika's list, planned by a worker."""
    today = timezone.localdate()
    return planned(on=today, today=today)  # type: ignore[no-any-return]


def at(name: str, *arguments: Any) -> str:
    return reverse(f"disposal:{name}", args=arguments)


def press(client: Any, url: str, **fields: str) -> Any:
    """The page's form, sent as the page shows it."""
    page = client.get(url)
    assert page.status_code == 200, page.content.decode()
    hidden = {name: form[name].value() for form in [page.context["form"]] for name in form.fields}
    return client.post(url, {**{k: v or "" for k, v in hidden.items()}, **fields}, follow=True)


def test_from_plan_to_certificate_by_two_people(
    due: Shelf, desk: Desk, cast: SimpleNamespace
) -> None:
    worker, head = desk(cast.mika_worker), desk(cast.mika_head)
    assert "Ta fram en lista" in worker.get(at("start")).content.decode()
    today = timezone.localdate().isoformat()
    page = worker.post(at("plan_list", "mika"), {"on": today}, follow=True)
    row = DisposalList.objects.get()
    assert "väntar på godkännande" in page.content.decode()
    assert worker.get(at("approve_list", row.pk)).status_code == 404
    press(head, at("approve_list", row.pk))
    press(head, at("start_run", row.pk))
    tasks.run_disposal.func(row.pk)
    page = head.get(at("show_list", row.pk))
    assert "Gallringsbeviset" in page.content.decode()
    proof = worker.get(at("certificate", Certificate.objects.get().pk)).content.decode()
    assert "Påhittade uppgifter: Personakt och sammanställning" in proof
    assert not due.records


def test_the_certificate_is_a_document_too(
    due: Shelf, row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    actions.approve_list(
        list_id=row.pk, seen=row.fingerprint, today=timezone.localdate(), by=cast.mika_head
    )
    actions.run_list(list_id=row.pk, today=timezone.localdate(), by=cast.administrator)
    answer = desk(cast.mika_head).get(at("certificate_file", Certificate.objects.get().pk))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def test_needed_still_is_one_click_on_the_list(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    worker = desk(cast.mika_second)
    item = row.items.first()
    assert item is not None
    page = worker.get(at("show_list", row.pk)).content.decode()
    assert at("exclude_item", row.pk, item.pk) in page
    until = date(item.due_on.year + 1, 12, 30).isoformat()
    assert f'value="{until}"' in page
    fields = {"reason": "requested", "until": until}
    page = worker.post(at("exclude_item", row.pk, item.pk), fields, follow=True).content.decode()
    assert "Personen har begärt att få ta del av uppgifterna" in page
    assert Hold.objects.get().reason == Reason.REQUESTED


def test_what_is_late_is_kept_for_a_legal_reason_alone(
    due: Shelf, planned: Make, desk: Desk, cast: SimpleNamespace
) -> None:
    today = timezone.localdate()
    for thing in due.records:
        due.change(thing, last_note_on=today - timedelta(days=365 * 8))
    row = planned(on=today, today=today)
    item = row.items.first()
    worker = desk(cast.mika_worker)
    page = worker.get(at("show_list", row.pk)).content.decode()
    assert "Undanta av rättsligt skäl" in page and "<select" not in page
    until = (today + timedelta(days=90)).isoformat()
    for reason, status in (("ongoing", 422), ("court", 302)):
        fields = {"reason": reason, "until": until}
        assert worker.post(at("exclude_item", row.pk, item.pk), fields).status_code == status


def test_too_long_is_told_and_nothing_is_kept(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    item = row.items.first()
    assert item is not None
    fields = {"reason": "ongoing", "until": date(item.due_on.year + 2, 1, 1).isoformat()}
    answer = desk(cast.mika_worker).post(at("exclude_item", row.pk, item.pk), fields)
    assert answer.status_code == 422
    assert "ska vara gallrade senast" in answer.content.decode()
    assert not Hold.objects.exists()


def test_who_planned_is_told_why_she_cannot_approve(
    due: Shelf, planned: Make, desk: Desk, cast: SimpleNamespace
) -> None:
    today = timezone.localdate()
    row = planned(on=today, today=today, by=cast.mika_head)
    head = desk(cast.mika_head)
    assert "Granska och godkänn" not in head.get(at("show_list", row.pk)).content.decode()
    answer = head.get(at("approve_list", row.pk))
    assert answer.status_code == 422
    assert "Du har själv tagit fram listan" in answer.content.decode()
    assert head.post(at("approve_list", row.pk), {"seen": row.fingerprint}).status_code == 422
    row.refresh_from_db()
    assert row.state == ListState.PLANNED


def test_a_list_changed_under_the_page_is_not_approved_before_it_is_read_again(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    head = desk(cast.mika_head)
    seen = row.fingerprint
    item = row.items.first()
    assert item is not None
    today = timezone.localdate()
    actions.exclude_item(
        list_id=row.pk,
        item_id=item.pk,
        reason=Reason.COURT,
        until=today + timedelta(days=40),
        today=today,
        by=cast.mika_worker,
    )
    answer = head.post(at("approve_list", row.pk), {"seen": seen})
    assert "Granska den på nytt" in answer.content.decode()
    row.refresh_from_db()
    fresh = {"seen": answer.context["form"]["seen"].value()}
    assert fresh["seen"] == row.fingerprint
    head.post(at("approve_list", row.pk), fresh)
    row.refresh_from_db()
    assert row.state == ListState.APPROVED


@pytest.mark.parametrize("who", INSIDERS)
def test_those_of_the_unit_see_its_records(
    who: str, row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    page = desk(getattr(cast, who)).get(at("show_list", row.pk))
    assert "Uppgifterna en för en" in page.content.decode()


def test_who_runs_the_system_sees_states_and_counts_and_no_record(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    page = desk(cast.administrator).get(at("show_list", row.pk)).content.decode()
    assert "Vad som står i listan" in page
    assert "Uppgifterna en för en" not in page
    item = row.items.first()
    assert item is not None
    answer = desk(cast.administrator).get(at("exclude_item", row.pk, item.pk))
    assert answer.status_code == 404


@pytest.mark.parametrize("who", OUTSIDERS)
def test_others_meet_what_is_not_there(
    who: str, row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    client = desk(getattr(cast, who))
    item = row.items.first()
    assert item is not None
    told = set()
    for list_id in (row.pk, 9_999):
        for name in ("show_list", "approve_list", "withdraw_list", "start_run"):
            answer = client.get(at(name, list_id))
            assert answer.status_code == 404
            assert client.post(at(name, list_id), {}).status_code == 404
        told.add(client.get(at("show_list", list_id)).content.decode().count("<p"))
        assert client.get(at("exclude_item", list_id, item.pk)).status_code == 404
    assert len(told) == 1
    assert client.get(at("plan_list", "mika")).status_code == 404


def test_a_list_can_be_put_away_and_a_hold_lifted(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    item = row.items.first()
    assert item is not None
    today = timezone.localdate()
    actions.exclude_item(
        list_id=row.pk,
        item_id=item.pk,
        reason=Reason.COURT,
        until=today + timedelta(days=40),
        today=today,
        by=cast.mika_worker,
    )
    worker = desk(cast.mika_worker)
    assert "Listan är tillbakadragen" in press(worker, at("withdraw_list", row.pk)).content.decode()
    hold = Hold.objects.get()
    assert desk(cast.kast_worker).get(at("lift_hold", hold.pk)).status_code == 404
    assert "Undantaget är borttaget" in press(worker, at("lift_hold", hold.pk)).content.decode()


def test_the_rules_stand_with_their_sources_and_that_a_lawyer_must_confirm(
    desk: Desk, cast: SimpleNamespace
) -> None:
    page = desk(cast.mika_worker).get(at("rule_table")).content.decode()
    assert "SoL (2025:400) 16 kap. 1 §" in page
    assert page.count("Ska bekräftas av den personuppgiftsansvariges jurist.") == 7


def test_a_run_at_work_tells_how_far_it_has_come_and_why_it_waits(
    row: DisposalList, desk: Desk, cast: SimpleNamespace
) -> None:
    from hamn.guards.vault import actions as vault

    actions.approve_list(
        list_id=row.pk, seen=row.fingerprint, today=timezone.localdate(), by=cast.mika_head
    )
    actions.start_run(list_id=row.pk, by=cast.administrator)
    head = desk(cast.mika_head)
    part = head.get(at("show_list", row.pk), headers={"HX-Request": "true"})
    assert "0 av 2 är klara" in part.content.decode()
    assert "HX-Refresh" not in part.headers
    vault.lock(unit="mika", by=cast.mika_head)
    tasks.run_disposal.func(row.pk)
    page = head.get(at("show_list", row.pk)).content.decode()
    assert "Valvet för" in page


def test_a_stand_in_approves_what_another_units_only_head_planned(
    due: Shelf, planned: Make, desk: Desk, cast: SimpleNamespace
) -> None:
    today = timezone.localdate()
    row = planned(on=today, today=today, by=cast.mika_head)
    head = desk(cast.kast_head)
    page = head.get(at("show_list", row.pk)).content.decode()
    assert "Granska och godkänn" in page and "Uppgifterna en för en" not in page
    press(head, at("approve_list", row.pk))
    row.refresh_from_db()
    assert (row.state, row.approved_by) == (ListState.APPROVED, cast.kast_head)
