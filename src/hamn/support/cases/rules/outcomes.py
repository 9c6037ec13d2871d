"""The measures of outcome follow-ups (uppföljning): which are asked where, and their answers.

They are those that the centre has published (I5, I6, I11, I13, I14), with the same scale, and a
few of the goals of B3 and B23. They are shares of persons: one who is followed up often is counted
once a year, unit and measure, with her latest answer. Pure.
Source: requirements B3, B23, I5-I6, I11, I13-I14, I22-I23.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hamn.core.errors import BadInput, _

CHANGES: dict[str, str] = {
    "yes": _("ja"),
    "less": _("mindre än förut"),
    "no": _("nej"),
    "unknown": _("vet inte"),
}
AGREES: dict[str, str] = {
    "very_well": _("stämmer mycket bra"),
    "well": _("stämmer bra"),
    "less_well": _("stämmer mindre bra"),
    "not_at_all": _("stämmer inte alls"),
    "unknown": _("vet inte"),
}
GOT: dict[str, str] = {
    "yes": _("ja"),
    "partly": _("delvis"),
    "no": _("nej"),
    "unknown": _("vet inte"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One question of a follow-up. answers: name by code; for_relatives: asked of them too."""

    code: str
    question: str
    answers: Mapping[str, str]
    for_relatives: bool = False


_ALL = (
    Measure("stopped_buying_sex", _("Har personen slutat köpa sex?"), CHANGES),
    Measure("stopped_porn_surfing", _("Har personen slutat porrsurfa?"), CHANGES),
    Measure("stopped_sex_for_compensation", _("Har sex mot ersättning upphört?"), CHANGES),
    Measure("stopped_self_harm_by_sex", _("Har personen slutat skada sig med sex?"), CHANGES),
    Measure("got_support", _("Har personen fått det stöd som behövdes?"), GOT, True),
    Measure("got_protection", _("Har personen fått det skydd som behövdes?"), GOT),
    Measure(
        "positive_influence",
        _("”Samtalen har haft en positiv inverkan på min livssituation”"),
        AGREES,
        True,
    ),
)
MEASURES: dict[str, Measure] = {one.code: one for one in _ALL}
# What a unit asks; a unit that another centre has configured asks what everyone may be asked.
ASKED: dict[str, tuple[str, ...]] = {
    "kast": ("stopped_buying_sex", "stopped_porn_surfing", "positive_influence", "got_support"),
    "mika": (
        *("positive_influence", "got_support"),
        *("stopped_sex_for_compensation", "stopped_self_harm_by_sex"),
    ),
    "coordinator_adult": ("got_support", "got_protection", "positive_influence"),
    "coordinator_child": ("got_support", "got_protection", "positive_influence"),
}
EVERYWHERE = ("positive_influence", "got_support")


def measures_of(unit: str, form: str) -> tuple[Measure, ...]:
    """What a unit asks a client, or of a relative only what concerns her."""
    asked = (MEASURES[code] for code in ASKED.get(unit, EVERYWHERE))
    return tuple(one for one in asked if form != "relative" or one.for_relatives)


def as_details(answers: Mapping[str, str], offered: Iterable[Measure]) -> tuple[str, ...]:
    """The answered measures as they are stored and counted, in one order: `got_support=yes`.

    Raises BadInput for a measure that is not asked there, or an answer that it has not.
    """
    known = {one.code: one for one in offered}
    given = {code: answer for code, answer in answers.items() if answer}
    for code, answer in given.items():
        if code not in known or answer not in known[code].answers:
            raise BadInput(_("Frågan eller svaret finns inte. Läs om sidan och välj igen."))
    return tuple(f"{code}={given[code]}" for code in known if code in given)


def answers_of(details: Iterable[str]) -> dict[str, str]:
    """The answers by code of measure."""
    return dict(one.split("=", 1) for one in details)


class Told(NamedTuple):
    """What a follow-up of a case tells: in which unit, on which day, the answered measures."""

    unit: str
    on: date
    details: tuple[str, ...]


def latest(told: Sequence[Told]) -> list[tuple[str, ...]]:
    """Of each follow-up of one case, in their order, what is counted.

    Each measure once a year and unit, with what was answered last.
    """
    last = {
        (one.unit, one.on.year, measure): place
        for place, one in enumerate(told)
        for measure in answers_of(one.details)
    }
    return [
        tuple(d for d in one.details if last[one.unit, one.on.year, _measure(d)] == place)
        for place, one in enumerate(told)
    ]


def in_words(details: Iterable[str]) -> list[tuple[str, str]]:
    """Question and answer of each measure, as marked sentences."""
    answers = answers_of(details)
    return [
        (MEASURES[code].question, MEASURES[code].answers[answer])
        for code, answer in answers.items()
    ]


def check_says_something(details: Iterable[str], words: str) -> None:
    """Pass a follow-up with an answer or a text. Raises BadInput for an empty one."""
    if not tuple(details) and not words:
        raise BadInput(_("Svara på minst en fråga, eller skriv något i fritext."))


def _measure(detail: str) -> str:
    return detail.partition("=")[0]
