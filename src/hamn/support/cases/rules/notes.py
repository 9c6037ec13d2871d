"""What notes, additions, objections and told rights say, and how a working note is rewritten."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from hamn.core.errors import BadInput, Refusal, _


@dataclass(frozen=True, slots=True)
class Wording:
    """What a colleague had written before somebody wrote over it; kept, so that nothing is lost."""

    text: str
    title: str = ""
    by: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A journal entry: a working note until it is finalised, then locked.

    by, at: who wrote the wording that stands, and when. earlier: colleagues' wordings that another
    worker has replaced.
    """

    text: str
    title: str = ""
    by: int | None = None
    at: datetime | None = None
    earlier: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """Later text to a note or a contact that is locked.

    on, by, at: of a contact's, its day, who wrote it and when; of a note's its row tells them.
    """

    text: str
    on: date | None = None
    by: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """The person holds that something is wrong (SoL 14:6): noted in her own words."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """The person chose to be more, or less, known; what was written before stays as it was."""

    was: str
    now: str
    on: date


class NotHersAlone(Refusal):
    """Somebody else has written in the note, which is therefore not hers to take away."""

    code = "cases.note_not_hers_alone"


def check_hers_alone(note: Note, *, written_by: int, person: int) -> None:
    """Pass a working note in which nobody else has written. Raises NotHersAlone."""
    hers = {written_by, note.by or written_by, *(one.by or written_by for one in note.earlier)}
    if hers != {person}:
        raise NotHersAlone(
            _(
                "Bara den som ensam har skrivit en arbetsanteckning kan ta bort den. Upprätta den, "
                "eller be den som har skrivit."
            )
        )


def rewritten(note: Note, *, text: str, title: str, by: int, at: datetime) -> Note:
    """The note in a new wording; what a colleague had written last is kept beside it."""
    same = (note.text, note.title) == (text, title)
    kept = () if same or note.by in (None, by) else (_wording(note),)
    return replace(note, text=text, title=title, by=by, at=at, earlier=(*note.earlier, *kept))


def both(stored: str, typed: str) -> str:
    """A colleague's text and one's own after it, for who wants to keep both."""
    return typed if stored == typed else f"{stored}\n\n{typed}"


def check_day(on: date, today: date) -> None:
    """Pass the day of something that has happened. Raises BadInput for a day ahead."""
    if on > today:
        raise BadInput(_("Dagen {on} har inte varit än. Skriv den dag då det hände."), on=on)


def _wording(note: Note) -> Wording:
    return Wording(note.text, note.title, note.by, note.at)
