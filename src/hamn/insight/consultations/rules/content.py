"""What is asked and what is logged, as typed data, and what a consultation's sealed field says.

Pure.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from hamn.core.errors import BadInput, _

from .words import KINDS, MOST_MINUTES, PROFESSIONS, TOPICS, URGENCIES, WAYS


@dataclass(frozen=True, slots=True)
class ConsultationContent:
    """Who asked, what was asked and what was answered; about the one who asks, never a client.

    fact: the identity-free fact that it was counted by, empty until it was given.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    workplace: str = ""
    text: str = ""
    answer: str = ""
    fact: str = ""

    @property
    def own(self) -> tuple[str, ...]:
        """What the one who asks has said of herself: no sign of a client."""
        return tuple(part for part in (self.name, self.phone, self.email) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it came from the web. municipality: as `queries.workplace` reads it."""

    name: str
    phone: str
    email: str
    workplace: str
    municipality: str
    profession: str
    kind: str
    topic: str
    urgency: str
    text: str

    @property
    def content(self) -> ConsultationContent:
        """What of it is sealed."""
        return ConsultationContent(
            name=self.name,
            phone=self.phone,
            email=self.email,
            workplace=self.workplace,
            text=self.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A consultation that was given: what is counted of it, and what is sealed."""

    unit: str
    on: date
    kind: str
    way: str
    minutes: int
    municipality: str
    profession: str
    topic: str
    urgency: str
    name: str = ""
    text: str = ""


def check_asked(asked: Asked) -> None:
    """Pass a question that somebody can be answered on. Raises BadInput."""
    _check(asked.kind, KINDS)
    _check(asked.topic, TOPICS)
    _check(asked.urgency, URGENCIES)
    _check(asked.profession, PROFESSIONS)
    if not (asked.name and asked.text):
        raise BadInput(_("Skriv ditt namn och din fråga."))
    if not (asked.phone or asked.email):
        raise BadInput(_("Skriv ett telefonnummer eller en e-postadress, så att vi kan svara."))


def check_told(given: Given) -> None:
    """Pass what can be counted. Raises BadInput."""
    _check(given.kind, KINDS)
    _check(given.topic, TOPICS)
    _check(given.urgency, URGENCIES)
    _check(given.profession, PROFESSIONS)
    check_way(given.way, given.minutes)


def check_way(way: str, minutes: int) -> None:
    """Pass how something was given, and how long it took. Raises BadInput."""
    _check(way, WAYS)
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadInput(_("Skriv hur många minuter det tog, 1–{most}."), most=MOST_MINUTES)


def _check(code: str, known: Container[str]) -> None:
    if code not in known:
        raise BadInput(_("Valet ”{code}” finns inte. Välj något i listan."), code=code)
