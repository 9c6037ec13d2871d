"""The rule classes: how long each kind of record is kept, by which provision.

They are data, so that a lawyer can read and correct them: `data/rule_classes.csv`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from hamn.core.errors import BadInput, Sentence, _

DATA = Path(__file__).parents[1] / "data" / "rule_classes.csv"
USUAL = "personal_file"
# Said beside every class on the page: no lawyer of the controller has confirmed our reading yet.
TO_BE_CONFIRMED = _("Ska bekräftas av den personuppgiftsansvariges jurist.")


class Base(StrEnum):
    """What a rule class counts from."""

    LAST_NOTE = "last_note"
    BIRTH = "birth"
    EXEMPT = "exempt"  # kept until somebody decides otherwise


@dataclass(frozen=True, slots=True)
class RuleClass:
    """How long records of a kind are kept. years: 0 for those that are exempt."""

    code: str
    name: str
    base: Base
    years: int
    source: str
    clause: str

    @property
    def is_exempt(self) -> bool:
        """Whether the record is kept until somebody decides otherwise."""
        return self.base is Base.EXEMPT


@cache
def rule_classes() -> Mapping[str, RuleClass]:
    """Every rule class by its code, the usual one first."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: _read(row) for row in csv.DictReader(stream)}


def rule_class(code: str) -> RuleClass:
    """The rule class with the code.

    Raises BadInput for one that is not in the table: then nothing is destroyed by a guess.
    """
    found = rule_classes().get(code)
    if found is None:
        raise BadInput(
            _("Gallringsregeln {code} finns inte. Kända regler: {known}."),
            code=code,
            known=list(rule_classes()),
        )
    return found


def _read(row: dict[str, str]) -> RuleClass:
    return RuleClass(
        code=row["code"],
        name=Sentence(row["name"]),
        base=Base(row["base"]),
        years=int(row["years"] or 0),
        source=row["source"],
        clause=Sentence(row["clause"]),
    )
