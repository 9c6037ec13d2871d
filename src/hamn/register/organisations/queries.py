"""Every read of the register."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits

from .models import ContactPerson, County, Municipality, Party, Population
from .rules import (
    EVERYWHERE,
    NEEDED_TO_INVOICE,
    NEEDED_TO_SIGN,
    Data,
    Missing,
    known_code,
    missing,
    version_of,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


DATA = Path(__file__).parent / "data"
# Other roles are the services' own contacts, whom an invoice does not name (A22).
FOR_AGREEMENTS = ("avtal", "faktura")
PARTY_FIELDS = (
    *("name", "organisation_number", "is_example_number", "department"),
    *("postal_street", "postal_code", "postal_city"),
    *("billing_street", "billing_code", "billing_city", "participant_id", "buyer_reference"),
)
CONTACT_FIELDS = ("role", "title", "email", "phone", "valid_from", "valid_until")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a party still lacks before it can sign, and before it can be invoiced."""

    to_sign: tuple[Missing, ...] = ()
    to_invoice: tuple[Missing, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything is there."""
        return not (self.to_sign or self.to_invoice)


def municipality(viewer: "Person", code: str) -> Municipality:
    """The municipality with the code.

    Raises BadInput when the code is malformed or no municipality has it.
    """
    permits.require(viewer, "organisations.see")
    return Municipality.objects.get(code=known_code(code, known_municipalities()))


def municipalities(viewer: "Person", *, counties: Iterable[str]) -> list[Municipality]:
    """The municipalities of some counties, in code order."""
    permits.require(viewer, "organisations.see")
    return list(Municipality.objects.filter(county__in=list(counties)).order_by("code"))


def party(viewer: "Person", code: str) -> Party:
    """The party that the municipality is.

    Raises BadInput for an unknown code, NotVisible when its party data are not entered yet.
    """
    row = municipality(viewer, code)
    found = Party.objects.select_related("municipality").filter(municipality=row).first()
    if found is None:
        raise NotVisible(
            _("{name} ({code}) har inga partsuppgifter ännu. Lägg upp kommunens uppgifter först."),
            name=row.name,
            code=row.code,
        )
    return found


def provider() -> Party:
    """The party that runs the services (anordnaren).

    Raises NotVisible before `hamn setup`.
    """
    found = Party.objects.select_related("municipality").filter(is_provider=True).first()
    if found is None:
        raise NotVisible(_("Ingen anordnare är inlagd. Kör ”hamn setup” först."))
    return found


def provider_code() -> str:
    """The code of the provider's own municipality, and nothing else of it read.

    Raises NotVisible before `hamn setup`.
    """
    found = Party.objects.filter(is_provider=True).values_list("municipality_id", flat=True).first()
    return str(found) if found else str(provider().municipality_id)


def parties(viewer: "Person") -> list[Party]:
    """All parties, in code order."""
    permits.require(viewer, "organisations.see")
    return list(Party.objects.select_related("municipality").order_by("municipality"))


def contacts_on(parties: Iterable[int], on: date) -> dict[int, ContactPerson]:
    """Each party's contact for agreement or invoice on the date, by party id; the latest wins."""
    return {row.party_id: row for row in _reachable(on).filter(party__in=parties)}


def _reachable(on: date) -> QuerySet[ContactPerson]:
    """The contacts for agreement or invoice that hold on the date, the latest last."""
    return ContactPerson.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        valid_from__lte=on,
        role__in=FOR_AGREEMENTS,
    ).order_by("valid_from", "pk")


def populations(viewer: "Person", *, year: int, codes: Iterable[str]) -> dict[str, int]:
    """Population on 31 December of the year by code; complete or refused.

    Raises BadInput when any of the municipalities lacks a figure, never a silent zero.
    """
    permits.require(viewer, "organisations.see")
    wanted = sorted(codes)
    rows = Population.objects.filter(year=year, municipality__in=wanted)
    return complete(dict(rows.values_list("municipality", "inhabitants")), year, wanted)


def complete_years(viewer: "Person", codes: Iterable[str]) -> list[int]:
    """The years for which every one of the municipalities has a population, the latest first."""
    permits.require(viewer, "organisations.see")
    wanted = set(codes)
    rows = Population.objects.filter(municipality__in=wanted).values("year")
    full = rows.annotate(count=Count("pk")).filter(count=len(wanted))
    return list(full.order_by("-year").values_list("year", flat=True))


def reference_populations(year: int, codes: Iterable[str]) -> dict[str, int]:
    """The same from the reference data that comes with Hamn, before a centre is set up."""
    rows = [r for r in reference_rows("population-by-municipality.csv") if r["year"] == str(year)]
    found = {row["municipality_code"]: int(row["population_12_31"]) for row in rows}
    wanted = sorted(codes)
    return complete({c: found[c] for c in wanted if c in found}, year, wanted)


def complete(found: dict[str, int], year: int, wanted: Iterable[str]) -> dict[str, int]:
    """The figures, when none of those wanted is missing.

    Raises BadInput otherwise.
    """
    missing = [code for code in wanted if code not in found]
    if missing:
        raise BadInput(
            _(
                "Folkmängden 31 december {year} saknas för {codes}. Läs in folkmängden för "
                "det året först, eller välj ett annat år."
            ),
            year=year,
            codes=", ".join(missing[:5]),
        )
    return found


@cache
def known_municipalities() -> Mapping[str, str]:
    """Name by code of the country's municipalities; the list changes once in a decade."""
    return {row["municipality_code"]: row["name"] for row in reference_rows("municipalities.csv")}


def reference_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of reference data that comes with Hamn."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def counties(viewer: "Person") -> dict[str, str]:
    """Every county's name by its code, in code order."""
    permits.require(viewer, "organisations.see")
    return dict(County.objects.order_by("code").values_list("code", "name"))


def names(viewer: "Person", codes: Iterable[str]) -> dict[str, str]:
    """The municipalities' names by code, in code order."""
    permits.require(viewer, "organisations.see")
    rows = Municipality.objects.filter(code__in=list(codes)).order_by("code")
    return dict(rows.values_list("code", "name"))


def by_code(viewer: "Person", code: str) -> Municipality:
    """The municipality with its county and its party, for a page of its own.

    Raises NotVisible when no municipality has the code.
    """
    permits.require(viewer, "organisations.see")
    rows = Municipality.objects.select_related("county", "party").filter(code=code)
    return _found(rows.first())


def locked_municipality(by: "Person", code: str) -> Municipality:
    """The municipality, locked until the transaction ends: its party and contacts stand still.

    Raises NotVisible as `by_code` does.
    """
    permits.require(by, "organisations.see")
    return _found(Municipality.objects.select_for_update().filter(code=code).first())


def _found(row: Municipality | None) -> Municipality:
    if row is None:
        raise NotVisible(_("Kommunen finns inte. Kontrollera koden i kommunregistret."))
    return row


def party_of(municipality: Municipality) -> Party | None:
    """The municipality's party data, when they are entered."""
    party: Party | None = getattr(municipality, "party", None)
    return party


def party_version(party: Party | None) -> str:
    """What a form shows of a party, as a version to compare with; empty when there is none."""
    return version_of([getattr(party, name) for name in PARTY_FIELDS]) if party else ""


def contact(viewer: "Person", code: str, contact_id: int) -> ContactPerson:
    """One of the municipality's contact persons.

    Raises NotVisible when the municipality has no such contact.
    """
    permits.require(viewer, "organisations.see")
    rows = ContactPerson.objects.select_related("party").filter(party__municipality=code)
    found = rows.filter(pk=contact_id).first()
    if found is None:
        raise NotVisible(_("Kontaktpersonen finns inte. Gå tillbaka till kommunens sida."))
    return found


def locked_contact(by: "Person", code: str, contact_id: int | None) -> ContactPerson:
    """The contact, or a new one that is not stored yet; the municipality is locked.

    Raises NotVisible as `contact` does, BadInput as `new_contact` does.
    """
    locked_municipality(by, code)
    return new_contact(by, code) if contact_id is None else contact(by, code, contact_id)


def new_contact(viewer: "Person", code: str) -> ContactPerson:
    """A contact person of the municipality that is not stored yet.

    Raises NotVisible for an unknown code, BadInput for a municipality without party data.
    """
    party = party_of(by_code(viewer, code))
    if party is None:
        raise BadInput(_("Lägg upp kommunens uppgifter innan du lägger till en kontaktperson."))
    return ContactPerson(party=party)


def contact_version(row: ContactPerson) -> str:
    """What a form shows of a contact, as a version to compare with; empty for a new one."""
    return version_of([getattr(row, name) for name in CONTACT_FIELDS]) if row.pk else ""


def contacts_of(party: Party, on: date) -> tuple[list[ContactPerson], list[ContactPerson]]:
    """The party's contacts that hold on the date or later, and those whose last day has passed."""
    rows = list(party.contacts.order_by("role", "-valid_from", "-pk"))
    past = [row for row in rows if row.valid_until is not None and row.valid_until < on]
    return [row for row in rows if row not in past], past


def is_reachable(contacts: Iterable[ContactPerson], on: date) -> bool:
    """Whether any of the contacts is there for agreement or invoice on the date."""
    return any(
        row.role in FOR_AGREEMENTS
        and row.valid_from <= on
        and (row.valid_until is None or row.valid_until >= on)
        for row in contacts
    )


def population_years(viewer: "Person", code: str) -> list[Population]:
    """The municipality's population year by year with its source, oldest first."""
    permits.require(viewer, "organisations.see")
    return list(Population.objects.filter(municipality=code).order_by("year"))


def lacks(party: Party, *, has_contact: bool) -> Lacks:
    """What the party lacks; the provider neither signs as a municipality nor is invoiced."""
    if party.is_provider:
        return Lacks()
    fields = {name: str(getattr(party, name)) for name in PARTY_FIELDS}
    fields["contact"] = "1" if has_contact else ""
    return Lacks(tuple(missing(fields, NEEDED_TO_SIGN)), tuple(missing(fields, NEEDED_TO_INVOICE)))


def municipalities_for(
    viewer: "Person", *, on: date, text: str = "", county: str = "", data: str = ""
) -> QuerySet[Municipality]:
    """Municipalities with `inhabitants` (the latest) and `has_contact` (on the date).

    text: part of a name or code. county: a code or EVERYWHERE; when neither is given, the
    provider's own county and every other municipality that is a party. data: one of `Data`.
    """
    permits.require(viewer, "organisations.see")
    latest = Population.objects.filter(municipality=OuterRef("pk")).order_by("-year")
    rows = Municipality.objects.select_related("county", "party").annotate(
        inhabitants=Subquery(latest.values("inhabitants")[:1]),
        has_contact=Exists(_reachable(on).filter(party__municipality=OuterRef("pk"))),
    )
    return rows.filter(_in_area(text, county), _named_like(text), _with_data(data))


def _in_area(text: str, county: str) -> Q:
    if county == EVERYWHERE or (text and not county):
        return Q()
    if county:
        return Q(county=county)
    own = Party.objects.filter(is_provider=True).values("municipality__county")
    return Q(county__in=own) | Q(party__isnull=False)


def _named_like(text: str) -> Q:
    # SQLite folds the case of ASCII alone, hence the two ways that å, ä and ö can stand.
    wanted = unicodedata.normalize("NFC", " ".join(text.split()))
    ways = {wanted, wanted.lower(), wanted.title()}
    found = Q(code__startswith=wanted)
    for way in sorted(ways):
        found |= Q(name__icontains=way) | Q(party__name__icontains=way)
    return found if wanted else Q()


def _with_data(data: str) -> Q:
    has_none = Q(party__isnull=True)
    match data:
        case Data.ENTERED:
            return ~has_none
        case Data.NOT_ENTERED:
            return has_none
        case Data.LACKING_TO_SIGN:
            return _lacking(NEEDED_TO_SIGN)
        case Data.LACKING_TO_INVOICE:
            return _lacking(NEEDED_TO_INVOICE)
    return Q()


def _lacking(needed: Iterable[str]) -> Q:
    """The parties that lack any of what is needed; as `lacks` reads one of them."""
    found = Q(pk__in=[])
    for name in needed:
        found |= Q(has_contact=False) if name == "contact" else Q(**{f"party__{name}": ""})
    return Q(party__is_provider=False) & found


def exported(rows: QuerySet[Municipality], on: date) -> Iterator[dict[str, Any]]:
    """The municipalities with party data and the contact on the date, as an import reads them."""
    # The municipality's own county and population stand last, where an import passes them over.
    contacts = Prefetch("party__contacts", _reachable(on), to_attr="present")
    for row in rows.prefetch_related(contacts).order_by("code").iterator(CHUNK):
        party = party_of(row)
        found: dict[str, Any] = {"municipality_code": row.code, "name": row.name}
        if party is not None:
            found |= {name: getattr(party, name) for name in PARTY_FIELDS}
            found |= _contact_columns(getattr(party, "present", []))
        yield {**found, "county": row.county.name, "inhabitants": getattr(row, "inhabitants", None)}


def _contact_columns(contacts: list[ContactPerson]) -> dict[str, Any]:
    if not contacts:
        return {}
    return {f"contact_{name}": getattr(contacts[-1], name) for name in CONTACT_FIELDS}
