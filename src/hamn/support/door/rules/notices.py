"""The safe notice (neutral avisering): a letter that says nothing but that there is something.

Neither who writes, nor what about, nor a link, nor a code stands in it; the same letter tells of an
answer, of a cancelled time and of a time to come. Pure.
Source: requirements B5; anchors part I, row 1.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hamn.core.errors import _
from hamn.support.cases.rules.safe_contact import SafeContact, may_contact

from .content import ReachContent

NOTICE, CALL = "notice", "call"  # kinds of Reach
# A letter waits a little: several answers are one letter, and who reads at once gets none.
WAITS = timedelta(minutes=15)
# A letter at hand is taken by another worker after that: the one that had it is gone.
LEASE = timedelta(minutes=15)
# Her hours may have changed meanwhile.
LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wording:
    """A neutral letter: its subject and its only line."""

    subject: str
    text: str


WORDINGS: dict[str, Wording] = {
    "hello": Wording(_("Hej"), _("Hej! Det finns något nytt att läsa när du har tid.")),
    "list": Wording(_("Listan"), _("Glöm inte att titta på listan.")),
    "reading": Wording(_("Läsvärt"), _("Det finns något läsvärt när du har en stund över.")),
}
FIRST = "hello"
# What a form chooses from: each wording's whole text by its code.
WORDING_NAMES: dict[str, str] = {code: wording.text for code, wording in WORDINGS.items()}


def wording_of(content: ReachContent) -> Wording:
    """The letter that she chose; the first for one that is no longer offered."""
    return WORDINGS.get(content.wording, WORDINGS[FIRST])


def hours_of(content: ReachContent) -> SafeContact:
    """When she may be written to, as the rules of safe contact read it."""
    return SafeContact(since=content.since, until=content.until, days=content.days)


def waits_until(own: SafeContact, case: SafeContact | None, now: datetime) -> datetime | None:
    """When to look again at a letter that is not allowed now; None when it is.

    Her own hours and what her case says must both allow it.
    """
    asked = [may_contact(one, "email", now) for one in (own, case) if one is not None]
    hindered = [one for one in asked if not one.allowed]
    if not hindered:
        return None
    return min(now + LOOK_AGAIN, *(one.next_at or now + LOOK_AGAIN for one in hindered))
