"""Safe contact (säker kontakt): how and when a person may be reached, enforced. Pure.

What is forbidden is never chosen: a planned call, message or meeting is refused, and told when it
may be next. Hours and days are those of Swedish time.
Source: requirements B5, B17; OSL 21:3.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hamn.core.errors import BadInput, Refusal, _
from hamn.support.services.rules import CHANNELS

from .content import CaseContent

HERE = ZoneInfo("Europe/Stockholm")
# The ways in which a worker may reach out to one person; outreach in the street reaches anyone.
WAYS: dict[str, str] = {
    **{code: name for code, name in CHANNELS.items() if code not in ("street", "online")},
    "sms": _("sms"),
    "letter": _("brev"),
    "online": _("meddelande på nätet"),
}
DAYS: dict[str, str] = {
    "0": _("måndag"),
    "1": _("tisdag"),
    "2": _("onsdag"),
    "3": _("torsdag"),
    "4": _("fredag"),
    "5": _("lördag"),
    "6": _("söndag"),
}
MORNING, EVENING = 0, 24
_WEEK_AND_A_DAY = 8 * 24  # hours; among them every hour of the week, also when clocks change


@dataclass(frozen=True, slots=True)
class SafeContact:
    """What a person has said about how she may be reached; empty and None leave it open.

    since, until: hours of the day; 22 and 6 mean over the night. days: 0 is Monday.
    """

    safe: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether she may be reached so and then; sentence says what is in the way.

    next_at: the first moment from then on that she allows; None when the channel never is.
    """

    allowed: bool
    sentence: str = ""
    next_at: datetime | None = None


class UnsafeContact(Refusal):
    """The person does not want to be reached so, or not then."""

    code = "cases.unsafe_contact"


NEVER = _("Personen vill inte bli nådd med {channel}. Välj ett annat sätt.")
NOT_ON_THAT_DAY = _("Personen vill inte bli nådd på en {day}. Tidigast går det {next_at}.")
NOT_AT_THAT_HOUR = _("Personen vill inte bli nådd klockan {hour}. Tidigast går det {next_at}.")


def rules_of(content: CaseContent) -> SafeContact:
    """What the case says about safe contact."""
    return SafeContact(
        safe=content.safe_channels,
        forbidden=content.forbidden_channels,
        since=content.safe_from,
        until=content.safe_until,
        days=content.safe_days,
    )


def may_contact(rules: SafeContact, channel: str, at: datetime) -> Answer:
    """Whether the person may be reached by the channel at the moment, and else when next."""
    if not is_allowed_channel(rules, channel):
        return Answer(False, NEVER)
    local = at.astimezone(HERE)
    if _is_allowed_moment(rules, local):
        return Answer(True, next_at=at)
    has_day = not rules.days or local.weekday() in rules.days
    return Answer(False, NOT_AT_THAT_HOUR if has_day else NOT_ON_THAT_DAY, _next(rules, at))


def check_safe(rules: SafeContact, channel: str, at: datetime) -> None:
    """Pass a way and a moment that the person allows. Raises UnsafeContact."""
    answer = may_contact(rules, channel, at)
    if answer.allowed:
        return
    local = at.astimezone(HERE)
    raise UnsafeContact(
        answer.sentence,
        channel=WAYS.get(channel, channel),
        day=DAYS[str(local.weekday())],
        hour=f"{local:%H.%M}",
        next_at=shown(answer.next_at),
    )


def shown(at: datetime | None) -> str:
    """A moment in Swedish time, to the minute; empty for none."""
    return f"{at.astimezone(HERE):%Y-%m-%d %H.%M}" if at else ""


def is_allowed_channel(rules: SafeContact, channel: str) -> bool:
    """Whether she may be reached so at all; what she has forbidden wins."""
    return channel not in rules.forbidden and (not rules.safe or channel in rules.safe)


def allowed_ways(rules: SafeContact) -> dict[str, str]:
    """The ways she may be reached, with their names."""
    return {code: name for code, name in WAYS.items() if is_allowed_channel(rules, code)}


def checked(rules: SafeContact) -> SafeContact:
    """The rules when they can be followed. Raises BadInput for those that leave nothing."""
    _check_codes(rules.safe, WAYS)
    _check_codes(rules.forbidden, WAYS)
    _check_codes([str(day) for day in rules.days], DAYS)
    if set(rules.safe) & set(rules.forbidden):
        raise BadInput(_("Samma sätt står både som tillåtet och som förbjudet. Välj det ena."))
    if (rules.since is None) != (rules.until is None):
        raise BadInput(_("Skriv både från vilken timme och till vilken, eller ingen av dem."))
    if rules.since is not None and rules.since == rules.until:
        raise BadInput(_("Från och till är samma timme. Lämna båda tomma om alla timmar går bra."))
    for hour in (rules.since, rules.until):
        if hour is not None and not MORNING <= hour <= EVENING:
            raise BadInput(_("En timme är ett tal från 0 till 24. Rätta timmen."))
    return rules


def moment(day: date, clock: str) -> datetime:
    """The moment of the day at which clocks in Sweden show that: `14.30`, `14:30` or `14`.

    Raises BadInput.
    """
    hour, _dot, minute = clock.strip().replace(":", ".").partition(".")
    parts = [part for part in (hour, minute or "0") if part.isascii() and part.isdecimal()]
    if len(parts) != 2 or int(parts[0]) > 23 or int(parts[1]) > 59:
        raise BadInput(_("”{clock}” är inget klockslag. Skriv till exempel 14.30."), clock=clock)
    return datetime.combine(day, time(int(parts[0]), int(parts[1])), HERE)


def check_ahead(at: datetime, now: datetime) -> None:
    """Pass a moment that is still to come. Raises BadInput."""
    if at <= now:
        raise BadInput(_("Den tiden har redan varit. Välj en tid som kommer."))


def _is_allowed_moment(rules: SafeContact, local: datetime) -> bool:
    if rules.days and local.weekday() not in rules.days:
        return False
    if rules.since is None or rules.until is None:
        return True
    hour = local.hour
    if rules.since < rules.until:
        return rules.since <= hour < rules.until
    return hour >= rules.since or hour < rules.until


def _next(rules: SafeContact, at: datetime) -> datetime | None:
    """The first whole hour after the moment that she allows."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for _each in range(_WEEK_AND_A_DAY):
        hour += timedelta(hours=1)
        if _is_allowed_moment(rules, hour.astimezone(HERE)):
            return hour.astimezone(HERE)
    return None


def _check_codes(codes: Collection[str], names: Collection[str]) -> None:
    if not set(codes) <= set(names):
        raise BadInput(_("Välj bland det som står i listan."))
