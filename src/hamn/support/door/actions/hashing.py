"""The slow hash of a code, a few at a time, with turns that nobody can take from somebody else.

The attack this stops: somebody sends wrong codes as fast as she can, so that a right one has to
wait behind them all. Who waits stands in lines: one for each source, in it one for each form; the
next turn goes to the next line. When too many wait, the last of the longest line is sent away.
A source is a digest that dies within the hour (limits.py); no address is kept. Never within a
transaction: 20 milliseconds of hash would hold up every other writer.
Source: docs/security.md A11, A16; design.md (Vault).
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import Refusal, _

from ..models import DoorSalt
from ..rules.keys import Derived, derive

# A hash fills one core; a process with more of them at once only lets them wait for each other.
SLOTS = 1
MOST_WAITING, MOST_OF_A_FORM, WAIT_S = 32, 2, 8.0
# Of one address: a whole shelter's, and yet no more than leaves room for everybody else.
MOST_OF_A_SOURCE = 8
RETRY_AFTER_S = 10
# How long one whose code opened nothing is held back while others wait, and how many at once: each
# takes a thread of the process, of which there are three times as many.
REST_S, MOST_RESTING = 1.0, 12


class Busy(Refusal):
    """So many wait for their turn that one more would wait in vain.

    retry_after_s: seconds until it is worth another try, for the answer's Retry-After.
    """

    code = "door.busy"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Just nu är det många här samtidigt. Ingenting har gått förlorat: vänta några "
                "sekunder och skicka igen."
            )
        )
        self.retry_after_s = RETRY_AFTER_S


class _Ticket:
    """Somebody who waits; called when it is her turn, or sent away."""

    __slots__ = ("form", "is_called", "is_over", "source")

    def __init__(self, source: bytes, form: bytes) -> None:
        self.source, self.form = source, form
        self.is_over = threading.Event()
        self.is_called = False


_Line = OrderedDict[bytes, deque[_Ticket]]


class Turns:
    """A few slots, and fair lines before them."""

    def __init__(
        self,
        slots: int = SLOTS,
        most_waiting: int = MOST_WAITING,
        wait_s: float = WAIT_S,
        most_of_a_source: int | None = None,
    ) -> None:
        self.free = slots
        self.most_waiting = most_waiting
        self.wait_s = wait_s
        self.most_of_a_source = most_waiting if most_of_a_source is None else most_of_a_source
        self.lock = threading.Lock()
        self.waiting = self.resting = 0
        self.lines: OrderedDict[bytes, _Line] = OrderedDict()

    @contextmanager
    def turn(self, source: bytes, form: bytes) -> Iterator[None]:
        """Hold a slot. Raises Busy after too long a wait, or at once when too many wait."""
        ticket = self._enter(source, form)
        if ticket is not None:
            self._wait(ticket)
        try:
            yield
        finally:
            with self.lock:
                self._call_next()

    def rest(self, seconds: float = REST_S) -> None:
        """Hold back who has just had a turn, while others wait; alone she is not held."""
        with self.lock:
            if not self.waiting or self.resting >= MOST_RESTING:
                return
            self.resting += 1
        time.sleep(seconds)
        with self.lock:
            self.resting -= 1

    def _enter(self, source: bytes, form: bytes) -> _Ticket | None:
        """A ticket in a line; None when a slot is taken at once."""
        with self.lock:
            if self.free and not self.waiting:
                self.free -= 1
                return None
            if self._of_form(source, form) >= MOST_OF_A_FORM:
                raise Busy
            # Those who cannot be told apart (source empty) are many, and not held to be one.
            if source and _length(self.lines.get(source, OrderedDict())) >= self.most_of_a_source:
                raise Busy
            if self.waiting >= self.most_waiting:
                self._send_away_for(source, form)
            ticket = _Ticket(source, form)
            line = self.lines.setdefault(source, OrderedDict())
            line.setdefault(form, deque()).append(ticket)
            self.waiting += 1
            return ticket

    def _wait(self, ticket: _Ticket) -> None:
        ticket.is_over.wait(self.wait_s)
        with self.lock:
            if ticket.is_called:
                return
            if not ticket.is_over.is_set():
                self._remove(ticket)
        raise Busy

    def _call_next(self) -> None:
        """Give the slot to the next line's next form's first; else it is free."""
        if not self.waiting:
            self.free += 1
            return
        source, line = next(iter(self.lines.items()))
        ticket = next(iter(line.values()))[0]
        self._remove(ticket)
        # Behind the others: of its source the form, of all the source.
        if ticket.form in line:
            line.move_to_end(ticket.form)
        if source in self.lines:
            self.lines.move_to_end(source)
        ticket.is_called = True
        ticket.is_over.set()

    def _send_away_for(self, source: bytes, form: bytes) -> None:
        """Make room by the longest line's last. Raises Busy for one who stands there herself."""
        longest = max(self.lines.values(), key=_length)
        tickets = max(longest.values(), key=len)
        has_longer = _length(longest) > _length(self.lines.get(source, OrderedDict())) + 1
        if not has_longer and len(tickets) <= self._of_form(source, form) + 1:
            raise Busy
        last = tickets[-1]
        self._remove(last)
        last.is_over.set()

    def _remove(self, ticket: _Ticket) -> None:
        line = self.lines[ticket.source]
        line[ticket.form].remove(ticket)
        self.waiting -= 1
        if not line[ticket.form]:
            del line[ticket.form]
        if not line:
            del self.lines[ticket.source]

    def _of_form(self, source: bytes, form: bytes) -> int:
        line = self.lines.get(source)
        return len(line.get(form, ())) if line else 0


def _length(line: _Line) -> int:
    return sum(len(tickets) for tickets in line.values())


_TURNS = Turns(most_of_a_source=MOST_OF_A_SOURCE)


@sensitive_variables("code")
def hashed(code: str, *, source: bytes = b"", form: bytes = b"") -> Derived:
    """What the code makes (rules.keys), when it is its turn.

    source: limits.source_of the address; form: what tells one form from another of that source.
    Raises Busy.
    """
    salt = _salt()
    with _TURNS.turn(source, form):
        return derive(code, salt)


def rest() -> None:
    """Hold back one whose code opened nothing, while others wait for their turn.

    Who sends wrong codes as fast as she can then leaves the turns to the others; called alike for a
    code that is unknown, of an ended dialogue, and of a blocked one.
    """
    _TURNS.rest()


@cache
def _salt() -> bytes:
    """The centre's salt; read once, since it never changes."""
    return bytes(DoorSalt.objects.values_list("salt", flat=True).get())
