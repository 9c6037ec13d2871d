"""What a published total may say, and what may be done with it (publicerad siffra). Pure.

What was published is kept as it was published. A share whose number of answers is unknown is shown
and said to be so, and never computed with. Source: requirements I1-I20, Z22-Z24.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from hamn.core.errors import BadInput, Refusal, Sentence, _
from hamn.core.money import NO_BREAK_SPACE, grouped

FIRST_YEAR = 1950
LARGEST = Decimal(10_000_000)
HUNDRED = Decimal(100)
TO = "\N{EN DASH}"
_NUMBER = re.compile(r"[0-9]{1,8}([.,][0-9]{1,2})?")


class Unit(StrEnum):
    """In what a total is stated."""

    COUNT = "count"
    PERCENT = "percent"
    WORDS = "words"  # published without a number: "hälften av kommunerna"


class Base(StrEnum):
    """What is known of how many a share is a share of."""

    UNKNOWN = "unknown"
    KNOWN = "known"
    NONE = "none"  # a count is no share


class Residence(StrEnum):
    """Of whom the total tells, by where they live (I26, Z24)."""

    EVERYONE = ""
    PROVIDER = "provider"
    SURROUNDING = "surrounding_municipality"
    ELSEWHERE = "elsewhere"
    NOT_SPLIT = "surrounding_or_elsewhere"  # published as one number


class Measure(StrEnum):
    """What a total measures; the measures that the sources state."""

    CLIENTS = "clients"
    CLIENTS_AVERAGE = "clients_average"
    RELATIVES = "relatives"
    SHARE_ANONYMOUS = "share_anonymous"
    INFLUENCE_STRONG = "influence_strong"
    INFLUENCE_GOOD = "influence_good"
    COMMENTS = "comments"
    STOPPED_BUYING = "stopped_buying"
    STOPPED_PORN = "stopped_porn"
    CONSULTATIONS = "consultations"
    SHARE_ARRESTED = "share_arrested"
    BUYERS_REACHED = "buyers_reached"
    BUYERS_REACHED_HERE = "buyers_reached_here"
    AFFILIATED = "affiliated"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure's name, and in what it is stated when it is stated in a number."""

    name: Sentence
    unit: Unit
    is_whole: bool = True  # an average of counts may have decimals


MEASURES: dict[Measure, Kind] = {
    Measure.CLIENTS: Kind(_("Klienter under året"), Unit.COUNT),
    Measure.CLIENTS_AVERAGE: Kind(
        _("Klienter per år, medeltal av de tre senaste åren"), Unit.COUNT, is_whole=False
    ),
    Measure.RELATIVES: Kind(_("Anhöriga under året, utöver klienterna"), Unit.COUNT),
    Measure.SHARE_ANONYMOUS: Kind(_("Andel anonyma klienter"), Unit.PERCENT),
    Measure.INFLUENCE_STRONG: Kind(
        _("Samtalen har haft en positiv inverkan på min livssituation: stämmer mycket bra"),
        Unit.PERCENT,
    ),
    Measure.INFLUENCE_GOOD: Kind(
        _("Samtalen har haft en positiv inverkan på min livssituation: stämmer bra"), Unit.PERCENT
    ),
    Measure.COMMENTS: Kind(_("Kommentarer i brukarenkäten"), Unit.WORDS),
    Measure.STOPPED_BUYING: Kind(_("Har slutat köpa sex"), Unit.PERCENT),
    Measure.STOPPED_PORN: Kind(_("Har slutat porrsurfa eller annat"), Unit.PERCENT),
    Measure.CONSULTATIONS: Kind(_("Konsultationer till yrkesverksamma"), Unit.COUNT),
    Measure.SHARE_ARRESTED: Kind(_("Andel av dem som gripits för sexköp"), Unit.PERCENT),
    Measure.BUYERS_REACHED: Kind(
        _("Personer som nåddes i samarbetet med polisen, alla orter"), Unit.COUNT
    ),
    Measure.BUYERS_REACHED_HERE: Kind(
        _("Personer som nåddes i samarbetet med polisen, gripna i anordnarens kommun"), Unit.COUNT
    ),
    Measure.AFFILIATED: Kind(_("Anslutna kommuner"), Unit.COUNT),
    Measure.REFERRED: Kind(_("Kommuninvånare som har hänvisats"), Unit.COUNT),
}
UNIT_NAMES: dict[Unit, str] = {
    Unit.COUNT: _("ett antal"),
    Unit.PERCENT: _("en andel i procent"),
    Unit.WORDS: _("ord, utan siffra"),
}
BASE_NAMES: dict[Base, str] = {
    Base.UNKNOWN: _("nej, antalet är okänt"),
    Base.KNOWN: _("ja"),
    Base.NONE: _("frågan gäller inte: siffran är inte en andel"),
}
RESIDENCE_NAMES: dict[Residence, str] = {
    Residence.PROVIDER: _("anordnarens kommun"),
    Residence.SURROUNDING: _("kranskommun"),
    Residence.ELSEWHERE: _("annan ort"),
    Residence.NOT_SPLIT: _("kranskommun eller annan ort, inte uppdelat"),
}


class Changed(Refusal):
    """Somebody else has corrected the same total since the page was opened."""

    code = "followup.changed"

    def __init__(self) -> None:
        super().__init__(
            _("Siffran har rättats sedan du öppnade sidan. Läs den nya och rätta den i stället.")
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A total as it was published.

    low, high: the same unless a range was published; None for words. is_partial: the period was
    not over, or is only partly covered. base: how many the share is a share of. wording: as it
    stands in the source.
    """

    measure: Measure
    service: str
    residence: Residence
    from_year: int
    to_year: int
    is_partial: bool
    unit: Unit
    low: Decimal | None
    high: Decimal | None
    wording: str
    base_state: Base
    base: int | None
    source: str
    note: str = ""


def check(figure: Figure, *, services: Container[str], today: date) -> None:
    """Pass only what can have been published. services: the codes of the centre's.

    Raises BadInput, with what to mend.
    """
    if figure.service and figure.service not in services:
        raise BadInput(_("Verksamheten ”{service}” är okänd."), service=figure.service)
    _check_period(figure, today)
    _check_value(figure)
    _check_base(figure)
    if not figure.source.strip():
        raise BadInput(_("Skriv i vilket dokument siffran står, och på vilken sida."))


def read_number(text: str) -> Decimal:
    """A number with at most two decimals, by comma or point; blanks and a percent sign are passed.

    Raises BadInput for anything else.
    """
    bare = "".join(text.split()).removesuffix("%")
    if not _NUMBER.fullmatch(bare):
        raise BadInput(
            _("”{text}” är inget tal. Skriv till exempel 106 eller 12,5."), text=text[:40]
        )
    return Decimal(bare.replace(",", "."))


def value_in_words(figure: Figure) -> str:
    """`106`, `12,5 %`, `20–30 %`; for words, the words."""
    if figure.low is None or figure.high is None:
        return figure.wording
    numbers = [written(figure.low)]
    if figure.high != figure.low:
        numbers.append(written(figure.high))
    end = f"{NO_BREAK_SPACE}%" if figure.unit == Unit.PERCENT else ""
    return TO.join(numbers) + end


def period_in_words(figure: Figure) -> str:
    """`2018`, `2017–2019`."""
    years = [figure.from_year, figure.to_year]
    return TO.join(str(year) for year in (years[:1] if years[0] == years[1] else years))


def written(number: Decimal | int | None) -> str:
    """`1 200`, `12,5`; nothing for none."""
    if number is None:
        return ""
    whole, _point, rest = f"{number:f}".partition(".")
    decimals = rest.rstrip("0")
    return grouped(int(whole)) + (f",{decimals}" if decimals else "")


def together(figures: Sequence[Figure]) -> Decimal:
    """One share of all whom several shares tell of, each weighted by its base; two decimals.

    Raises BadInput where that cannot be said: a base is unknown, a share is a range, two shares
    tell of different things or of the same years.
    """
    shares = [(figure.low, figure.base) for figure in figures if figure.low == figure.high]
    bases = [base for _share, base in shares if base is not None]
    if len(bases) < len(figures) or any(one.base_state != Base.KNOWN for one in figures):
        raise BadInput(
            _("Andelarna räknas inte ihop: antalet svar är okänt, eller så är andelen ungefärlig.")
        )
    if not _tell_of_one_thing(figures):
        raise BadInput(_("Andelarna räknas inte ihop: de gäller olika saker eller samma år."))
    weighted = sum(((share or Decimal()) * (base or 0) for share, base in shares), Decimal())
    return (weighted / sum(bases)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _tell_of_one_thing(figures: Sequence[Figure]) -> bool:
    things = {(one.measure, one.service, one.residence, one.unit) for one in figures}
    periods = sorted((one.from_year, one.to_year) for one in figures)
    apart = all(earlier[1] < later[0] for earlier, later in pairwise(periods))
    return len(things) == 1 and apart and figures[0].unit == Unit.PERCENT


def _check_period(figure: Figure, today: date) -> None:
    if figure.to_year < figure.from_year:
        raise BadInput(_("Perioden slutar före den börjar. Ändra åren."))
    if figure.from_year < FIRST_YEAR or figure.to_year > today.year:
        raise BadInput(
            _("En publicerad siffra gäller år från {first} till {last}."),
            first=FIRST_YEAR,
            last=today.year,
        )


def _check_value(figure: Figure) -> None:
    if figure.unit == Unit.WORDS:
        if (figure.low, figure.high) != (None, None) or not figure.wording.strip():
            raise BadInput(_("Utan siffra: skriv orden så som de står i källan, och inget tal."))
        return
    kind = MEASURES[figure.measure]
    if figure.unit != kind.unit:
        raise BadInput(
            _("”{measure}” anges som {unit}."), measure=kind.name, unit=_in_unit(kind.unit)
        )
    if figure.low is None or figure.high is None:
        raise BadInput(_("Skriv siffran, eller välj att den är publicerad i ord."))
    _check_range(kind, figure.low, figure.high)


def _check_range(kind: Kind, low: Decimal, high: Decimal) -> None:
    if high < low:
        raise BadInput(_("Det högre talet är lägre än det lägre. Byt plats på dem."))
    if kind.unit == Unit.PERCENT and not 0 <= low <= high <= HUNDRED:
        raise BadInput(_("En andel ligger mellan 0 och 100 procent."))
    if not 0 <= low <= high <= LARGEST:
        raise BadInput(_("Ett antal ligger mellan 0 och {most}."), most=grouped(int(LARGEST)))
    if kind.unit == Unit.COUNT and kind.is_whole and {low % 1, high % 1} != {0}:
        raise BadInput(_("”{measure}” är ett helt antal."), measure=kind.name)


def _check_base(figure: Figure) -> None:
    if (figure.base is not None) != (figure.base_state == Base.KNOWN):
        raise BadInput(_("Skriv antalet svar bara när det är känt, och då alltid."))
    if figure.base is not None and figure.base < 1:
        raise BadInput(_("Antalet svar är minst 1. Är det okänt väljer du det."))
    if figure.unit == Unit.PERCENT and figure.base_state == Base.NONE:
        raise BadInput(_("En andel är en andel av något: ange antalet, eller att det är okänt."))


def _in_unit(unit: Unit) -> Sentence:
    return Sentence(UNIT_NAMES[unit])
