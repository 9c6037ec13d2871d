"""How long what a person sent is kept, and what stands against erasing it. Pure.

What is sent to an authority is an official document (allmän handling): nothing is erased but by a
disposal decision (gallringsbeslut), and under one not while something else needs it.
Source: TF 2 kap.; arkivlagen (1990:782) 10 §; SoL 19:1; docs/adr/0025.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import clean_text

SOON = timedelta(days=7)  # the list of what goes
LONGEST_REFERENCE = 60
MOST_DAYS, MOST_CHANNEL_DAYS = 1830, 3660  # five and ten years
# How long a reason of `words.KEEP_REASONS` keeps a dialogue; then it is asked anew.
KEPT_FOR: dict[str, timedelta] = {
    "ongoing": timedelta(days=30),
    "waits": timedelta(days=30),
    "case_soon": timedelta(days=30),
    "concern_report": timedelta(days=180),
    "record_request": timedelta(days=180),
}
# These stand also against the person's own wish: the law asks for the document, not we.
LEGAL_REASONS = frozenset({"case_soon", "concern_report", "record_request"})


class Stop(StrEnum):
    """What stands against erasing a dialogue's content; the first that holds is told."""

    CASE = "case"
    KEPT = "kept"
    REQUEST = "request"
    BOOKING = "booking"
    UNANSWERED = "unanswered"


STOPS: dict[str, str] = {
    Stop.CASE: _("hör till ett ärende"),
    Stop.KEPT: _("behövs fortfarande"),
    Stop.REQUEST: _("en begäran om handlingar är inte avgjord"),
    Stop.BOOKING: _("en tid är bokad"),
    Stop.UNANSWERED: _("ett meddelande är obesvarat"),
}


class NoDecision(Refusal):
    """No decision lets content be erased where somebody wanted it done."""

    code = "door.no_decision"


class TooEarly(Refusal):
    """The day has not come: what is erased by a mistaken date never comes back."""

    code = "door.too_early"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a dialogue when its time has come; nothing of it is content.

    is_kept: somebody said why it is needed still; is_legally_kept: for a reason of the law.
    is_requested: a request to its unit is undecided. waits: the person waits for an answer.
    """

    has_case: bool = False
    is_kept: bool = False
    is_legally_kept: bool = False
    is_requested: bool = False
    has_booking_ahead: bool = False
    waits: bool = False


class Decision(NamedTuple):
    """What a head registers: how long, from when, and by which decision."""

    days: int
    channel_days: int
    person_may_erase: bool
    decision_reference: str
    decision_on: date
    valid_from: date
    valid_until: date | None = None


def stop_of(facts: Standing, *, is_asked: bool) -> Stop | None:
    """What stands against erasing; None when nothing does.

    is_asked: the person wants it herself. Then what we would like to keep does not stop it, nor
    that she waits for an answer or has a time, which stays booked.
    """
    if facts.has_case:
        return Stop.CASE
    if facts.is_legally_kept or (facts.is_kept and not is_asked):
        return Stop.KEPT
    if facts.is_requested:
        return Stop.REQUEST
    if is_asked:
        return None
    if facts.has_booking_ahead:
        return Stop.BOOKING
    return Stop.UNANSWERED if facts.waits else None


def goes_on(active_on: date, days: int) -> date:
    """The first day on which it may be erased, so many days after anyone's last act."""
    return active_on + timedelta(days=days)


def kept_until(reason: str, today: date, reasons: Collection[str]) -> date:
    """The last day that the reason keeps a dialogue. Raises BadInput for a reason that is none."""
    if reason not in reasons:
        raise BadInput(_("Välj ett av skälen i listan."))
    return today + KEPT_FOR[reason]


def checked(given: Decision, *, today: date) -> Decision:
    """The decision as it can be registered.

    Raises BadInput for a decision without its reference or day, days that cannot be, and a rule
    that would begin before what it erases has stood on the week's list.
    """
    reference = " ".join(clean_text(given.decision_reference, LONGEST_REFERENCE).split())
    if not reference:
        raise BadInput(_("Skriv gallringsbeslutets diarienummer. Utan beslut raderas ingenting."))
    if given.decision_on > today:
        raise BadInput(_("Beslutet kan inte vara fattat efter i dag. Rätta datumet."))
    if not 1 <= given.days <= MOST_DAYS:
        raise BadInput(_("Antalet dagar ska vara mellan 1 och {most}."), most=MOST_DAYS)
    if not given.days <= given.channel_days <= MOST_CHANNEL_DAYS:
        raise BadInput(
            _("Koden ska fungera minst lika länge som innehållet sparas, högst {most} dagar."),
            most=MOST_CHANNEL_DAYS,
        )
    _check_span(given, today)
    return given._replace(decision_reference=reference)


def _check_span(given: Decision, today: date) -> None:
    earliest = today + SOON
    if given.valid_from < earliest:
        raise BadInput(
            _(
                "Regeln kan börja gälla tidigast {day}: enheten ska hinna se vad som raderas. "
                "Välj en senare dag."
            ),
            day=earliest,
        )
    if given.valid_until is not None and given.valid_until < given.valid_from:
        raise BadInput(_("Regeln kan inte sluta gälla innan den börjar. Rätta dagarna."))


def check_day(on: date, *, today: date, dry_run: bool) -> None:
    """Pass a day that has come, or one that is only looked at. Raises TooEarly."""
    if on > today and not dry_run:
        raise TooEarly(
            _(
                "{day} har inte kommit. Ingenting raderas i förväg: det går inte att ångra. "
                "Lägg till --dry-run för att se vad som skulle raderas då."
            ),
            day=on,
        )
