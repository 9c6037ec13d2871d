"""Content erased as a unit's decision lets it, kept where somebody says why, and its rules set.

Erasing destroys the boxes' keys and takes the rows away; the dialogue gets a new, empty box that
the same code opens. Older copies of the database die for the unit with the next change of its key
(vault.rotate_due, daily). The facts stay. Source: docs/adr/0025.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.support.cases import actions as casework

from ..events import Event
from ..models import Booking, Dialogue, ExpiryRule, Message, Reach, StillNeeded
from ..queries import keeping as queries
from ..queries.inbox import dialogue_for
from ..rules.content import DialogueContent
from ..rules.keeping import Decision, NoDecision, check_day, checked, kept_until
from ..rules.words import KEEP_REASONS
from .sealing import put

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

BATCH = 20  # in one transaction: whoever writes at the door waits no longer than for these
BY_RULE, ASKED = "rule", "asked"
_ERASED = (
    *("box", "key_for_person", "sealed", "version", "situation", "erased_on"),
    *("erase_asked_at", "erase_stopped_on", "waits_since", "answer_by", "asks_other_worker"),
)


class Expired(NamedTuple):
    """What a run did in a unit, or would do. stopped: dialogues past their day that stay."""

    unit: str
    decision: str
    contents: int
    channels: int
    stopped: int


def expire(*, on: date, now: datetime, dry_run: bool, by: "Person | None") -> list[Expired]:
    """Everything whose time has come on the day, erased by its unit's rule; a unit without one is
    left out.

    by: None for the day's routine; a head starts it for her own units. A run that is cut short is
    gone on with by the next. Raises NotVisible, PermissionDenied, TooEarly for a day ahead.
    """
    if by is not None:
        permits.require(by, "door.expire")
    check_day(on, today=timezone.localdate(now), dry_run=dry_run)
    told = []
    for unit, rule in sorted(queries.rules_in_force(on).items()):
        if by is None or permits.allows(by, "door.expire", rule):
            told.append(_expire_unit(unit, rule, on, now, dry_run=dry_run, by=by))
    return told


def erase_asked(*, now: datetime) -> int:
    """What persons have asked to have erased, erased; and how they no longer want to be reached.

    For the worker process, every minute; how many dialogues. One that the law keeps is noted, so
    that she is told, and is tried again each time.
    """
    today = timezone.localdate(now)
    rules = queries.rules_in_force(today)
    _forget_revoked(rules)
    asked = queries.asked_for(rules)
    # Who asks while this is done is not told yet that anything stopped it.
    seen = list(asked.values_list("pk", flat=True))
    done = 0
    for unit, rule in sorted(rules.items()):
        rows = queries.free(asked.filter(unit=unit), today, now, is_asked=True)
        done += sum(_erase(rule, ids, today, now, because=ASKED, by=None) for ids in _batches(rows))
    asked.filter(pk__in=seen, erase_stopped_on__isnull=True).update(erase_stopped_on=today)
    return done


@transaction.atomic
def keep(*, dialogue_id: UUID, reason: str, by: "Person", now: datetime) -> StillNeeded:
    """The content stays past its day for a coded reason, until that reason is asked anew.

    Raises NotVisible outside the unit, BadInput for a reason that is none.
    """
    permits.require(by, "door.keep")
    dialogue = dialogue_for(by, dialogue_id, lock=True)
    until = kept_until(reason, timezone.localdate(now), KEEP_REASONS)
    row = StillNeeded.objects.create(dialogue=dialogue, until=until, reason=reason, by=by)
    audit.record(
        Event.CONTENT_KEPT, by=by, unit=dialogue.unit, kept=row.pk, reason=reason, until=until
    )
    return row


@transaction.atomic
def release(*, dialogue_id: UUID, by: "Person") -> int:
    """The content is no longer needed: the rule alone decides; how many reasons there were.

    Raises NotVisible outside the unit.
    """
    permits.require(by, "door.keep")
    dialogue = dialogue_for(by, dialogue_id, lock=True)
    rows = StillNeeded.objects.filter(dialogue=dialogue)
    kept = sorted(rows.values_list("pk", flat=True))
    rows.delete()
    audit.record(Event.CONTENT_RELEASED, by=by, unit=dialogue.unit, kept=kept)
    return len(kept)


@transaction.atomic
def set_expiry(*, unit: str, decision: Decision, by: "Person", today: date) -> ExpiryRule:
    """The unit's rule from its first day on; an earlier one ends the day before.

    Raises NotVisible, PermissionDenied to others than the unit's head; BadInput as
    `rules.keeping.checked`.
    """
    permits.require(by, "door.set_expiry", unit)
    given = checked(decision, today=today)
    before = date.fromordinal(given.valid_from.toordinal() - 1)
    earlier = ExpiryRule.objects.select_for_update().filter(unit=unit)
    list(earlier)
    earlier.exclude(valid_until__lt=given.valid_from).update(valid_until=before)
    rule = ExpiryRule.objects.create(unit=unit, registered_by=by, **given._asdict())
    audit.record(Event.EXPIRY_RULE_SET, by=by, on=rule, unit=unit, **given._asdict())
    return rule


@transaction.atomic
def end_expiry(*, rule_id: int, by: "Person", today: date) -> ExpiryRule:
    """Nothing is erased by the rule any more, from today; no earlier one comes back.

    Raises NotVisible to others than the unit's head, NoDecision when it has ended already.
    """
    permits.require(by, "door.set_expiry")
    rule = queries.rule_for(by, rule_id, lock=True)
    yesterday = date.fromordinal(today.toordinal() - 1)
    if rule.valid_until is not None and rule.valid_until <= yesterday:
        raise NoDecision(_("Regeln gäller inte längre. Läs om sidan."))
    rule.valid_until = yesterday
    rule.save(update_fields=["valid_until"])
    audit.record(Event.EXPIRY_RULE_ENDED, by=by, on=rule, unit=rule.unit)
    return rule


def _expire_unit(
    unit: str,
    rule: ExpiryRule,
    on: date,
    now: datetime,
    *,
    dry_run: bool,
    by: "Person | None",
) -> Expired:
    rules = {unit: rule}
    past = queries.expiring(rules, on)
    rows = queries.free(past, on, now, is_asked=False)
    channels = queries.free(queries.emptied(rules, on), on, now, is_asked=False)
    stopped = past.count() - rows.count()
    if dry_run:
        contents, gone = rows.count(), channels.count()
    else:
        contents = sum(_erase(rule, ids, on, now, because=BY_RULE, by=by) for ids in _batches(rows))
        gone = sum(_remove(rule, ids, on, now, by=by) for ids in _batches(channels))
    return Expired(unit, rule.decision_reference, contents, gone, stopped)


def _batches(rows: "QuerySet[Dialogue]") -> Iterable[list[UUID]]:
    """The ids of the rows, a few at a time, each row once: what cannot be erased is passed by."""
    after: UUID | None = None
    while True:
        left = rows.order_by("pk") if after is None else rows.filter(pk__gt=after).order_by("pk")
        ids = list(left.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        after = ids[-1]
        yield ids


@transaction.atomic(durable=True)
def _erase(
    rule: ExpiryRule,
    ids: list[UUID],
    on: date,
    now: datetime,
    *,
    because: str,
    by: "Person | None",
) -> int:
    """The dialogues without their content, as long as nothing has come between; how many."""
    is_asked = because == ASKED
    rules = {rule.unit: rule}
    past = queries.asked_for(rules) if is_asked else queries.expiring(rules, on)
    held = list(Dialogue.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    still = queries.free(past, on, now, is_asked=is_asked).filter(pk__in=ids)
    found = set(still.values_list("pk", flat=True))
    rows = [row for row in held if row.pk in found]
    _destroy(rows, now)
    for row in rows:
        _begin_anew(row, on)
    Dialogue.objects.bulk_update(rows, _ERASED)
    if rows:
        audit.record(
            Event.CONTENT_ERASED,
            by=by,
            on=rule,
            unit=rule.unit,
            decision=rule.decision_reference,
            because=because,
            dialogues=len(rows),
        )
    return len(rows)


def _destroy(rows: list[Dialogue], now: datetime) -> None:
    """The keys and rows of all that was written, of how to reach her, and of past bookings."""
    messages = Message.objects.filter(dialogue__in=rows)
    reaches = Reach.objects.filter(dialogue__in=rows)
    boxes = {row.box for row in rows} | set(messages.values_list("box", flat=True))
    vault.erase(boxes | set(reaches.values_list("box", flat=True)))
    casework.throw_drafts_at([row.pk for row in rows])
    messages.delete()
    reaches.delete()
    StillNeeded.objects.filter(dialogue__in=rows).delete()
    bookings = Booking.objects.filter(dialogue__in=rows)
    bookings.exclude(cancelled_at__isnull=True, slot__starts_at__gte=now).delete()


def _begin_anew(dialogue: Dialogue, on: date) -> None:
    """An empty box that the unit opens, and the person's code as before."""
    box = vault.new_box([dialogue.unit])
    dialogue.box = box.id
    dialogue.key_for_person = box.key_for_person(bytes(dialogue.public))
    put(dialogue, DialogueContent(), box)
    dialogue.version += 1
    dialogue.situation = ""  # what brought her here is content too
    dialogue.erased_on = on
    dialogue.erase_asked_at = dialogue.erase_stopped_on = None
    dialogue.waits_since = dialogue.answer_by = None
    dialogue.asks_other_worker = False


@transaction.atomic(durable=True)
def _remove(
    rule: ExpiryRule, ids: list[UUID], on: date, now: datetime, *, by: "Person | None"
) -> int:
    """The channels without content taken away, as long as nobody has come back; how many."""
    rules = {rule.unit: rule}
    list(Dialogue.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    still = queries.free(queries.emptied(rules, on), on, now, is_asked=False)
    rows = list(still.filter(pk__in=ids))
    # Nothing is in the boxes: the unit's key need not be changed for them.
    vault.discard({row.box for row in rows})
    Dialogue.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if rows:
        audit.record(
            Event.CHANNELS_REMOVED,
            by=by,
            on=rule,
            unit=rule.unit,
            decision=rule.decision_reference,
            dialogues=len(rows),
        )
    return len(rows)


def _forget_revoked(rules: "queries.Rules") -> None:
    """How persons no longer want to be reached, erased a few at a time."""
    while _forget_some(rules):
        pass


@transaction.atomic(durable=True)
def _forget_some(rules: "queries.Rules") -> int:
    rows = list(queries.revoked(rules).order_by("pk")[:BATCH])
    vault.erase({row.box for row in rows})
    Reach.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
