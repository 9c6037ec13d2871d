"""A year's counts, added up from identity-free facts alone. Pure.

Source: requirements I1-I4, I10-I14, I22-I23, I26; docs/adr/0023.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hamn.core.errors import _
from hamn.core.figures import if_many
from hamn.support.services.rules import (
    AGE_GROUPS,
    CHANNELS,
    CONTACT_KINDS,
    FORMS,
    RESIDENCE_CLASSES,
    SOURCES,
)

from .outcomes import MEASURES
from .plans import CLOSURE_REASONS, REOPENING_REASONS
from .referrals import RECIPIENTS

TOTALS: dict[str, str] = {
    "clients": _("Klienter"),
    "relatives": _("Anhöriga"),
    "contacts": _("Kontakter"),
    "cases_opened": _("Öppnade ärenden"),
    "cases_closed": _("Avslutade ärenden"),
    "cases_reopened": _("Återöppnade ärenden"),
    "referrals": _("Remisser och hänvisningar"),
    "child_reports": _("Orosanmälningar"),
    "turned_away": _("Hänvisade vidare utan stöd"),
}
# Kind of fact, and the total that it is counted in.
_KINDS = {
    "contact": "contacts",
    "case": "cases_opened",
    "closure": "cases_closed",
    "reopening": "cases_reopened",
    "referral": "referrals",
    "child_report": "child_reports",
}
PARTS: dict[str, str] = {
    "clients_age_group": _("Klienter, ålder"),
    "clients_residence": _("Klienter, hemort"),
    "clients_municipality": _("Klienter, kommun"),
    "contacts_month": _("Kontakter, månad"),
    "contacts_kind": _("Kontakter, sort"),
    "contacts_channel": _("Kontakter, kanal"),
    "contacts_form": _("Kontakter, form"),
    "contacts_age_group": _("Kontakter, ålder"),
    "contacts_residence": _("Kontakter, hemort"),
    "cases_opened_source": _("Öppnade ärenden, väg hit"),
    "cases_closed_reason": _("Avslutade ärenden, skäl"),
    "cases_reopened_reason": _("Återöppnade ärenden, skäl"),
    "referrals_recipient": _("Remisser och hänvisningar, mottagare"),
}
# What the classes of each part are called; those without names are told by their codes.
NAMES: Mapping[str, Mapping[str, str]] = {
    "clients_age_group": AGE_GROUPS,
    "clients_residence": RESIDENCE_CLASSES,
    "contacts_kind": CONTACT_KINDS,
    "contacts_channel": CHANNELS,
    "contacts_form": FORMS,
    "contacts_age_group": AGE_GROUPS,
    "contacts_residence": RESIDENCE_CLASSES,
    "cases_opened_source": SOURCES,
    "cases_closed_reason": CLOSURE_REASONS,
    "cases_reopened_reason": REOPENING_REASONS,
    "referrals_recipient": RECIPIENTS,
}
_CLASSES = {
    "contact": {
        "kind": "detail",
        "channel": "channel",
        "form": "form",
        "age_group": "age_group",
        "residence": "residence",
        "month": "month",
    },
    "case": {"source": "detail"},
    "closure": {"reason": "detail"},
    "reopening": {"reason": "detail"},
    "referral": {"recipient": "detail"},
}
_OF_CLIENTS = ("age_group", "residence", "municipality")
UNANSWERED = "unknown"
NOT_SAID = _("inte angivet")


class Row(NamedTuple):
    """Facts of one unit that are alike, and their weights together."""

    unit: str
    month: int
    kind: str
    detail: str
    channel: str
    form: str
    age_group: str
    residence: str
    municipality: str
    is_first: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The latest answers to one measure, one a case (rules/outcomes.py).

    base: how many persons answered it otherwise than `vet inte` (I22).
    """

    measure: str
    base: int
    answers: Mapping[str, int]


@dataclass(slots=True)
class Tally:
    """A unit's year."""

    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS, 0))
    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def tallied(rows: Iterable[Row]) -> dict[str, Tally]:
    """Each unit's year. A correction weighs -1, so what was taken back is not counted."""
    units: dict[str, Tally] = {}
    answers: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        tally = units.setdefault(row.unit, Tally())
        if row.kind in _KINDS:
            tally.totals[_KINDS[row.kind]] += row.weight
        if row.kind == "outcome":
            _add(answers[row.unit], row.detail, row.weight)
        for part, value in _parts(row):
            _add(tally.parts.setdefault(part, {}), value, row.weight)
        if row.is_first:
            tally.totals["relatives" if row.form == "relative" else "clients"] += row.weight
    for unit, tally in units.items():
        tally.parts = {name: _kept(tally.parts.get(name, {})) for name in PARTS}
        tally.outcomes = _outcomes(_kept(answers[unit]))
    return units


def protected(totals: Mapping[str, int]) -> dict[str, int | None]:
    """The totals as they may be told outside the unit: nothing of the small ones, nor that none."""
    return {name: if_many(count) for name, count in totals.items()}


def _parts(row: Row) -> Iterable[tuple[str, str]]:
    """The classes that the row is counted in, beside the totals."""
    total = _KINDS.get(row.kind, "")
    for name, column in _CLASSES.get(row.kind, {}).items():
        yield f"{total}_{name}", str(getattr(row, column))
    if row.is_first and row.form != "relative":
        for column in _OF_CLIENTS:
            yield f"clients_{column}", str(getattr(row, column))


def _add(counts: dict[str, int], name: str, weight: int) -> None:
    counts[name] = counts.get(name, 0) + weight


def _kept(counts: Mapping[str, int]) -> dict[str, int]:
    """Without what was taken back; months in their order, others by their codes."""
    order = sorted(counts, key=lambda name: name.zfill(2) if name.isdigit() else name)
    return {name: counts[name] for name in order if counts[name]}


def _outcomes(details: Mapping[str, int]) -> list[Outcome]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for detail, count in details.items():
        measure, _sign, answer = detail.partition("=")
        found[measure][answer] = count
    order = [code for code in MEASURES if code in found]
    return [
        Outcome(
            code, sum(n for answer, n in found[code].items() if answer != UNANSWERED), found[code]
        )
        for code in order
    ]
