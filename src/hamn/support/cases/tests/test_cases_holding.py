"""Cases come to their end: when, what dies with them, what stays, and what stands against it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput
from hamn.guards.audit.models import Entry
from hamn.guards.disposal import actions as disposal
from hamn.guards.disposal.rules import ListState, Reason, TooLong, holding_of
from hamn.guards.vault import actions as vault
from hamn.guards.vault.models import SealedBox
from hamn.support.cases import actions
from hamn.support.cases.models import (
    Attachment,
    AttachmentPart,
    Case,
    Contact,
    ContactDetails,
    Draft,
    Fact,
    Record,
    Request,
    Share,
)
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.shares import OnlyShared
from hamn.support.cases.rules.states import Changed, ClosedToYou

pytestmark = pytest.mark.django_db
THEN = datetime(2019, 5, 6, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Make = Callable[..., Any]


def due(kind: str, on: date = TODAY, unit: str = "mika") -> list[Any]:
    """What disposal is given of the kind for that day."""
    holding = holding_of(kind)
    before = on + timedelta(days=1)
    found = holding.candidates(unit=unit, due_before=before, after_id=None, limit=100)
    assert holding.count(unit=unit, due_before=before) == len(found)
    return list(found)


def contact(cast: SimpleNamespace, case: Case | None = None, **more: Any) -> Contact:
    """A contact on the day long ago, in the case or alone."""
    given = {"by": cast.mika_worker, "now": THEN, "case_id": case.pk if case else None, **more}
    content = ContactContent(channel="phone", kind="counselling", text="Påhittat samtal")
    logged = actions.log_contact(service="mika", on=THEN.date(), content=content, **given)
    row: Contact = logged.contact
    return row


def note(cast: SimpleNamespace, case: Case, at: datetime = THEN) -> Record:
    """A note in the case."""
    given = {"case_id": case.pk, "by": cast.mika_worker, "now": at}
    row: Record = actions.write_note(text="Påhittad", title="", on=at.date(), **given)
    return row


def whole(cast: SimpleNamespace, case: Case) -> set[Any]:
    """The case with one of everything that can belong to it; the ids of all their boxes."""
    note(cast, case)
    joined = contact(cast, case)
    row = {"sealed": b"x"}
    boxes = [vault.new_box(["mika"]).id for _ in range(6)]
    ContactDetails.objects.create(case=case, box=boxes[0], **row)
    ContactDetails.objects.create(contact=joined, box=boxes[1], **row)
    for at, owner in ((2, {"case": case}), (3, {"contact": joined})):
        file = Attachment.objects.create(box=boxes[at], added_by=cast.mika_worker, **owner, **row)
        AttachmentPart.objects.create(attachment=file, copy="original", number=0, **row)
    moment = {"place": "x", "saved_at": THEN}
    Draft.objects.create(
        owner=cast.mika_worker, unit="mika", case=case, box=boxes[4], **moment, **row
    )
    days = {name: THEN.date() for name in ("received_on", "last_note_on", "due_on")}
    kinds: dict[str, Any] = {"unit": "mika", "kind": "own_data", "state": "open"}
    kinds["registered_by"] = cast.mika_worker
    Request.objects.create(case=case, box=boxes[5], **kinds, **days, **row)
    return {case.box, *boxes}


def disposed(cast: SimpleNamespace) -> Any:
    """The unit's list of the day: planned by one, approved by another, run."""
    row = disposal.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_worker)
    disposal.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.mika_head)
    return disposal.run_list(list_id=row.pk, today=TODAY, by=cast.administrator)


def rows() -> dict[str, int]:
    """How many rows there are of each model of casework, the empty ones left out."""
    found = {
        model.__name__: model.objects.count() for model in apps.get_app_config("cases").get_models()
    }
    return {name: count for name, count in found.items() if count}


def test_a_case_is_due_five_years_after_its_last_note_and_not_a_day_before(
    cast: SimpleNamespace, open_case: Make
) -> None:
    case = open_case(now=THEN).case
    note(cast, case, THEN + timedelta(days=100))
    last = date(2019, 8, 14)
    (found,) = due("cases.case")
    assert (found.last_note_on, found.due_on) == (last, date(2024, 8, 14))
    assert due("cases.case", date(2024, 8, 14)) and not due("cases.case", date(2024, 8, 13))
    assert not due("cases.case", unit="kast")


def test_every_box_that_belongs_to_a_case_is_told_to_disposal(
    cast: SimpleNamespace, open_case: Make
) -> None:
    case = open_case(now=THEN).case
    boxes = whole(cast, case)
    (found,) = due("cases.case")
    assert set(found.box_ids) == boxes == set(SealedBox.objects.values_list("pk", flat=True))


def test_no_row_with_a_box_of_its_own_is_forgotten() -> None:
    models = apps.get_app_config("cases").get_models()
    boxed = {one.__name__ for one in models if any(f.name == "box" for f in one._meta.fields)}
    assert boxed == {"Case", "Contact", "ContactDetails", "Attachment", "Draft", "Request"}


def test_a_case_of_2019_is_planned_approved_by_another_and_gone_and_its_facts_remain(
    cast: SimpleNamespace, open_case: Make
) -> None:
    whole(cast, open_case(now=THEN).case)
    living = open_case(now=NOW).case
    facts = list(Fact.objects.order_by("pk").values())
    row = disposed(cast)
    assert (row.state, row.destroyed, row.moved) == (ListState.DONE, 1, 0)
    assert rows() == {"Case": 1, "CaseRead": 1, "Fact": len(facts)}
    assert list(Fact.objects.order_by("pk").values()) == facts
    assert set(SealedBox.objects.values_list("pk", flat=True)) == {living.box}
    opened = actions.read_case(case_id=living.pk, what="timeline", by=cast.mika_worker, now=NOW)
    assert opened.content.number
    made = row.certificate
    assert made.records == {"cases.case": {"personal_file": 1}}
    told = {"case": 1, "note": 1, "contact": 1, "attachment": 2, "attachmentpart": 2}
    assert told.items() <= made.rows.items()


def test_a_contact_that_never_became_a_case_dies_by_its_own_day(
    cast: SimpleNamespace, open_case: Make
) -> None:
    alone = contact(cast)
    contact(cast, open_case(now=THEN).case)
    (found,) = due("cases.contact")
    assert (found.id, found.due_on, found.box_ids) == (alone.pk, date(2024, 5, 6), (alone.box,))
    facts = Fact.objects.count()
    assert disposed(cast).records == {
        "cases.case": {"personal_file": 1},
        "cases.contact": {"personal_file": 1},
    }
    assert rows() == {"Fact": facts}


def test_a_contact_that_is_joined_to_a_case_after_the_approval_is_kept(
    cast: SimpleNamespace, open_case: Make
) -> None:
    alone = contact(cast)
    row = disposal.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_worker)
    disposal.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.mika_head)
    case = open_case(now=NOW).case
    actions.join_contact(contact_id=alone.pk, case_id=case.pk, by=cast.mika_worker, now=NOW)
    done = disposal.run_list(list_id=row.pk, today=TODAY, by=cast.administrator)
    assert (done.destroyed, done.moved) == (0, 1)
    assert Contact.objects.filter(pk=alone.pk, case=case).exists()


def test_a_note_written_after_the_approval_keeps_the_case(
    cast: SimpleNamespace, open_case: Make
) -> None:
    case = open_case(now=THEN).case
    row = disposal.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_worker)
    disposal.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.mika_head)
    note(cast, case, NOW)
    done = disposal.run_list(list_id=row.pk, today=TODAY, by=cast.administrator)
    assert (done.destroyed, done.moved) == (0, 1)


def test_units_that_ever_shared_a_case_are_told_so_that_their_keys_are_changed_too(
    cast: SimpleNamespace, open_case: Make
) -> None:
    case = open_case(now=THEN).case
    given = {"shared_by": cast.mika_worker, "sealed": b"x", "ground": "consent"}
    ended = {"ended_by": cast.mika_worker, "ended_at": THEN}
    Share.objects.create(case=case, unit="kast", **ended, **given)
    assert due("cases.case")[0].read_by == ("kast",)
    assert disposed(cast).certificate.key_versions.keys() == {"mika", "kast"}


def test_the_key_of_a_unit_that_handed_a_case_over_is_changed_when_the_case_dies(
    cast: SimpleNamespace, open_case: Make
) -> None:
    """Its grant stands in older backups, and its living key would open that."""
    opened = open_case(now=THEN)
    actions.hand_over_case(
        case_id=opened.case.pk,
        seen=opened.case.version,
        unit="kast",
        ground="need_to_know",
        consent="",
        reason="Påhittat skäl: KAST möter personen",
        reads_until=None,
        takes_details=False,
        by=cast.mika_worker,
        now=THEN,
    )
    share = Share.objects.get()
    assert (share.unit, share.ended_at, share.until) == ("mika", THEN, THEN.date())
    (found,) = due("cases.case", unit="kast")
    assert found.read_by == ("mika",)
    row = disposal.plan_list(unit="kast", on=TODAY, today=TODAY, by=cast.kast_worker)
    disposal.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.kast_head)
    done = disposal.run_list(list_id=row.pk, today=TODAY, by=cast.administrator)
    assert (done.destroyed, set(done.certificate.key_versions)) == (1, {"kast", "mika"})


def test_the_log_of_a_contact_without_a_case_dies_with_it(cast: SimpleNamespace) -> None:
    alone = contact(cast)
    actions.see_contact(contact_id=alone.pk, by=cast.mika_worker, now=THEN)
    assert alone.reads.exists()
    disposed(cast)
    assert "CaseRead" not in rows()


def test_a_held_case_is_planned_and_not_destroyed(cast: SimpleNamespace, open_case: Make) -> None:
    case = open_case(now=THEN).case
    given = {"case_id": case.pk, "by": cast.mika_worker, "now": NOW}
    with pytest.raises(TooLong):
        actions.hold_case(reason=Reason.RETURNED, until=date(2027, 1, 1), **given)
    actions.hold_case(reason=Reason.COURT, until=date(2027, 1, 1), **given)
    row = disposal.plan_list(unit="mika", on=TODAY, today=TODAY, by=cast.mika_worker)
    assert (row.planned, row.excluded) == (0, 1)
    entry = Entry.objects.get(event="disposal.hold_placed")
    assert entry.on.startswith("sealed:") and str(case.pk) not in entry.facts


def test_the_rule_class_decides_when(cast: SimpleNamespace, open_case: Make) -> None:
    case = open_case(now=THEN).case
    given = {"case_id": case.pk, "by": cast.mika_worker, "now": NOW}
    actions.set_rule_class(rule="placement", birth_year=None, seen=1, **given)
    assert not due("cases.case", date(2090, 1, 1))
    with pytest.raises(BadInput, match="födelseår"):
        actions.set_rule_class(rule="child_investigation", birth_year=None, seen=2, **given)
    for year in (1890, 2027):
        with pytest.raises(BadInput, match=str(year)):
            actions.set_rule_class(rule="child_investigation", birth_year=year, seen=2, **given)
    actions.set_rule_class(rule="child_investigation", birth_year=2008, seen=2, **given)
    assert not due("cases.case", date(2038, 12, 30))
    assert due("cases.case", date(2038, 12, 31))
    with pytest.raises(Changed):
        actions.set_rule_class(rule="personal_file", birth_year=None, seen=2, **given)
    actions.set_rule_class(rule="personal_file", birth_year=None, seen=3, **given)
    assert due("cases.case")[0].born_on is None
    facts = [e.facts for e in Entry.objects.filter(event="cases.rule_class_set").order_by("place")]
    assert '"now":"placement"' in facts[0].replace(" ", "")


def test_a_colleague_to_whom_the_case_is_closed_changes_neither_rule_nor_hold(
    cast: SimpleNamespace, open_case: Make
) -> None:
    given = {"case_id": open_case(now=THEN).case.pk, "by": cast.mika_second, "now": NOW}
    with pytest.raises(ClosedToYou):
        actions.set_rule_class(rule="placement", birth_year=None, seen=1, **given)
    with pytest.raises(ClosedToYou):
        actions.hold_case(reason=Reason.COURT, until=date(2027, 1, 1), **given)


def test_a_unit_that_the_case_is_shared_with_decides_nothing_about_how_long_it_is_kept(
    cast: SimpleNamespace, open_case: Make
) -> None:
    opened = open_case(now=NOW)
    given = {"shared_by": cast.mika_worker, "sealed": b"x", "ground": "need_to_know"}
    Share.objects.create(case=opened.case, unit="kast", until=date(2026, 4, 1), **given)
    vault.grant_box(opened.box, "kast")
    given = {"case_id": opened.case.pk, "by": cast.kast_worker, "now": NOW}
    with pytest.raises(OnlyShared):
        actions.set_rule_class(rule="placement", birth_year=None, seen=1, **given)
    with pytest.raises(OnlyShared):
        actions.hold_case(reason=Reason.COURT, until=date(2027, 1, 1), **given)


def test_the_page_tells_when_and_by_which_rule_and_takes_a_hold_and_a_rule(
    cast: SimpleNamespace, open_case: Make, desk: Make
) -> None:
    case = open_case(now=timezone.now()).case
    client, at = desk(cast.mika_worker), reverse("cases:keeping", args=[case.pk])
    page = client.get(at).content.decode()
    assert "Personakt och sammanställning" in page and "16 kap. 1 §" in page
    rule_url = reverse("cases:set_rule_class", args=[case.pk])
    assert client.get(rule_url).status_code == 200
    answer = client.post(rule_url, {"rule": "placement", "seen": "1"}, follow=True)
    assert "gallras inte" in answer.content.decode()
    until = timezone.localdate() + timedelta(days=200)
    hold_url = reverse("cases:hold_case", args=[case.pk])
    answer = client.post(hold_url, {"reason": "court", "until": until.isoformat()}, follow=True)
    assert "Häv undantaget" in answer.content.decode()
    assert desk(cast.mika_second).get(at).status_code == 403
    assert desk(cast.kast_worker).get(at).status_code == 404
