"""The person chooses how much is known of who she is; protected identity keeps even less."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..events import Event
from ..models import Record
from ..queries.details import contacts_in, documented_in
from ..queries.opened import OpenCase, content_of
from ..rules import identity as rules
from ..rules.access import check_not_broken_open
from ..rules.children import ChildWelfareReport
from ..rules.content import IdentityLevel
from ..rules.notes import Identity
from .contacts.classes import save_recounted
from .details import forget_details, forget_elsewhere
from .reading import case_to_write
from .records import add_record
from .sealing import put
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

# From the least known to the most.
_LEVELS = list(IdentityLevel)


@transaction.atomic
def choose_identity(
    *,
    case_id: UUID,
    seen: int | str,
    level: str,
    called: str,
    number: str,
    by: "Person",
    now: datetime,
) -> OpenCase:
    """The case known so, by that name; nothing written before is filled in with it.

    To be less known takes away name, number and what the case is found by; what remains is a
    record that tells the levels and nothing else. number: empty keeps none.
    Raises NotVisible, ClosedToYou, Changed, BadInput, IdentityNeeded where the unit has no
    decision that lets its interventions stand without a name.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what="identity")
    was, today = opened.content.identity_level, timezone.localdate(now)
    content = rules.changed(opened.content, level=level, called=called, number=number, today=today)
    if _LEVELS.index(IdentityLevel(level)) < _LEVELS.index(IdentityLevel(was)):
        check_not_broken_open(opened.why)
        _forget_names(opened, was=was)
    save_recounted(opened, content, is_correction=True, now=now)
    if level != was:
        told = Identity(was=was, now=level, on=today)
        add_record(opened, "identity", told, on=today, by=by, now=now)
    tell(Event.CASE_CHANGED, opened, by=by, what="identity")
    return opened


@transaction.atomic
def protect_identity(
    *, case_id: UUID, seen: int | str, is_protected: bool, by: "Person", now: datetime
) -> OpenCase:
    """The case with protected identity, or without it again.

    Protection erases personal number, contact details, what she has left in dialogues to be reached
    by, and the addresses of reports not sent yet.
    Raises NotVisible, ClosedToYou, Changed, OnlyBrokenOpen. Source: OSL 21:3, 22:1.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what="identity")
    check_not_broken_open(opened.why)
    content = rules.protected(opened.content, is_protected=is_protected)
    if is_protected:
        forget_details(opened.case)
        forget_elsewhere(opened.case)
        _forget_addresses(opened)
    save_recounted(opened, content, is_correction=True, now=now)
    tell(Event.CASE_CHANGED, opened, by=by, what="identity")
    return opened


def _forget_names(opened: OpenCase, *, was: str) -> None:
    """What she called herself in each contact is gone, where the unit may do without it."""
    contacts = contacts_in(opened)
    if was == IdentityLevel.NAMED:
        services = documented_in(opened.case.unit)
        rules.check_contacts(((row.on, content) for row, content in contacts), services)
        support = opened.case.records.filter(kind="practical_support").exclude(state="dropped")
        rules.check_support(support.values_list("on", flat=True), services.values())
    for row, content in contacts:
        if content.called:
            put(row, replace(content, called=""), opened.box)
            row.version += 1
            row.save(update_fields=["sealed", "version"])


def _forget_addresses(opened: OpenCase) -> None:
    rows = Record.objects.select_for_update(of=("self",))
    for row in rows.filter(case=opened.case, kind="child_report", state="open"):
        report = content_of(row, opened.box, ChildWelfareReport)
        put(row, replace(report, child_address="", whereabouts=""), opened.box)
        row.version += 1
        row.save(update_fields=["sealed", "version"])
