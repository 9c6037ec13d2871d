"""Times that staff offer: which they are, where, and that nobody is in two at once. Pure.

Hours and days are those of Swedish time.
Source: requirements B5, B16.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hamn.core.errors import BadInput, Refusal, _
from hamn.support.cases.rules.safe_contact import HERE, moment

from .hours import public_holidays
from .words import MEETINGS

FEWEST_MINUTES, MOST_MINUTES = 10, 240
MOST_IN_A_ROW, MOST_WEEKS = 12, 26
LONGEST_AHEAD = timedelta(days=366)


class DialogueOver(Refusal):
    """A time is booked in an open dialogue alone."""

    code = "door.dialogue_over"

    def __init__(self) -> None:
        super().__init__(_("Dialogen är inte öppen. Öppna en ny åt personen, och boka i den."))


class TimesOverlap(Refusal):
    """The worker has a time of her own that one of the new ones would run into."""

    code = "door.times_overlap"

    def __init__(self, at: datetime) -> None:
        super().__init__(
            _("Du har redan en tid som krockar: {at}. Välj ett annat klockslag."),
            at=f"{at.astimezone(HERE):%Y-%m-%d %H.%M}",
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """Times as staff publish them: so many in a row, on that weekday, so many weeks."""

    on: date
    clock: str
    minutes: int
    in_a_row: int = 1
    weeks: int = 1


def times_of(offer: Offer, now: datetime) -> list[datetime]:
    """When each time of the offer begins; public holidays are left out of a repetition.

    Raises BadInput for what is over, too far ahead, or all holidays.
    """
    _check_offer(offer)
    days = [offer.on + timedelta(weeks=week) for week in range(offer.weeks)]
    free = [day for day in days if offer.weeks == 1 or day not in public_holidays(day.year)]
    each = timedelta(minutes=offer.minutes)
    times = [
        moment(day, offer.clock) + each * place for day in free for place in range(offer.in_a_row)
    ]
    if not times:
        raise BadInput(_("Alla dagar i serien är helgdagar. Välj en annan dag."))
    if times[0] <= now:
        raise BadInput(_("Den tiden har redan varit. Välj en tid som kommer."))
    if times[-1] > now + LONGEST_AHEAD:
        raise BadInput(_("Tiden ligger mer än ett år fram. Välj en närmare."))
    return times


def check_place(form: str, place: str) -> str:
    """The place as it may stand: an address, or the link of a video meeting. Raises BadInput."""
    if form not in MEETINGS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Hur"))
    if form == "video" and not (place.startswith("https://") and len(place.split()) == 1):
        raise BadInput(_("Skriv länken till videomötet. Den börjar med https://."))
    if form == "visit" and not place:
        raise BadInput(_("Skriv var ni ses."))
    return place


def check_apart(
    times: Iterable[datetime], minutes: int, taken: Iterable[tuple[datetime, int]]
) -> None:
    """Pass times that run into none of those that the worker has. Raises TimesOverlap."""
    spans = [(at, at + timedelta(minutes=length)) for at, length in taken]
    for at in times:
        end = at + timedelta(minutes=minutes)
        for begins, ends in spans:
            if at < ends and begins < end:
                raise TimesOverlap(begins)


def _check_offer(offer: Offer) -> None:
    limits: Collection[tuple[int, int, int]] = (
        (offer.minutes, FEWEST_MINUTES, MOST_MINUTES),
        (offer.in_a_row, 1, MOST_IN_A_ROW),
        (offer.weeks, 1, MOST_WEEKS),
    )
    for number, least, most in limits:
        if not least <= number <= most:
            raise BadInput(
                _("{number} går inte. Skriv ett tal från {least} till {most}."),
                number=number,
                least=least,
                most=most,
            )
