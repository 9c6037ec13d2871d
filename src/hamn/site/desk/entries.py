"""Entries of the trail as people read them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.invoicing import queries as invoicing
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.access.queries import titles
from hamn.guards.audit.events import registered
from hamn.register.organisations import queries as organisations
from hamn.ui.lists import Link
from hamn.ui.words import said

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.audit.models import Entry


# What the trail knows by an opaque id, as people call it.
THINGS = {
    "access.person": marked("person"),
    "access.unitmembership": marked("medlemskap i enhet"),
    "agreements.agreement": marked("avtal"),
    "disposal.certificate": marked("gallringsbevis"),
    "disposal.disposallist": marked("gallringslista"),
    "door.answertemplate": marked("svarsmall"),
    "door.expiryrule": marked("regel för radering"),
    "door.languageapproval": marked("godkänt språk"),
    "door.pagetext": marked("webbtext"),
    "door.slot": marked("publicerad tid"),
    "followup.publishedtotal": marked("publicerad siffra"),
    "invoicing.invoice": marked("faktura"),
    "invoicing.invoicerun": marked("körning"),
    "invoicing.invoicingprofile": marked("uppgifter om fakturering"),
    "organisations.party": marked("kommun"),
    "staff.absence": marked("frånvaro"),
    "staff.cover": marked("ersättare"),
    "staff.post": marked("befattning"),
    "staff.unit": marked("enhet"),
    "vault.unitkey": marked("enhetens nyckel"),
    "services.service": marked("verksamhet"),
    "tariffs.tariff": marked("taxa"),
}
# Whoever runs or checks the system may not learn from it that a case, a dialogue or a consultation
# exists: a unit's own reads and writes are reviewed by its head (cases, loggkontroll); the chain as
# a whole is verified here.
WALLED = frozenset({"cases", "door", "consultations"})
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
    on: Link | str


def told(viewer: "Person", entries: Sequence["Entry"]) -> list[Told]:
    """The entries in words; one query for all their people, and one for each sort of thing."""
    people = titles({entry.by for entry in entries})
    things = named(viewer, {entry.on for entry in entries})
    return [
        Told(
            place=entry.place,
            title=said(registered().get(entry.event, entry.event)),
            when=moment_of(entry),
            by=people.get(entry.by, _("systemet")),
            via=_way(entry.via),
            on=things.get(entry.on) or thing_in_words(entry.on),
        )
        for entry in entries
    ]


def named(viewer: "Person", thing_ids: Collection[str]) -> dict[str, Link]:
    """What the trail's ids stand for, as links, of those things that the viewer may see."""
    found: dict[str, Link] = {}
    for kind, (permit, rows_of) in NAMERS.items():
        pks = [int(one.partition(":")[2]) for one in thing_ids if one.startswith(f"{kind}:")]
        if pks and permits.allows(viewer, permit):
            found |= {f"{kind}:{pk}": link for pk, link in rows_of(viewer, pks)}
    return found


def _invoices(viewer: "Person", pks: list[int]) -> Iterator[tuple[int, Link]]:
    rows = invoicing.invoices_for(viewer).filter(pk__in=pks)
    for row in rows.defer("document", "explanation"):
        text = _("Faktura {number}, {name}").format(number=row, name=row.agreement.party.name)
        yield row.pk, Link(text, reverse("invoicing:show", args=[str(row)]))


def _runs(viewer: "Person", pks: list[int]) -> Iterator[tuple[int, Link]]:
    for row in invoicing.runs_for(viewer).filter(pk__in=pks):
        text = _("Faktureringen {year}").format(year=row.year)
        yield row.pk, Link(text, reverse("invoicing:run", args=[row.pk]))


def _agreements(viewer: "Person", pks: list[int]) -> Iterator[tuple[int, Link]]:
    for row in agreements.agreements_for(viewer).filter(pk__in=pks):
        text = _("Avtalet med {name}").format(name=row.party.name)
        yield row.pk, Link(text, reverse("agreements:show", args=[row.pk]))


def _parties(viewer: "Person", pks: list[int]) -> Iterator[tuple[int, Link]]:
    for row in organisations.parties(viewer):
        if row.pk in pks:
            yield row.pk, Link(row.name, reverse("organisations:show", args=[row.municipality_id]))


# Kind of thing: the permit that shows it, and its names for many at once.
NAMERS: dict[str, tuple[str, Callable[["Person", list[int]], Iterator[tuple[int, Link]]]]] = {
    "invoicing.invoice": ("invoicing.see", _invoices),
    "invoicing.invoicerun": ("invoicing.see", _runs),
    "agreements.agreement": ("agreements.see", _agreements),
    "organisations.party": ("organisations.see", _parties),
}


def thing_in_words(thing_id: str) -> str:
    """`agreements.agreement:12` as `avtal 12`; what has no name here stays as it is."""
    kind, _colon, pk = thing_id.partition(":")
    return f"{said(THINGS[kind])} {pk}" if kind in THINGS else thing_id


def thing_from_words(text: str) -> str:
    """The id of an invoice by its number, or of what `thing_in_words` shows; else the text."""
    number = text.strip()
    if (invoice := invoicing.id_of_number(number)) is not None:
        return f"invoicing.invoice:{invoice}"
    name, _blank, pk = number.rpartition(" ")
    kinds = {said(told).casefold(): kind for kind, told in THINGS.items()}
    return f"{kinds[name.casefold()]}:{pk}" if name.casefold() in kinds else number


def _way(via: str) -> str:
    """The way in, with who ran the command where that is known: `kommandoraden (root)`."""
    way, bracket, rest = via.partition(" (")
    return f"{said(WAYS[way])}{bracket}{rest}" if way in WAYS else via


def moment_of(entry: "Entry") -> datetime:
    """When it was written, in UTC."""
    return datetime.strptime(entry.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
