"""Absences: registered by the absent one or her head, never with a reason."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import Absence
from ..rules import AbsenceKind

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_absence(
    *,
    absence_id: int | None,
    person_id: int,
    kind: AbsenceKind,
    starts_on: date,
    ends_on: date | None,
    seen: int,
    by: "Person",
) -> Absence:
    """A person's absence, new (absence_id None) or changed; ends_on None while no end is known.

    seen: the version that the page showed; 0 for a new one. A stored absence keeps its person.
    Raises NotVisible, Changed, and BadInput for days that she is registered as away already.
    """
    absence = (
        queries.new_absence(by, person_id)
        if absence_id is None
        else queries.absence(by, absence_id, is_locked=True)
    )
    permits.require(by, "staff.save_absence", absence)
    _check_seen(absence, seen)
    rules.check_period(starts_on, ends_on)
    _check_alone(absence, starts_on, ends_on)
    absence.kind, absence.starts_on, absence.ends_on = AbsenceKind(kind), starts_on, ends_on
    absence.version += 1
    absence.save()
    audit.record(Event.ABSENCE_SAVED, by=by, on=absence, **_facts(absence))
    return absence


@transaction.atomic
def withdraw_absence(*, absence_id: int, by: "Person") -> None:
    """The absence never came to be, and is taken away.

    Raises NotVisible to others than the absent one and her heads.
    """
    absence = queries.absence(by, absence_id, is_locked=True)
    permits.require(by, "staff.withdraw_absence", absence)
    audit.record(Event.ABSENCE_WITHDRAWN, by=by, on=absence, **_facts(absence))
    absence.delete()


def _check_seen(absence: Absence, seen: int) -> None:
    rules.check_version(
        seen,
        absence.version,
        _(
            "Någon annan har ändrat frånvaron sedan du öppnade sidan. Nu gäller den från "
            "{starts_on}. Sparar du igen ersätter dina uppgifter det."
        ),
        starts_on=absence.starts_on,
    )


def _check_alone(absence: Absence, starts_on: date, ends_on: date | None) -> None:
    others = Absence.objects.filter(person=absence.person_id).exclude(pk=absence.pk)
    for other in others.order_by("starts_on"):
        if rules.overlap(starts_on, ends_on, other.starts_on, other.ends_on):
            raise BadInput(
                _(
                    "De dagarna finns redan en frånvaro, från {starts_on}. Ändra den i stället, "
                    "eller rätta datumen."
                ),
                starts_on=other.starts_on,
            )


def _facts(absence: Absence) -> dict[str, object]:
    return {
        "person": absence.person_id,
        "starts_on": absence.starts_on,
        "ends_on": absence.ends_on,
    }
