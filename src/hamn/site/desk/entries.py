"""Entries of the trail as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.guards.access.queries import titles
from hamn.guards.audit.events import registered
from hamn.ui.words import said

if TYPE_CHECKING:
    from hamn.guards.audit.models import Entry


# What the trail knows by an opaque id, as people call it.
THINGS = {
    "access.person": marked("person"),
    "access.unitmembership": marked("medlemskap i enhet"),
    "agreements.agreement": marked("avtal"),
    "invoicing.invoice": marked("faktura"),
    "invoicing.invoicerun": marked("körning"),
    "invoicing.invoicingprofile": marked("uppgifter om fakturering"),
    "organisations.party": marked("kommun"),
    "tariffs.tariff": marked("taxa"),
}
WAYS = {
    "desk": marked("sidorna"),
    "worker": marked("bakgrundsarbetet"),
    "command line": marked("kommandoraden"),
    "system": marked("systemet"),
}


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
            via=_way(entry.via),
            on=thing_in_words(entry.on),
            facts=entry.facts,
            hash=entry.hash,
        )
        for entry in entries
    ]


def thing_in_words(thing_id: str) -> str:
    """`agreements.agreement:12` as `avtal 12`; what has no name here stays as it is."""
    kind, _colon, pk = thing_id.partition(":")
    return f"{said(THINGS[kind])} {pk}" if kind in THINGS else thing_id


def thing_from_words(text: str) -> str:
    """The id that `thing_in_words` shows as the text; a bare id is one already."""
    name, _blank, pk = text.strip().rpartition(" ")
    kinds = {said(told).casefold(): kind for kind, told in THINGS.items()}
    return f"{kinds[name.casefold()]}:{pk}" if name.casefold() in kinds else text.strip()


def _way(via: str) -> str:
    """The way in, with who ran the command where that is known: `kommandoraden (root)`."""
    way, bracket, rest = via.partition(" (")
    return f"{said(WAYS[way])}{bracket}{rest}" if way in WAYS else via


def moment_of(entry: "Entry") -> datetime:
    """When it was written, in UTC."""
    return datetime.strptime(entry.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
