"""How a disposal list moves from plan to certificate, and what stops it. Source: docs/adr/0021."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

from .dates import done_by, held_until

LONGEST_HOLD_YEARS = 10


class ListState(StrEnum):
    """Where a disposal list is."""

    PLANNED = "planned"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"


LIST_NAMES: dict[ListState, str] = {
    ListState.PLANNED: _("väntar på godkännande"),
    ListState.APPROVED: _("godkänd, inte utförd"),
    ListState.RUNNING: _("utförs"),
    ListState.DONE: _("utförd"),
    ListState.WITHDRAWN: _("tillbakadragen"),
}
LIST_MOVES: dict[ListState | None, frozenset[ListState]] = {
    None: frozenset({ListState.PLANNED}),
    ListState.PLANNED: frozenset({ListState.APPROVED, ListState.WITHDRAWN}),
    ListState.APPROVED: frozenset({ListState.RUNNING, ListState.WITHDRAWN}),
    # What is destroyed cannot be taken back: a run at work is only ever finished.
    ListState.RUNNING: frozenset({ListState.RUNNING, ListState.DONE}),
    ListState.DONE: frozenset(),
    ListState.WITHDRAWN: frozenset(),
}
OPEN = frozenset({ListState.PLANNED, ListState.APPROVED, ListState.RUNNING})


class Reason(StrEnum):
    """Why a record is kept past its day."""

    ONGOING = "ongoing"
    REQUESTED = "requested"
    RETURNED = "returned"
    COURT = "court"
    SUPERVISION = "supervision"
    DAMAGES = "damages"
    RESEARCH = "research"


REASON_NAMES: dict[Reason, str] = {
    Reason.ONGOING: _("Arbetet med personen pågår eller tas upp igen"),
    Reason.REQUESTED: _("Personen har begärt att få ta del av uppgifterna"),
    Reason.RETURNED: _("Personen har hört av sig igen"),
    Reason.COURT: _("Uppgifterna behövs i en rättsprocess"),
    Reason.SUPERVISION: _("En tillsynsmyndighet granskar ärendet"),
    Reason.DAMAGES: _("Ett skadeståndsanspråk är inte avgjort"),
    Reason.RESEARCH: _("Ett beslut om forskningsurval väntas"),
}
# These stand against the law's last day; the others only postpone until it.
LEGAL_REASONS = frozenset({Reason.COURT, Reason.SUPERVISION, Reason.DAMAGES, Reason.RESEARCH})


class WrongListState(Refusal):
    """The list is not in the state that the act needs."""

    code = "disposal.wrong_state"


class SamePerson(Refusal):
    """One person would do alone what two shall do."""

    code = "disposal.same_person"


class ListChanged(Refusal):
    """What would be destroyed is no longer what was planned, or what the page showed."""

    code = "disposal.list.changed"


class NothingDue(Refusal):
    """There is nothing to dispose of."""

    code = "disposal.nothing_due"


class TooLong(Refusal):
    """A record would be kept longer than the law lets it."""

    code = "disposal.too_long"


class Line(NamedTuple):
    """One record of a list, as its fingerprint knows it."""

    kind: str
    id: str
    due_on: date
    last_note_on: date
    rule_class: str
    is_excluded: bool


def fingerprint(lines: Iterable[Line]) -> str:
    """What stands for the exact list: one line more, less or otherwise gives another."""
    told = sorted(
        "\t".join(
            (
                one.kind,
                one.id,
                one.due_on.isoformat(),
                one.last_note_on.isoformat(),
                one.rule_class,
                "x" if one.is_excluded else "",
            )
        )
        for one in lines
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def check_move(state: ListState, to: ListState) -> None:
    """Pass a move that the table allows. Raises WrongListState."""
    if to not in LIST_MOVES[state]:
        raise WrongListState(
            _("Gallringslistan är {state}. Läs om sidan och se vad som gäller nu."),
            state=LIST_NAMES[state],
        )


def check_other_person(planned_by: int | None, by: int | None) -> None:
    """Raise SamePerson when who planned the list would approve it."""
    if planned_by == by:
        raise SamePerson(
            _(
                "Du har själv tagit fram listan. Gallring kan inte ångras, så en annan person "
                "godkänner den: enhetens chef, eller en annan enhets chef om det är hon som tog "
                "fram den."
            )
        )


def check_not_approver(approved_by: int | None, by: int | None) -> None:
    """Raise SamePerson when who approved the list would also run it at the command line."""
    if approved_by == by:
        raise SamePerson(
            _(
                "Du har själv godkänt listan. På kommandoraden utförs den av en annan person: en "
                "annan chef för enheten eller systemadministratören. Själv startar du den på sidan "
                "Gallring."
            )
        )


def check_same(planned: str, present: str) -> None:
    """Raise ListChanged when the list is not what it was."""
    if planned != present:
        raise ListChanged(
            _(
                "Listan har ändrats sedan den togs fram: en uppgift har fått en ny anteckning, "
                "märkts om eller försvunnit. Ingenting är gallrat. Dra tillbaka listan och ta fram "
                "en ny."
            )
        )


def check_seen(stored: str, seen: str) -> None:
    """Raise ListChanged when the page showed another list than the one that stands now."""
    if stored != seen:
        raise ListChanged(
            _("Någon har undantagit något ur listan medan du läste den. Granska den på nytt.")
        )


def check_something(count: int) -> None:
    """Raise NothingDue for a list that would destroy nothing."""
    if not count:
        raise NothingDue(
            _("Det finns inget att gallra i listan. Dra tillbaka den; undantagen gäller ändå.")
        )


def check_until(reason: Reason, until: date, *, today: date, due: date | None) -> None:
    """Pass a day through which a record may be kept for the reason.

    due: the day from which it shall be disposed of; None for one that is exempt.
    Raises BadInput for a day that has come or lies too far away, TooLong when no day would be
    left before the law's last without a legal reason.
    """
    if until <= today:
        raise BadInput(_("Dagen {day} har redan kommit. Välj en senare dag."), day=until)
    if until > today + timedelta(days=366 * LONGEST_HOLD_YEARS):
        raise BadInput(
            _("Välj en dag inom {years} år. Undantaget kan förnyas då."), years=LONGEST_HOLD_YEARS
        )
    if due is not None and reason not in LEGAL_REASONS and until > held_until(due):
        raise TooLong(
            _(
                "Uppgifterna ska vara gallrade senast {day}, så de får sparas till och med {last}. "
                "Längre än så får de sparas bara för en rättsprocess, en tillsyn, ett skadestånd "
                "eller ett forskningsurval."
            ),
            day=done_by(due),
            last=held_until(due),
        )


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """The counts of both."""
    kinds = sorted({*counts, *more})
    return {kind: counts.get(kind, 0) + more.get(kind, 0) for kind in kinds}
