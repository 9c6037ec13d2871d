"""Second factors: what their owner does with them is told, and an administrator can clear them."""

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.audit import actions as audit

from .. import permits, queries, rules
from ..events import Event
from ..models import Person
from ..rules import ResetReason
from .sessions import end_all
from .units import check_not_last, check_not_last_head


@transaction.atomic
def reset_second_factor(
    *, person_id: int, reason: ResetReason, leaves_unread: bool = False, by: Person
) -> Person:
    """Take away every second factor of a person who cannot use hers; she adds a new one herself.

    Her sessions are over, and her memberships of units rest until a head has granted them again:
    whoever enrols the new factor must first be known by someone who knows her.
    leaves_unread: goes on although a unit is then read by nobody until another head has decided;
    without it a head who lost her phone and has no cover could never be let in again.
    Raises OwnAccount, LastHead for the centre's only head: whoever runs the system could otherwise
    become her; LastInUnit unless told to go on, or WrongStanding when she has none.
    """
    person = queries.locked(by, person_id)
    permits.require(by, "access.reset_second_factor", person)
    rules.check_not_herself(by.pk, person.pk)
    kinds = sorted(person.authenticator_set.values_list("type", flat=True))
    if not kinds:
        raise rules.WrongStanding(
            _("{title} har ingen andra faktor att återställa. Läs om sidan."), title=person.title
        )
    check_not_last_head(person)
    if not leaves_unread:
        check_not_last(person)
    person.authenticator_set.all().delete()
    end_all(person)
    resting = _suspend(person, by)
    audit.record(
        Event.SECOND_FACTOR_RESET,
        by=by,
        on=person,
        reason=ResetReason(reason),
        removed=kinds,
        suspended=resting,
        **({"leaves_unread": True} if leaves_unread else {}),
    )
    return person


def check_may_enrol(person: Person, kind: str, *, is_strong: bool) -> None:
    """Pass a session that may add a second factor; the person is locked until the transaction ends.

    is_strong: whether the session has shown a second factor of hers.
    Raises WrongStanding for a session that came in by password alone when she has one by now,
    perhaps enrolled elsewhere while this one waited; and for a second app.
    """
    _lock(person)
    kinds = set(person.authenticator_set.values_list("type", flat=True))
    if kinds - {queries.RECOVERY_CODES} and not is_strong:
        raise rules.WrongStanding(_("Kontot har redan en andra faktor. Logga in med den först."))
    if kind == "totp" and kind in kinds:
        raise rules.WrongStanding(_("Du har redan en app. Ta bort den innan du lägger till en ny."))


def check_may_remove(person: Person, authenticator_id: int) -> None:
    """Pass a person who has another second factor; locked until the transaction ends.

    Raises LastSecondFactor when this is the only one.
    """
    _lock(person)
    others = person.authenticator_set.exclude(pk=authenticator_id)
    if not others.exclude(type=queries.RECOVERY_CODES).exists():
        raise rules.LastSecondFactor(
            _("Det här är din enda andra faktor. Lägg till en annan innan du tar bort den.")
        )


def record_second_factor(person: Person, kind: str) -> None:
    """Tell the trail, within the change's transaction, that she added a second factor."""
    audit.record(Event.SECOND_FACTOR_ADDED, by=person, on=person, kind=kind)


def record_second_factor_removed(person: Person, kind: str) -> None:
    """Tell the trail, within the change's transaction, that she removed a second factor."""
    audit.record(Event.SECOND_FACTOR_REMOVED, by=person, on=person, kind=kind)


def record_recovery_codes(person: Person) -> None:
    """Tell the trail, within the change's transaction, that she made new recovery codes."""
    audit.record(Event.RECOVERY_CODES_MADE, by=person, on=person)


def _lock(person: Person) -> None:
    list(Person.objects.select_for_update().filter(pk=person.pk))


def _suspend(person: Person, by: Person) -> list[int]:
    rows = person.memberships.filter(
        ended_at__isnull=True, granted_at__isnull=False, suspended_at__isnull=True
    )
    resting = sorted(rows.values_list("pk", flat=True))
    person.memberships.filter(pk__in=resting).update(suspended_by=by, suspended_at=timezone.now())
    return resting
