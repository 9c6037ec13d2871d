"""Sessions end: one, all the others, or all."""

from django.db import transaction

from hamn.core.errors import NotVisible, _
from hamn.guards.audit import actions as audit

from .. import permits
from ..events import Event
from ..models import Person


@transaction.atomic
def end_session(*, session_id: int, by: Person) -> None:
    """One of the person's own sessions is over at once.

    Raises NotVisible for another's, as for one that does not exist.
    """
    session = by.usersession_set.filter(pk=session_id).first()
    if session is None:
        raise NotVisible(_("Inloggningen finns inte längre. Läs om sidan."))
    permits.require(by, "access.end_session", session)
    session.end()
    audit.record(Event.SESSION_ENDED, by=by, on=by, sessions=1)


@transaction.atomic
def end_other_sessions(*, but: str, by: Person) -> int:
    """How many of the person's own sessions were ended: all but one.

    but: the key of the session that stays, where she sits.
    """
    permits.require(by, "access.end_session")
    others = list(by.usersession_set.exclude(session_key=but))
    for session in others:
        session.end()
    audit.record(Event.SESSION_ENDED, by=by, on=by, sessions=len(others))
    return len(others)


def end_all(person: Person) -> None:
    """Every session of the person is over; within the transaction of what caused it."""
    for session in person.usersession_set.all():
        session.end()
