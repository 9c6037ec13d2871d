"""What of an opened case may go on paper to the person herself, piece by piece.

Working notes never go; nor what relatives have said, where the case is not theirs. Contact details
are not read: no address or number of anybody's can come on the paper from there.
Source: SoL 14:6-7.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hamn.guards.access.queries import titles
from hamn.papers.casework.case_copy import CaseCopy, Decision, FinalNote, Goal, Meeting, Step
from hamn.support.services.rules import CHANNELS, CONTACT_KINDS

from ..rules.kinds import FINAL
from ..rules.plans import DOERS
from .child_papers import office_of
from .details import contacts_in
from .notes import records_of
from .plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..models import Contact
    from ..rules.content import ContactContent
    from .opened import OpenCase, OpenRecord

PLAN, CONTACTS = "plan", "contacts"
_OTHERWISE = "Annat som vi har kommit överens om"
_GONE = frozenset({"dropped", "given_up"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that may go on the paper. kind: note, objection or decision; or PLAN, CONTACTS."""

    code: str
    kind: str
    on: date | None = None
    title: str = ""


def pieces_for_copy(opened: "OpenCase") -> list[Piece]:
    """What there is to choose from; plan and contacts whole, notes and decisions one by one."""
    plan = plan_of(opened)
    pieces = [Piece(PLAN, PLAN)] if plan.goals or plan.loose or plan.support else []
    pieces += [Piece(CONTACTS, CONTACTS)] if _meetings(opened) else []
    for one in _written(opened):
        kind = one.record.kind if one.record.kind in ("note", "objection") else "decision"
        pieces.append(Piece(str(one.record.pk), kind, one.record.on, _title(one)))
    return pieces


def copy_of(opened: "OpenCase", chosen: Collection[str], *, today: date) -> CaseCopy:
    """The paper with the chosen pieces; codes that the case does not have choose nothing."""
    written = [one for one in _written(opened) if str(one.record.pk) in chosen]
    meetings = _meetings(opened) if CONTACTS in chosen else []
    people = _people(opened, written, meetings)
    return CaseCopy(
        made_on=today,
        called=opened.content.called,
        contact=_contact(opened, people),
        goals=_goals(opened) if PLAN in chosen else (),
        meetings=tuple(
            Meeting(on=row.on, how=_how(says), who=people.get(row.logged_by_id or 0, ""))
            for row, says in meetings
        ),
        notes=_notes(opened, written, people),
        decisions=tuple(_decision(one, people) for one in written if _is_decision(one)),
    )


def _written(opened: "OpenCase") -> "list[OpenRecord]":
    """Notes that are drawn up, objections, and what has been decided; the oldest first."""
    rows = records_of(opened, ("note", "objection", "closure", "reopening", "disclosure"))
    return [one for one in rows if one.record.state in (FINAL, "written", "decided")]


def _is_decision(one: "OpenRecord") -> bool:
    return one.record.kind in ("closure", "reopening", "disclosure")


def _title(one: "OpenRecord") -> str:
    """What tells it from the others in a list."""
    match one.record.kind:
        case "note":
            return str(one.content.title)
        case "objection":
            return str(one.content.about)
        case _:
            return _what(one)


def _meetings(opened: "OpenCase") -> "list[tuple[Contact, ContactContent]]":
    """The contacts with the person, the oldest first; a relative's are her own."""
    is_relatives = opened.content.form == "relative"
    found = [
        (row, says)
        for row, says in contacts_in(opened)
        if (says.form == "relative") == is_relatives and not says.handed_from
    ]
    return sorted(found, key=lambda pair: (pair[0].on, pair[0].logged_at))


def _how(says: "ContactContent") -> str:
    return f"{CHANNELS[says.channel].capitalize()}, {CONTACT_KINDS[says.kind]}"


def _people(
    opened: "OpenCase", written: "Iterable[OpenRecord]", meetings: "Iterable[tuple[Contact, Any]]"
) -> dict[int, str]:
    """The titles of who wrote what goes on the paper; one query."""
    ids: set[int | None] = {one.record.written_by_id for one in written}
    ids |= {row.logged_by_id for row, _says in meetings}
    found = titles(f"access.person:{pk}" for pk in (*ids, opened.case.responsible_id) if pk)
    return {int(name.removeprefix("access.person:")): title for name, title in found.items()}


def _contact(opened: "OpenCase", people: dict[int, str]) -> str:
    """Whom she turns to; with protected identity no number that tells where she has been."""
    name = people.get(opened.case.responsible_id or 0, "")
    phone = "" if opened.content.is_protected else office_of(opened.case.unit).phone
    return ", ".join(filter(None, (name, phone)))


def _goals(opened: "OpenCase") -> tuple[Goal, ...]:
    plan = plan_of(opened)
    goals = [
        Goal(own_words=goal.content.words, steps=_steps(steps))
        for goal, steps in plan.goals
        if goal.record.state not in _GONE
    ]
    others = _steps([*plan.loose, *plan.support])
    return (*goals, Goal(own_words=_OTHERWISE, steps=others)) if others else tuple(goals)


def _steps(records: "Iterable[OpenRecord]") -> tuple[Step, ...]:
    return tuple(
        Step(
            what=one.content.text,
            who=DOERS.get(getattr(one.content, "who", ""), ""),
            due=one.record.due_on,
            is_done=one.record.state == "done",
        )
        for one in records
        if one.record.state not in _GONE
    )


def _notes(
    opened: "OpenCase", written: "list[OpenRecord]", people: dict[int, str]
) -> tuple[FinalNote, ...]:
    additions: dict[Any, list[str]] = {}
    if any(one.record.kind == "note" for one in written):
        for one in records_of(opened, ("addition",)):
            additions.setdefault(one.record.parent_id, []).append(one.content.text)
    return tuple(
        _note(one, people, tuple(additions.get(one.record.pk, ())))
        for one in written
        if not _is_decision(one)
    )


def _note(one: "OpenRecord", people: dict[int, str], additions: tuple[str, ...]) -> FinalNote:
    says, by = one.content, people.get(one.record.written_by_id, "")
    if one.record.kind == "objection":
        return FinalNote(on=one.record.on, by=by, text=says.about, objection=says.text)
    text = "\n\n".join(filter(None, (says.title, says.text)))
    return FinalNote(on=one.record.on, by=by, text=text, additions=additions)


def _decision(one: "OpenRecord", people: dict[int, str]) -> Decision:
    by = people.get(one.record.written_by_id, "")
    if one.record.kind == "disclosure":
        reasons = f"{one.content.what}\n\n{one.content.provision}"
    else:
        reasons = "\n\n".join([*one.content.told, one.content.words])
    return Decision(on=one.record.on, what=_what(one), by=by, reasons=reasons.strip())


def _what(one: "OpenRecord") -> str:
    match one.record.kind:
        case "disclosure":
            recipient = one.content.recipient_name or one.content.recipient_said
            return f"Uppgifter har lämnats ut: {recipient}"
        case "closure":
            return "Kontakten avslutades"
        case _:
            return "Kontakten öppnades igen"
