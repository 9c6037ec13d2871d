"""Every read of the register."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Q

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits

from .models import ContactPerson, Municipality, Party, Population
from .rules import known_code

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


DATA = Path(__file__).parent / "data"


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
            _(
                "{name} ({code}) har inga partsuppgifter ännu. Läs in dem med "
                "”hamn party import FIL.csv”."
            ),
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


def parties(viewer: "Person") -> list[Party]:
    """All parties, in code order."""
    permits.require(viewer, "organisations.see")
    return list(Party.objects.select_related("municipality").order_by("municipality"))


def contacts_on(parties: Iterable[int], on: date) -> dict[int, ContactPerson]:
    """Each party's contact for agreement or invoice on the date, by party id; the latest wins."""
    # Other roles are the services' own contacts, whom an invoice does not name (A22).
    rows = ContactPerson.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        party__in=parties,
        valid_from__lte=on,
        role__in=("avtal", "faktura"),
    ).order_by("valid_from", "pk")
    return {row.party_id: row for row in rows}


def populations(viewer: "Person", *, year: int, codes: Iterable[str]) -> dict[str, int]:
    """Population on 31 December of the year by code; complete or refused.

    Raises BadInput when any of the municipalities lacks a figure, never a silent zero.
    """
    permits.require(viewer, "organisations.see")
    wanted = sorted(codes)
    rows = Population.objects.filter(year=year, municipality__in=wanted)
    return complete(dict(rows.values_list("municipality", "inhabitants")), year, wanted)


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
                "Folkmängden 31 december {year} saknas för {codes}. Läs in den med "
                "”hamn import-population”."
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
