"""Who belongs to a unit: proposed by a system administrator, in effect when its head says so.

Source: docs/adr/0014.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.audit import actions as audit

from .. import permits, queries, rules
from ..events import Event
from ..models import Person, UnitMembership
from ..rules import Role


@transaction.atomic
def propose_member(*, person_id: int, unit: str, is_head: bool, by: Person) -> UnitMembership:
    """A proposal that the person belongs to the unit; nothing opens until its head has granted it.

    Raises OwnAccount, BadInput for an unknown unit, WrongStanding when she has left, is in the
    unit already, or would head it without the role.
    """
    person = queries.locked(by, person_id)
    permits.require(by, "access.propose_member", person)
    rules.check_not_herself(by.pk, person.pk)
    if unit not in rules.units_to_read():
        raise BadInput(_("Enheten {unit} finns inte. Välj en i listan."), unit=unit)
    _check_can_join(person, unit, is_head=is_head)
    membership = UnitMembership.objects.create(
        person=person, unit=unit, is_head=is_head, proposed_by=by
    )
    audit.record(Event.MEMBER_PROPOSED, by=by, on=membership, **_facts(membership))
    return membership


@transaction.atomic
def grant_member(*, membership_id: int, by: Person) -> UnitMembership:
    """The head decides that the person belongs to the unit, for the first time or again.

    Raises NotVisible to others than those who decide, OwnMembership, WrongStanding unless it waits.
    """
    membership = _locked(membership_id)
    permits.require(by, "access.grant_member", membership)
    rules.check_not_own_membership(by.pk, membership.person_id)
    rules.check_waits(membership.standing)
    _take_effect(membership, by)
    audit.record(Event.MEMBER_GRANTED, by=by, on=membership, **_facts(membership))
    return membership


@transaction.atomic
def accept_headship(*, membership_id: int, by: Person) -> UnitMembership:
    """The proposed head takes over a unit where nobody else heads any; an event of its own.

    Raises NotVisible to all but herself, WrongStanding when another can decide.
    """
    membership = _locked(membership_id)
    permits.require(by, "access.accept_headship", membership)
    rules.check_waits(membership.standing)
    others = permits.acting_heads().exclude(person_id=by.pk)
    rules.check_may_accept(
        has_head=others.filter(unit=membership.unit).exists(), heads_elsewhere=others.exists()
    )
    had_head = UnitMembership.objects.filter(
        unit=membership.unit, is_head=True, granted_at__isnull=False
    ).exists()
    _take_effect(membership, by)
    facts = {**_facts(membership), "after_another": had_head}
    audit.record(Event.HEADSHIP_ACCEPTED, by=by, on=membership, **facts)
    return membership


@transaction.atomic
def end_member(*, membership_id: int, by: Person) -> UnitMembership:
    """The person no longer belongs to the unit, or the proposal is turned down.

    Raises NotVisible to others than the unit's head and system administrators, LastInUnit when
    nobody else can read the unit, LastHead when nobody would head any unit.
    """
    membership = _locked(membership_id)
    permits.require(by, "access.end_member", membership)
    check_not_last_head(membership.person, {membership.pk})
    check_not_last(membership.person, {membership.unit})
    queries.check_duties(membership.person, by, {membership.unit})
    was = membership.standing
    membership.ended_by, membership.ended_at = by, timezone.now()
    membership.save(update_fields=["ended_by", "ended_at"])
    audit.record(Event.MEMBER_ENDED, by=by, on=membership, was=was, **_facts(membership))
    return membership


def check_not_last(person: Person, units: Collection[str] | None = None) -> None:
    """Pass a person without whom somebody can still read each unit; locked from here on.

    units: those that she would leave; None for all of hers. Of two who would each remove the other,
    the second waits here and then sees what the first has done.
    Raises LastInUnit.
    """
    names = rules.units_to_read()
    hers = person.memberships.filter(ended_at__isnull=True, unit__in=names)
    left = set(hers.values_list("unit", flat=True))
    left &= left if units is None else set(units)
    rows = UnitMembership.objects.select_for_update().filter(unit__in=left, ended_at__isnull=True)
    list(rows.order_by("pk"))
    readers = queries.readers(left)
    reads = {unit for unit, who in readers if who == person.pk}
    unread = reads - {unit for unit, who in readers if who != person.pk}
    rules.check_somebody_reads(person.title, [names[unit] for unit in unread])


def check_not_last_head(person: Person, leaving: Collection[int] | None = None) -> None:
    """Pass a person without whom somebody still heads a unit of the centre; locked from here on.

    leaving: the memberships that she would lose; None for all of hers. Where nobody heads a unit
    any more, whoever runs the system could let in a head of her own. Raises LastHead.
    """
    _lock_heads()
    hers = permits.acting_heads().filter(person=person)
    lost = set(hers.values_list("pk", flat=True))
    lost &= lost if leaving is None else set(leaving)
    is_left = not lost or permits.acting_heads().exclude(pk__in=lost).exists()
    rules.check_head_left(person.title, is_left=is_left)


def _lock_heads() -> None:
    """Of two who would each remove the other's head, or each be the first, the second waits."""
    rows = UnitMembership.objects.select_for_update().filter(is_head=True, ended_at__isnull=True)
    list(rows.order_by("pk"))


def _check_can_join(person: Person, unit: str, *, is_head: bool) -> None:
    if not person.is_active:
        raise rules.WrongStanding(_("{title} har slutat."), title=person.title)
    if person.memberships.filter(unit=unit, ended_at__isnull=True).exists():
        raise rules.WrongStanding(
            _("{title} är redan föreslagen till enheten eller hör till den."), title=person.title
        )
    if is_head and Role.HEAD_OF_UNIT not in person.roles():
        raise rules.WrongStanding(
            _("{title} har inte rollen enhetschef. Ge rollen först."), title=person.title
        )


def _locked(membership_id: int) -> UnitMembership:
    """The open membership with all of its unit's rows locked: two heads at once take turns.

    All heads come first, as everywhere, so that two who wait for each other never stand still.
    Raises NotVisible when there is none.
    """
    _lock_heads()
    code = UnitMembership.objects.filter(pk=membership_id).values("unit")
    rows = UnitMembership.objects.select_for_update().filter(unit__in=code, ended_at__isnull=True)
    found = {row.pk: row for row in rows.order_by("pk")}
    if membership_id not in found:
        raise NotVisible(_("Medlemskapet finns inte längre. Läs om sidan."))
    return found[membership_id]


def _take_effect(membership: UnitMembership, by: Person) -> None:
    membership.granted_by, membership.granted_at = by, timezone.now()
    membership.suspended_by = membership.suspended_at = None
    membership.save(update_fields=["granted_by", "granted_at", "suspended_by", "suspended_at"])


def _facts(membership: UnitMembership) -> dict[str, object]:
    return {
        "person": membership.person_id,
        "unit": membership.unit,
        "is_head": membership.is_head,
    }
