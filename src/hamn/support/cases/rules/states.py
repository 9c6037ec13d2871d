"""States of cases, and when a case or a record falls due."""

from datetime import date
from enum import StrEnum

from hamn.core.errors import Refusal, _


class CaseState(StrEnum):
    """Where a case is (HTCDS cas_Status)."""

    ACTIVE = "active"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    CLOSED_REFERRED = "closed_referred"


CASE_STATES = {
    CaseState.ACTIVE: _("pågår"),
    CaseState.FOLLOW_UP: _("följs upp"),
    CaseState.CLOSED: _("avslutat"),
    CaseState.CLOSED_REFERRED: _("avslutat, hänvisad vidare"),
}
OPEN = frozenset({CaseState.ACTIVE, CaseState.FOLLOW_UP})
MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.ACTIVE: frozenset({CaseState.FOLLOW_UP, CaseState.CLOSED, CaseState.CLOSED_REFERRED}),
    CaseState.FOLLOW_UP: frozenset({CaseState.ACTIVE, CaseState.CLOSED, CaseState.CLOSED_REFERRED}),
    CaseState.CLOSED: frozenset({CaseState.ACTIVE}),
    CaseState.CLOSED_REFERRED: frozenset({CaseState.ACTIVE}),
}
BREAK_GLASS_HOURS = 4


class WrongState(Refusal):
    """The case or the record is not in the state that the act needs."""

    code = "cases.wrong_state"


class Changed(Refusal):
    """Someone else saved the same thing after the page was opened; both texts are shown."""

    code = "cases.changed"


class ClosedToYou(Refusal):
    """The case is the unit's but not this worker's: break-glass, or ask who is responsible."""

    code = "cases.closed_to_you"


def check_move(state: CaseState, to: CaseState) -> None:
    """Pass a move that the table allows. Raises WrongState."""
    if to not in MOVES[state]:
        raise WrongState(
            _("Ärendet är {state} och kan inte bli {to}. Läs om sidan och se vad som gäller nu."),
            state=CASE_STATES[state],
            to=CASE_STATES[to],
        )


def check_open(state: CaseState) -> None:
    """Pass a case in which something can still be written. Raises WrongState."""
    if state not in OPEN:
        raise WrongState(
            _("Ärendet är avslutat. Öppna det igen innan du skriver något nytt i det.")
        )


def check_version(seen: int | str, stored: int) -> None:
    """Pass when nobody has saved since the page was opened. Raises Changed."""
    if str(seen) != str(stored):
        raise Changed(
            _(
                "Någon annan har sparat medan du skrev. Din text står kvar här och den andras "
                "visas ovanför. Jämför dem och spara igen."
            )
        )


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether the day it should have been done by has passed."""
    return due_on is not None and due_on < today
