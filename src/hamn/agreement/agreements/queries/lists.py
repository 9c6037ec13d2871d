"""Agreements as a list: found, filtered, with what each lacks; a constant number of queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from hamn.agreement.tariffs import queries as tariffs
from hamn.agreement.tariffs.rules import remaining_twelfths
from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.register.organisations import queries as organisations
from hamn.register.organisations.rules import NEEDED_TO_INVOICE, NEEDED_TO_SIGN, Missing, missing

from ..models import Agreement
from ..rules import LIVING, MOVES, UNSIGNED, VERBS, NextStep, Status, next_step
from .rows import agreements_for, the_only

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class Lacks(StrEnum):
    """What a list can be limited to lacking."""

    TO_SIGN = "underskrift"
    TO_INVOICE = "fakturering"


LACKS_NAMES: dict[Lacks, str] = {
    Lacks.TO_SIGN: _("uppgifter före underskrift"),
    Lacks.TO_INVOICE: _("uppgifter före fakturering"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the list somebody wants to see; empty parts limit nothing.

    text: of a municipality's name, its code or the registry number.
    """

    text: str = ""
    status: Status | None = None
    start_year: int | None = None
    lacks: Lacks | None = None


def search(viewer: "Person", asked: Asked, *, on: date) -> QuerySet[Agreement]:
    """The agreements that were asked for. on: the date on which a contact is lacking or not."""
    rows = agreements_for(viewer)
    if asked.text.strip():
        rows = rows.filter(_named(asked.text.strip()))
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.start_year:
        rows = rows.filter(starts_on__year=asked.start_year)
    return rows.filter(_lacks(asked.lacks, on)) if asked.lacks else rows


def with_contacts(rows: Iterable[Agreement], *, on: date) -> list[Agreement]:
    """The rows, each knowing whether its party has a contact on the date; one query for all."""
    found = list(rows)
    contacts = organisations.contacts_on({row.party_id for row in found}, on)
    for row in found:
        row.has_contact = row.party_id in contacts  # type: ignore[attr-defined]
    return found


def in_chunks(rows: QuerySet[Agreement], *, on: date, size: int) -> Iterator[Agreement]:
    """Every row, as `with_contacts` gives it, some hundreds at a time."""
    stream = rows.iterator(size)
    while chunk := list(islice(stream, size)):
        yield from with_contacts(chunk, on=on)


def lacking(row: Agreement) -> list[Missing]:
    """What stands in the way of the agreement's next step, for a row of `with_contacts`."""
    fields = {name: str(getattr(row.party, name, "")) for name in _BOTH}
    if getattr(row, "has_contact", False):
        fields["contact"] = "1"
    if row.status in UNSIGNED:
        return missing(fields, _BOTH)
    return missing(fields, NEEDED_TO_INVOICE) if row.status in LIVING else []


def shown(viewer: "Person", agreement_id: int, *, on: date) -> Agreement:
    """One row of `with_contacts`.

    Raises NotVisible to outsiders and for what does not exist.
    """
    return with_contacts([the_only(agreements_for(viewer).filter(pk=agreement_id))], on=on)[0]


def step_of(row: Agreement, *, on: date) -> NextStep:
    """What is to be done next with a row of `with_contacts`."""
    lacks = {item.field for item in lacking(row)}
    starts = row.starts_on
    return next_step(
        Status(row.status),
        lacks_to_sign=bool(lacks & set(NEEDED_TO_SIGN)),
        lacks_to_invoice=bool(lacks & set(NEEDED_TO_INVOICE)),
        is_first_year=starts is not None
        and starts.year >= on.year
        and remaining_twelfths(starts) > 0,
    )


def moves(viewer: "Person", row: Agreement) -> list[str]:
    """The verbs that the viewer may do now, as the agreement stands."""
    return [
        verb
        for verb, leads_to in VERBS.items()
        if MOVES[Status(row.status)].intersection(leads_to)
        and permits.allows(viewer, f"agreements.{verb}", row)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The municipalities that could have an agreement and have none living: name by code.

    unknown: those of them whose party data are not entered yet.
    """

    known: Mapping[str, str]
    unknown: Mapping[str, str]


def candidates(viewer: "Person") -> Candidates:
    """Whom an agreement can be drafted with now: in the tariff in use, without a living one."""
    permits.require(viewer, "agreements.see")
    living = Agreement.objects.filter(status__in=LIVING)
    wanted = tariffs.codes_in_use(viewer)
    wanted -= set(living.values_list("party__municipality", flat=True))
    wanted -= {organisations.provider().municipality_id}
    entered = (
        {party.municipality_id for party in organisations.parties(viewer)} if wanted else set()
    )
    names = _by_name(organisations.names(viewer, wanted))
    return Candidates(
        known={code: name for code, name in names.items() if code in entered},
        unknown={code: name for code, name in names.items() if code not in entered},
    )


_BOTH = tuple(dict.fromkeys((*NEEDED_TO_SIGN, *NEEDED_TO_INVOICE)))


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    # As the database's Swedish collation has it: Å, Ä and Ö come last.
    last = str.maketrans("åäö", "{|}")
    return dict(sorted(names.items(), key=lambda item: item[1].casefold().translate(last)))


def _named(text: str) -> Q:
    # SQLite's LIKE knows no Å, Ä and Ö in two sizes, so names are matched here.
    folded = text.casefold()
    names = organisations.known_municipalities().items()
    codes = [code for code, name in names if folded in name.casefold()]
    return (
        Q(party__municipality__in=codes)
        | Q(party__municipality__code__startswith=text)
        | Q(party__name__icontains=text)
        | Q(reference__icontains=text)
    )


def _lacks(what: Lacks, on: date) -> Q:
    """The living agreements whose party lacks any field that the step needs."""
    needed, where = {
        Lacks.TO_SIGN: (NEEDED_TO_SIGN, UNSIGNED),
        Lacks.TO_INVOICE: (NEEDED_TO_INVOICE, LIVING),
    }[what]
    found = Q()
    for field in needed:
        found |= Q(~_has_contact(on)) if field == "contact" else Q(**{f"party__{field}": ""})
    return Q(status__in=where) & found


def _has_contact(on: date) -> Exists:
    """Whether the party has a contact on the date, as `organisations.contacts_on` reads them."""
    return Exists(
        Agreement.objects.filter(
            Q(party__contacts__valid_until__isnull=True) | Q(party__contacts__valid_until__gte=on),
            pk=OuterRef("pk"),
            party__contacts__valid_from__lte=on,
            party__contacts__role__in=organisations.FOR_AGREEMENTS,
        )
    )
