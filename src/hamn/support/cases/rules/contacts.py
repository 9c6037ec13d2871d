"""What a contact must say, and what of it is counted. Pure.

Nothing about who the person is, is ever demanded (docs/law.md section 4, rule 1).
Source: requirements B5-B8, B14-B17, Z4, Z30; SoL 14:3-5, 19:1.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.support.services.rules import (
    AGE_GROUPS,
    CHANNELS,
    CONTACT_KINDS,
    FORMS,
    SOURCES,
    AgeGroup,
    ContactKind,
    age_group_of_birth_year,
)

from .content import CaseContent, ContactContent, IdentityLevel
from .notes import Wording

CONTACT = "contact"  # the kind of fact that a contact leaves
# Columns of a fact that tell of the person, not of the contact.
PERSON = ("age_group", "residence", "municipality")
# Days in which a mistaken contact may be taken away, and its text be written anew.
WORKING_DAYS = 14
MOST_MINUTES = 24 * 60
LONGEST_LINE = 200
EARLIEST = date(2000, 1, 1)
REMOVALS = {
    "duplicate": _("antecknad två gånger"),
    "wrong_person": _("hör till någon annan"),
    "no_contact": _("var ingen kontakt, till exempel reklam"),
}
MOVES = {
    "wrong_person": _("kontakten var med en annan person"),
    "wrong_case": _("samma person, men fel ärende"),
    "unknown_person": _("det är inte klart vem kontakten var med"),
}
HANDING_GROUNDS = {
    "consent": _("personen samtycker"),
    "need_to_know": _("koordinatorn behöver uppgifterna för att hjälpa barnet"),
}


class NotRemovable(Refusal):
    """The contact is not hers to take away, or has stood for too long."""

    code = "cases.contact_not_removable"


class TextLocked(Refusal):
    """What the contact says in words has stood for too long to be another."""

    code = "cases.contact_text_locked"


class NotJoinable(Refusal):
    """The contact and the case do not go together."""

    code = "cases.contact_not_joinable"


def checked(content: ContactContent, *, grounds: Collection[str]) -> ContactContent:
    """The contact with its texts made safe to keep. grounds: the codes that the service has.

    Raises BadInput for a code that is none, too many minutes, a missing counterpart, and a text
    that hides characters or is too long.
    """
    _check_codes(content, grounds)
    if content.minutes is not None and not 0 <= content.minutes <= MOST_MINUTES:
        raise BadInput(_("Skriv minuterna som ett tal mellan 0 och {most}."), most=MOST_MINUTES)
    counterpart = _line(content.counterpart)
    if content.kind == ContactKind.ACCOMPANIMENT and not counterpart:
        raise BadInput(_("Skriv vart du följde med, till exempel vårdcentral eller polis."))
    return replace(
        content,
        called=_line(content.called),
        counterpart=counterpart,
        subject=_line(content.subject),
        text=clean_text(content.text, LONGEST_NOTE),
        handed_words=clean_text(content.handed_words, LONGEST_NOTE),
    )


def check_day(on: date, *, today: date) -> None:
    """Pass a day on which a contact can have been. Raises BadInput for one ahead, or too old."""
    if on > today:
        raise BadInput(_("Kontaktens datum {day} har inte varit än. Rätta datumet."), day=on)
    if on < EARLIEST:
        raise BadInput(_("Kontaktens datum {day} ligger för långt bort. Rätta datumet."), day=on)


def check_answer_day(answer_by: date | None, *, on: date) -> None:
    """Pass none, or a day from the contact on. Raises BadInput."""
    if answer_by is not None and answer_by < on:
        raise BadInput(_("Svaret kan inte vara lovat till en dag före kontakten. Rätta datumet."))


def check_removable(*, logged_at: datetime, is_hers: bool, now: datetime) -> None:
    """Pass a mistaken contact that is still being worked on by whoever wrote it or took it.

    Raises NotRemovable.
    """
    if not is_hers:
        raise NotRemovable(_("Bara den som antecknade eller tog kontakten kan ta bort den."))
    if is_locked(logged_at, now):
        raise NotRemovable(
            _(
                "Kontakten har stått i mer än {days} dagar och hör till dokumentationen. "
                "Rätta uppgifterna, eller skriv ett tillägg."
            ),
            days=WORKING_DAYS,
        )


def is_locked(logged_at: datetime, now: datetime) -> bool:
    """Whether the contact has stood so long that it stays, and its text stays as it is."""
    return now - logged_at > timedelta(days=WORKING_DAYS)


def same_text(one: str, other: str) -> bool:
    """Whether they say the same, whatever line breaks a browser has sent."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def reworded(
    old: ContactContent,
    new: ContactContent,
    *,
    logged: tuple[int | None, datetime],
    by: int,
    at: datetime,
) -> ContactContent:
    """The new content with all that the contact has said in words; a colleague's wording is kept.

    logged: by whom, and when. Raises TextLocked for another text when the working days are over.
    """
    kept, text_by, text_at = old.earlier, old.text_by, old.text_at
    is_same = same_text(new.text, old.text)
    if not is_same:
        _check_text_open(logged[1], at)
        author, since = old.text_by or logged[0], old.text_at or logged[1]
        if old.text.strip() and author != by:
            kept = (*kept, Wording(old.text, by=author, at=since))
        text_by, text_at = by, at
    return replace(
        new,
        text=old.text if is_same else new.text,
        text_by=text_by,
        text_at=text_at,
        earlier=kept,
        additions=old.additions,
    )


def writers_of(content: ContactContent) -> tuple[int, ...]:
    """Everyone who has written in the contact after it was logged."""
    rewriters = (content.text_by, *(one.by for one in content.earlier))
    return tuple(pk for pk in (*rewriters, *(one.by for one in content.additions)) if pk)


def is_named(case: CaseContent | None) -> bool:
    """Whether the person has said who she is; a contact alone never says it."""
    return case is not None and case.identity_level == IdentityLevel.NAMED


def fact_of(
    content: ContactContent, *, unit: str, on: date, case: CaseContent | None, is_first: bool
) -> dict[str, Any] | None:
    """The columns of the fact that the contact leaves; None when there was no contact here.

    The person's classes are her case's, where the contact is with her; a relative's are her own.
    """
    if content.handed_from:
        return None
    person = case if case is not None and is_with_its_person(content, case) else content
    municipality = person.municipality
    return {
        "unit": unit,
        "year": on.year,
        "month": on.month,
        "kind": CONTACT,
        "detail": content.kind,
        "channel": content.channel,
        "form": content.form,
        "age_group": person.age_group,
        "residence": person.residence,
        "municipality": municipality if municipality.isdigit() else "",
        "is_first": is_first,
    }


def firsts(contacts: Iterable[tuple[Any, str, date, ContactContent]]) -> set[Any]:
    """Which of a case's contacts, in the order they happened, is someone's first in its year.

    The person is counted once a year in each unit that has met her, and once a year a relative of
    hers, apart from her. contacts: key, unit, day and what it says.
    """
    seen: set[tuple[str, int, bool]] = set()
    found = set()
    for key, unit, on, content in contacts:
        who = (unit, on.year, content.form == "relative")
        if not content.handed_from and who not in seen:
            seen.add(who)
            found.add(key)
    return found


def age_group(chosen: AgeGroup, birth_year: int | None, *, on: date) -> AgeGroup:
    """The age group of whoever gave it, her year of birth, or both.

    A year alone says two ages; who may still be under 18 counts as a child, unless she said more.
    Raises BadInput for a year ahead, and when the two cannot both be true.
    """
    if birth_year is None:
        return chosen
    youngest = age_group_of_birth_year(birth_year, on=on)
    oldest = age_group_of_birth_year(max(birth_year - 1, on.year - 120), on=on)
    if chosen == AgeGroup.UNKNOWN:
        return youngest
    if chosen not in (youngest, oldest):
        raise BadInput(_("Åldern och födelseåret går inte ihop. Rätta det ena av dem."))
    return chosen


def is_with_its_person(content: ContactContent, case: CaseContent) -> bool:
    """Whether the contact was with the case's own person, and not with a relative of hers."""
    return (content.form == "relative") == (case.form == "relative")


def _check_codes(content: ContactContent, grounds: Collection[str]) -> None:
    told: Mapping[str, tuple[str, Collection[str]]] = {
        _("Kanal"): (content.channel, CHANNELS),
        _("Sort"): (content.kind, CONTACT_KINDS),
        _("Form"): (content.form, FORMS),
        _("Ålder"): (content.age_group, AGE_GROUPS),
        _("Väg hit"): (content.source, SOURCES),
    }
    for name, (code, codes) in told.items():
        if code not in codes:
            raise BadInput(_("{name}: välj något i listan."), name=name)
    if not set(content.grounds) <= set(grounds):
        raise BadInput(_("Skäl: välj bland verksamhetens skäl."))


def _check_text_open(logged_at: datetime, now: datetime) -> None:
    if is_locked(logged_at, now):
        raise TextLocked(
            _(
                "Anteckningen har stått i mer än {days} dagar och kan inte ändras. "
                "Skriv ett tillägg i stället."
            ),
            days=WORKING_DAYS,
        )


def _line(text: str) -> str:
    return " ".join(clean_text(text, LONGEST_LINE).split())
