"""A printed copy of a case for the person it is about, in large and simple type.

Neither heading nor head of the page says which kind of unit wrote it: a paper can be found.
Only finalised notes come here, chosen by the room; this module prints what it is given.
Source: SoL (2025:400) 14 kap. 6-7 §§.
"""

from dataclasses import dataclass
from datetime import date

from hamn.core.dates import swedish_date
from hamn.papers.casework.page import (
    Page,
    Part,
    Withheld,
    box,
    facts,
    heading,
    listing,
    printed,
    prose,
    quote,
    small_print,
    withheld_parts,
)

_RIGHTS = (
    "Det här är en kopia av det som står om dig. Säg till om något är fel eller om du inte håller "
    "med: då skriver vi det bredvid. Tänk på var du förvarar papperet."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that someone will do."""

    what: str
    who: str = ""
    due: date | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal in the person's own words, and the way there."""

    own_words: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A contact that took place."""

    on: date
    how: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalNote:
    """A finalised note, with what was added later and what the person objected."""

    on: date
    by: str
    text: str
    additions: tuple[str, ...] = ()
    objection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision: what, why, by whom, and what the person can do about it."""

    on: date
    what: str
    by: str
    reasons: str = ""
    appeal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCopy:
    """What the person gets. called: the name she chose, or empty."""

    made_on: date
    called: str = ""
    contact: str = ""
    goals: tuple[Goal, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    notes: tuple[FinalNote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    heading: str = "Dina anteckningar"


def case_copy_pdf(copy: CaseCopy) -> bytes:
    """The copy; sections without anything are left out."""
    parts = [
        facts(
            ("Till", copy.called),
            ("Utskrivet", swedish_date(copy.made_on)),
            ("Din kontakt", copy.contact),
        ),
        *_goals(copy.goals),
        *_decisions(copy.decisions),
        *_meetings(copy.meetings),
        *_notes(copy.notes),
        *withheld_parts(copy.withheld),
        box("", _RIGHTS),
    ]
    return printed(Page(heading=copy.heading, is_large=True), parts, dated=copy.made_on)


def _goals(goals: tuple[Goal, ...]) -> list[Part]:
    parts = [heading("Din plan")] if goals else []
    for goal in goals:
        parts.append(quote(goal.own_words))
        if goal.steps:
            columns = [("Det här ska göras", 5), ("Vem", 3), ("När", 3)]
            parts.append(listing(columns, [_step(step) for step in goal.steps]))
    return parts


def _step(step: Step) -> tuple[str, str, str]:
    due = swedish_date(step.due) if step.due else ""
    return step.what, step.who, "Klart" if step.is_done else due


def _decisions(decisions: tuple[Decision, ...]) -> list[Part]:
    parts = [heading("Beslut")] if decisions else []
    for decision in decisions:
        parts += [
            heading(decision.what, level=3),
            prose(decision.reasons),
            small_print(f"{swedish_date(decision.on)}, {decision.by}\n{decision.appeal}"),
        ]
    return parts


def _meetings(meetings: tuple[Meeting, ...]) -> list[Part]:
    if not meetings:
        return []
    rows = [(swedish_date(one.on), one.how, one.who) for one in meetings]
    return [heading("Våra möten"), listing([("Dag", 3), ("Hur", 4), ("Med", 4)], rows)]


def _notes(notes: tuple[FinalNote, ...]) -> list[Part]:
    parts = [heading("Anteckningar")] if notes else []
    for note in notes:
        parts += [heading(f"{swedish_date(note.on)}, {note.by}", level=3), prose(note.text)]
        parts += [prose(f"Tillägg: {addition}") for addition in note.additions]
        if note.objection:
            parts += [small_print("Du har sagt:"), quote(note.objection)]
    return parts
