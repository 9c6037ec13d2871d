"""A person leaves: her account is closed there and then."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.audit import actions as audit

from .. import permits, queries, rules
from ..events import Event
from ..models import Person
from .roles import active_administrators
from .sessions import end_all
from .units import check_not_last, check_not_last_head


@transaction.atomic
def leave(*, person_id: int, on: date, today: date, by: Person) -> Person:
    """The person has left: she cannot sign in, her sessions are over, her memberships ended.

    on: the last day, today or earlier.
    Raises OwnAccount, LastAdministrator, LastHead, LastInUnit, WrongStanding when she has left,
    BadInput for a later day, and what a room above refuses with while she has something to hand
    over.
    """
    administrators = active_administrators()
    person = queries.locked(by, person_id)
    permits.require(queries.fresh(by), "access.leave", person)
    rules.check_not_herself(by.pk, person.pk)
    if not person.is_active:
        raise rules.WrongStanding(_("{title} har redan slutat. Läs om sidan."), title=person.title)
    if person.pk in administrators:
        rules.check_administrator_left(administrators - {person.pk})
    rules.check_left_on(on, today)
    check_not_last_head(person)
    check_not_last(person)
    queries.check_duties(person, by)
    person.is_active, person.left_on = False, on
    # Neither an old password nor an old phone opens the account if she comes back.
    person.password = make_password(None)
    person.save(update_fields=["is_active", "left_on", "password"])
    person.authenticator_set.all().delete()
    end_all(person)
    ended = _end_memberships(person, by)
    audit.record(Event.PERSON_LEFT, by=by, on=person, left_on=on, memberships=ended)
    return person


def _end_memberships(person: Person, by: Person) -> list[int]:
    rows = person.memberships.filter(ended_at__isnull=True)
    ended = sorted(rows.values_list("pk", flat=True))
    rows.update(ended_by=by, ended_at=timezone.now())
    return ended
