"""What a post counts as, who is away, and when a unit has nobody to fall back on. Pure.

Source: requirements A28, H2, Z18; docs/adr/0018.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from hamn.core.errors import BadInput, Refusal, _

_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
FULL_TIME = 100  # percent


class Funding(StrEnum):
    """Who pays a post."""

    SHARED = "shared"
    PROVIDER = "provider"
    GRANT = "grant"


FUNDING_NAMES: dict[Funding, str] = {
    Funding.SHARED: _("kommunerna gemensamt (avtalet)"),
    Funding.PROVIDER: _("anordnaren själv"),
    Funding.GRANT: _("bidrag"),
}


class Qualification(StrEnum):
    """What the holder of a post is qualified as (SoL 5:3)."""

    SOCIONOM = "socionom"
    OTHER = "other"


QUALIFICATION_NAMES: dict[Qualification, str] = {
    Qualification.SOCIONOM: _("socionom"),
    Qualification.OTHER: _("annan utbildning"),
}


class AbsenceKind(StrEnum):
    """How an absence came about; whether somebody is ill is nothing that Hamn needs to know."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"
    LONG = "long"


ABSENCE_NAMES: dict[AbsenceKind, str] = {
    AbsenceKind.PLANNED: _("planerad"),
    AbsenceKind.UNPLANNED: _("oplanerad"),
    AbsenceKind.LONG: _("längre, med vikarie"),
}


class CoverState(StrEnum):
    """How far a standing cover has come on a day."""

    OFFERED = "offered"
    COMING = "coming"
    IN_FORCE = "in_force"
    PAST = "past"
    ENDED = "ended"


COVER_NAMES: dict[CoverState, str] = {
    CoverState.OFFERED: _("väntar på svar"),
    CoverState.COMING: _("har tackat ja"),
    CoverState.IN_FORCE: _("gäller"),
    CoverState.PAST: _("tiden är ute"),
    CoverState.ENDED: _("avslutad"),
}


class Lack(StrEnum):
    """What a unit lacks, so that its records could be out of reach."""

    NOBODY = "nobody"
    ALL_AWAY = "all_away"
    NO_COVER = "no_cover"
    NO_STANDING_COVER = "no_standing_cover"


LACK_SENTENCES: dict[Lack, str] = {
    Lack.NOBODY: _("Ingen handläggare hör till enheten: ingen kan läsa dess ärenden."),
    Lack.ALL_AWAY: _("Alla är frånvarande: ingen är på plats och läser ärendena i dag."),
    Lack.NO_COVER: _("Ingen ersättare: ingen kan läsa ärendena om {title} blir sjuk."),
    Lack.NO_STANDING_COVER: _(
        "Ingen ersättare har tackat ja: det är inte bestämt vem som tar ärendena om {title} blir "
        "sjuk."
    ),
}


class Changed(Refusal):
    """Somebody else has saved the same thing since the page was opened."""

    code = "staff.changed"


class CannotCover(Refusal):
    """The person cannot be the unit's standing cover as things are."""

    code = "staff.cannot_cover"


class Counted(Protocol):
    """A post as it counts: its extent, who pays, whether it manages, and who holds it."""

    @property
    def percent(self) -> int:
        """The extent in percent of full time."""

    @property
    def funding(self) -> str:
        """Who pays."""

    @property
    def is_management(self) -> bool:
        """Whether it leads the unit, and so is not counted among its posts."""

    @property
    def person_id(self) -> int | None:
        """Who holds it; None when it is vacant."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Posts in percent of full time: what the municipalities finance beside what there is (Z18).

    financed: posts that the municipalities share, vacant or not. actual: all posts, whoever pays.
    vacant: the part of `actual` that nobody holds. management: apart, in none of the others.
    """

    financed: int = 0
    actual: int = 0
    vacant: int = 0
    management: int = 0

    def __add__(self, other: "Staffing") -> "Staffing":
        return Staffing(
            self.financed + other.financed,
            self.actual + other.actual,
            self.vacant + other.vacant,
            self.management + other.management,
        )


def staffing_of(posts: Iterable[Counted]) -> Staffing:
    """What some posts come to."""
    return sum((_one(post) for post in posts), start=Staffing())


def _one(post: Counted) -> Staffing:
    if post.is_management:
        return Staffing(management=post.percent)
    return Staffing(
        financed=post.percent if post.funding == Funding.SHARED else 0,
        actual=post.percent,
        vacant=post.percent if post.person_id is None else 0,
    )


def in_posts(percent: int) -> str:
    """Percent of full time as a number of posts: 650 is `6,5`."""
    whole, part = divmod(percent, FULL_TIME)
    return f"{whole},{part:02}".rstrip("0").rstrip(",") if part else str(whole)


def holds_on(starts_on: date, ends_on: date | None, on: date) -> bool:
    """Whether the day lies in the period, whose last day counts; None has no end."""
    return starts_on <= on and (ends_on is None or on <= ends_on)


def overlap(
    starts_on: date, ends_on: date | None, other_starts_on: date, other_ends_on: date | None
) -> bool:
    """Whether two periods have a day in common."""
    return holds_on(starts_on, ends_on, max(starts_on, other_starts_on)) and holds_on(
        other_starts_on, other_ends_on, max(starts_on, other_starts_on)
    )


def cover_state(
    *, is_accepted: bool, is_ended: bool, starts_on: date, ends_on: date | None, on: date
) -> CoverState:
    """How far a cover has come on the day; only one that is in force gives anything."""
    if is_ended:
        return CoverState.ENDED
    if ends_on is not None and on > ends_on:
        return CoverState.PAST
    if not is_accepted:
        return CoverState.OFFERED
    return CoverState.IN_FORCE if on >= starts_on else CoverState.COMING


def lacks_of(*, posts: int, readers: int, present: int, covers: int) -> list[Lack]:
    """What a unit lacks on a day.

    posts: held posts, management apart. readers: who can read its records, covers among them.
    present: those of them who are not absent. covers: standing covers in force.
    """
    if readers == 0:
        return [Lack.NOBODY]
    found = [] if present else [Lack.ALL_AWAY]
    if readers == 1:
        found.append(Lack.NO_COVER)
    elif posts <= 1 and covers == 0:
        found.append(Lack.NO_STANDING_COVER)
    return found


def check_code(code: str) -> str:
    """A unit's code: small letters, digits and underscores.

    Raises BadInput.
    """
    if not _CODE.fullmatch(code):
        raise BadInput(
            _("Enhetens kod ”{code}” ska vara små bokstäver a–z, siffror och understreck."),
            code=code,
        )
    return code


def check_name(name: str) -> str:
    """A unit's name, which stands in sentences.

    Raises BadInput for an empty one and for one with curly brackets.
    """
    name = name.strip()
    if not name or set(name) & set("{}"):
        raise BadInput(_("Enhetens namn ”{name}” är tomt eller har klammer. Rätta det."), name=name)
    return name


def check_percent(percent: int) -> None:
    """Raise BadInput unless the post is between 1 and 100 percent."""
    if not 1 <= percent <= FULL_TIME:
        raise BadInput(
            _("Tjänstgöringsgraden {percent} % ska vara mellan 1 och 100."), percent=percent
        )


def check_period(starts_on: date, ends_on: date | None) -> None:
    """Raise BadInput for a last day before the first."""
    if ends_on is not None and ends_on < starts_on:
        raise BadInput(_("Sista dagen ligger före den första. Rätta en av dem."))


def check_held(*, is_held: bool, qualification: str) -> None:
    """Raise BadInput for a holder whose qualification nobody has told, and the other way round."""
    if is_held and not qualification:
        raise BadInput(_("Ange utbildningen hos den som har befattningen (SoL 5 kap. 3 §)."))
    if qualification and not is_held:
        raise BadInput(_("Befattningen är vakant. Ange utbildning först när någon har den."))


def check_version(seen: int, present: int, sentence: str, **facts: object) -> None:
    """Raise Changed, with a sentence of what is stored now, when it is not what the page showed."""
    if seen != present:
        raise Changed(sentence, **facts)


def check_takes_over_later(starts_on: date, ends_on: date | None, on: date) -> None:
    """Raise BadInput unless the new holder begins within the post's time, after its first day."""
    if on <= starts_on or (ends_on is not None and on > ends_on):
        raise BadInput(
            _(
                "Tillträdet {on} ligger inte inom befattningens tid. Den började {starts_on}. "
                "Ändra befattningen om uppgiften var fel från början."
            ),
            on=on,
            starts_on=starts_on,
        )
