"""Entries of the trail as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hamn.guards.access.queries import titles
from hamn.guards.audit.events import registered
from hamn.ui.words import said

if TYPE_CHECKING:
    from hamn.guards.audit.models import Entry


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: what happened in a sentence, when, by whom and by which way, on what."""

    place: int
    title: str
    when: datetime
    by: str
    via: str
    on: str
    facts: str
    hash: str


def told(entries: Sequence["Entry"]) -> list[Told]:
    """The entries in words; one query for all their people."""
    people = titles({entry.by for entry in entries})
    return [
        Told(
            place=entry.place,
            title=said(registered().get(entry.event, entry.event)),
            when=moment_of(entry),
            by=people.get(entry.by, _("systemet")),
            via=entry.via,
            on=entry.on,
            facts=entry.facts,
            hash=entry.hash,
        )
        for entry in entries
    ]


def moment_of(entry: "Entry") -> datetime:
    """When it was written, in UTC."""
    return datetime.strptime(entry.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
