"""A case's timeline: contacts and records, newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit
from hamn.guards.access.queries import titles
from hamn.ui.words import said

from ..models import Contact
from ..queries.details import identity_changes
from ..queries.timeline import timeline
from ..rules.content import IDENTITY_LEVELS, IdentityLevel
from ..rules.identity import level_at
from .contacts.words import Words, words_of
from .frame import case_page, opened_for

if TYPE_CHECKING:
    from ..queries.opened import OpenCase
    from ..queries.timeline import Entry


MOST = 50  # events on a page: a page of 200 weighed more than half a megabyte


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of the timeline as its template draws it."""

    template: str
    name: str
    state: str
    is_working: bool
    on: date
    by: str
    row: Any
    content: Any
    parts: list["Shown"]
    words: Words | None = None  # of a contact
    known_as: str = ""  # how little was known when it was written, where that was another level


@permit("cases.see")
def show(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case with what has happened in it, fifty events a page."""
    opened = opened_for(request, case_id, "timeline")
    whole = timeline(opened)
    here = Paginator(whole, MOST).get_page(request.GET.get("sida"))
    entries = list(here)
    every = [one for entry in entries for one in (entry, *entry.parts)]
    people = titles({f"access.person:{pk}" for one in every for pk in (*one.people, *one.writers)})
    known = known_then(opened, whole)
    return case_page(
        request,
        opened,
        "timeline",
        "cases/show.html",
        entries=[shown(entry, people, known) for entry in entries],
        here=here,
    )


def shown(
    entry: "Entry", people: dict[str, str], known: Callable[["Entry"], str] = lambda _entry: ""
) -> Shown:
    """The entry with its words, for `cases/entries/<kind>.html`. known: as of `known_then`."""
    kind = entry.kind
    row: Any = entry.row
    return Shown(
        template=f"cases/entries/{kind.code if kind else 'contact'}.html",
        name=said(kind.name) if kind else _("Kontakt"),
        state=said(kind.states[row.state]) if kind else "",
        is_working=bool(kind and kind.is_locking and row.state == "working"),
        on=row.on,
        by=", ".join(people.get(f"access.person:{pk}", "") for pk in entry.people),
        row=row,
        content=entry.content,
        parts=[shown(part, people, known) for part in entry.parts],
        words=None if kind else words_of(row, entry.content, people),
        known_as=known(entry),
    )


def known_then(opened: "OpenCase", entries: list["Entry"]) -> Callable[["Entry"], str]:
    """How much was known of the person when an entry was written, where that is not as now.

    What was written before she gave her name is never filled in with it.
    """
    changes, now = identity_changes(entries), opened.content.identity_level

    def known(entry: "Entry") -> str:
        row = entry.row
        at = row.logged_at if isinstance(row, Contact) else row.written_at
        level = level_at(changes, at, current=now)
        return "" if level == now else said(IDENTITY_LEVELS[IdentityLevel(level)])

    return known
