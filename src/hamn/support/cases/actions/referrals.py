"""Referrals out and in: prepared, sent on a consent or a decision, answered, ended, corrected.

Each sent or received referral and each outcome counts one identity-free fact; what turns out to be
wrong takes its own fact back.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _

from ..events import Event
from ..models import Record
from ..queries.counted import unit_of
from ..queries.referrals import check_affiliation, check_may_go, pieces_of
from ..rules.content import Counted
from ..rules.kinds import check_record_move
from ..rules.notes import check_day
from ..rules.plans import check_due
from ..rules.referrals import (
    HERSELF,
    MISTAKE,
    REFERRAL_OUTCOMES,
    TAKEN_BACK,
    Piece,
    Referral,
    check_code,
    check_way,
    checked_referral,
    cleaned_words,
)
from ..rules.states import WrongState, check_version
from .counting import count_of_case, reverse
from .reading import case_to_write
from .records import add_record, changed, moved, record_to_write, save_record
from .telling import tell_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase, OpenRecord

OUT, IN = "referral_out", "referral_in"
# Kinds of facts, of the referral itself and of what came of it.
FACTS = {OUT: ("referral", "referral_outcome"), IN: ("referral_in", "referral_in_outcome")}


@transaction.atomic
def write_referral(*, case_id: UUID, referral: Referral, by: "Person", now: datetime) -> Record:
    """A referral that is being prepared; nothing has gone. Raises NotVisible, WrongState, BadInput,
    NotAffiliated for one to Mika Hälsa.
    """
    today = timezone.localdate(now)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_referral_out")
    referral = _checked(opened, referral, today)
    return add_record(opened, OUT, referral, on=today, by=by, now=now)


@transaction.atomic
def change_referral(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    referral: Referral,
    by: "Person",
    now: datetime,
) -> Record:
    """The referral in other words or to somebody else, while it is being prepared.

    Raises NotVisible, Changed, WrongState when it has gone.
    """
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=OUT, by=by, now=now)
    check_version(seen, one.record.version)
    if one.record.state != "draft":
        raise WrongState(_("Remissen har redan gått och kan inte ändras. Skriv en ny."))
    today = timezone.localdate(now)
    save_record(opened, one, _checked(opened, referral, today), now=now)
    changed(opened, one, by=by)
    return one.record


@transaction.atomic
def send_referral(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    chosen: Collection[str],
    consent: str,
    disclosure: str,
    answer_by: date | None,
    by: "Person",
    now: datetime,
) -> Record:
    """The referral sent today, with the chosen parts of the case and no others, word for word.

    chosen: codes of `pieces_of`. answer_by: the day on which Hamn reminds of the answer.
    Raises NotVisible, Changed, WrongState, NoConsent without a consent or a decision that covers
    it, NotAffiliated, BadInput.
    """
    today = timezone.localdate(now)
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=OUT, by=by, now=now)
    check_version(seen, one.record.version)
    check_record_move(one.kind, one.record.state, "sent")
    basis = {"consent": consent, "disclosure": disclosure}
    ready, used = to_send(opened, one, chosen, on=today, **basis)
    if answer_by is not None:
        check_due(answer_by, today)
    counted = count_of_case(opened, kind=FACTS[OUT][0], detail=ready.counterpart, on=today)
    content = replace(ready, sent_on=today, counted=(*ready.counted, counted))
    save_record(opened, one, content, now=now, state="sent", on=today, due_on=answer_by)
    _use(opened, used, one, now=now)
    facts = {"recipient": ready.counterpart, "way": ready.way}
    tell_record(Event.REFERRAL_SENT, opened, one.record.pk, by=by, **facts)
    return one.record


def to_send(
    opened: "OpenCase",
    one: "OpenRecord",
    chosen: Collection[str],
    *,
    consent: str,
    disclosure: str,
    on: date,
) -> tuple[Referral, "OpenRecord | None"]:
    """The referral as it would go that day, and the disclosure that it would use.

    Raises what `send_referral` does; changes nothing.
    """
    if one.content.way == HERSELF:
        consent = disclosure = ""
    ready: Referral = replace(one.content, consent=consent, disclosure=disclosure)
    check_way(ready, chosen)
    if ready.way != HERSELF:
        check_affiliation(opened, ready.counterpart, on)
    used = check_may_go(opened, ready, on, record=one.record.pk)
    return replace(ready, letter=_chosen(opened, chosen)), used


@transaction.atomic
def take_in_referral(
    *,
    case_id: UUID,
    referral: Referral,
    on: date,
    answer_by: date | None,
    by: "Person",
    now: datetime,
) -> Record:
    """A referral that has come in. Raises NotVisible, WrongState, BadInput."""
    today = timezone.localdate(now)
    check_day(on, today)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_referral_in")
    referral = checked_referral(referral)
    counted = count_of_case(opened, kind=FACTS[IN][0], detail=referral.counterpart, on=on)
    content = replace(referral, counted=(counted,))
    return add_record(opened, IN, content, on=on, by=by, now=now, due_on=answer_by)


@transaction.atomic
def correct_referral_in(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    referral: Referral,
    on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """What had come in, as it should have been noted; the wrong fact is taken back.

    Raises NotVisible, Changed, BadInput.
    """
    check_day(on, timezone.localdate(now))
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=IN, by=by, now=now)
    check_version(seen, one.record.version)
    given = checked_referral(referral)
    was: Referral = one.content
    content = replace(
        was,
        counterpart=given.counterpart,
        counterpart_name=given.counterpart_name,
        text=given.text,
    )
    if (_month(on), given.counterpart) != (_month(one.record.on), was.counterpart):
        content = replace(content, counted=_recounted(opened, IN, content, on))
    save_record(opened, one, content, now=now, on=on)
    changed(opened, one, by=by)
    return one.record


@transaction.atomic
def answer_referral(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    seen: int | str,
    accepts: bool,
    answer: str,
    on: date,
    due_on: date | None,
    by: "Person",
    now: datetime,
    told_back: str = "",
    consent: str = "",
    disclosure: str = "",
) -> Record:
    """The recipient's answer to ours, or ours to one that came in.

    told_back: what whoever referred the person here was told, which needs a consent or a decision.
    Raises NotVisible, Changed, WrongState, NoConsent, BadInput.
    """
    check_day(on, timezone.localdate(now))
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=kind, by=by, now=now)
    check_version(seen, one.record.version)
    to = "accepted" if accepts else "declined"
    was = one.record.state
    check_record_move(one.kind, was, to)
    told_back = cleaned_words(told_back)
    content = replace(
        one.content, answer=cleaned_words(answer), answered_on=on, told_back=told_back
    )
    if told_back:
        content = replace(content, consent=consent, disclosure=disclosure)
        used = check_may_go(opened, content, timezone.localdate(now), record=record_id)
        _use(opened, used, one, now=now)
    save_record(opened, one, content, now=now, state=to, due_on=due_on)
    moved(opened, one, was=was, by=by)
    return one.record


@transaction.atomic
def end_referral(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    seen: int | str,
    outcome: str,
    words: str,
    on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """What came of the referral; said once more of one that has ended, it corrects the outcome.

    Raises NotVisible, Changed, WrongState, BadInput.
    """
    check_day(on, timezone.localdate(now))
    check_code(_("Utfall"), outcome, REFERRAL_OUTCOMES)
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=kind, by=by, now=now)
    check_version(seen, one.record.version)
    was = one.record.state
    is_correction = was == "closed"
    if not is_correction:
        check_record_move(one.kind, was, "closed")
    content = replace(one.content, outcome_words=cleaned_words(words))
    content = _with_outcome(opened, kind, content, outcome, on)
    save_record(opened, one, content, now=now, state="closed", due_on=None)
    if is_correction:
        changed(opened, one, by=by)
    else:
        moved(opened, one, was=was, by=by)
    return one.record


@transaction.atomic
def take_back_referral(
    *, case_id: UUID, record_id: UUID, seen: int | str, why: str, by: "Person", now: datetime
) -> Record:
    """The referral taken back; one that was registered by mistake was never counted.

    Raises NotVisible, Changed, WrongState, BadInput.
    """
    check_code(_("Varför"), why, TAKEN_BACK)
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=OUT, by=by, now=now)
    check_version(seen, one.record.version)
    was = one.record.state
    check_record_move(one.kind, was, "revoked")
    content = replace(one.content, taken_back=why)
    if why == MISTAKE:
        content = replace(content, counted=_reversed(content.counted))
    save_record(opened, one, content, now=now, state="revoked", due_on=None)
    moved(opened, one, was=was, by=by)
    return one.record


def _checked(opened: "OpenCase", referral: Referral, today: date) -> Referral:
    referral = checked_referral(referral)
    if referral.way != HERSELF:
        check_affiliation(opened, referral.counterpart, today)
    return referral


def _use(
    opened: "OpenCase", disclosure: "OpenRecord | None", one: "OpenRecord", *, now: datetime
) -> None:
    """What was decided is used for this referral, and for no other after it."""
    if disclosure is not None and not disclosure.content.used_for:
        content = replace(disclosure.content, used_for=str(one.record.pk))
        save_record(opened, disclosure, content, now=now)


def _chosen(opened: "OpenCase", chosen: Collection[str]) -> tuple[Piece, ...]:
    offered = {one.code: one for one in pieces_of(opened)}
    for code in chosen:
        check_code(_("Det som ska med"), code, offered)
    return tuple(one for code, one in offered.items() if code in chosen)


def _with_outcome(
    opened: "OpenCase", kind: str, content: Referral, outcome: str, on: date
) -> Referral:
    """The content with its outcome counted once, as it is now."""
    name = FACTS[kind][1]
    before = tuple(one for one in content.counted if one.kind == name)
    same = before and content.outcome == outcome and content.outcome_on is not None
    if same and _month(content.outcome_on) == _month(on):
        return replace(content, outcome_on=on)
    _reversed(before)
    detail = f"{content.counterpart}={outcome}"
    counted = count_of_case(opened, kind=name, detail=detail, on=on, unit=unit_of(before))
    kept = tuple(one for one in content.counted if one.kind != name)
    return replace(content, outcome=outcome, outcome_on=on, counted=(*kept, counted))


def _recounted(opened: "OpenCase", kind: str, content: Referral, on: date) -> tuple[Counted, ...]:
    """All facts of a referral whose counterpart or month was wrong, as they should be."""
    _reversed(content.counted)
    name, outcome = FACTS[kind]
    # Each under the unit that counted it: the case may have been handed over between the two.
    unit = {one.kind: unit_of([one]) for one in content.counted}
    detail, own = content.counterpart, unit.get(name, "")
    facts = [count_of_case(opened, kind=name, detail=detail, on=on, unit=own)]
    if content.outcome and content.outcome_on:
        detail = f"{content.counterpart}={content.outcome}"
        then, own = content.outcome_on, unit.get(outcome, "")
        facts.append(count_of_case(opened, kind=outcome, detail=detail, on=then, unit=own))
    return tuple(facts)


def _reversed(counted: Collection[Counted]) -> tuple[Counted, ...]:
    for fact in counted:
        reverse(fact)
    return ()


def _month(on: date | None) -> tuple[int, int]:
    return (on.year, on.month) if on else (0, 0)
