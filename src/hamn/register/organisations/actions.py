"""Every write of the register."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from hamn.core import identifiers, tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, FaultsInFile, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from . import queries, rules
from .events import Event
from .models import ContactPerson, County, Municipality, Party, Population

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


PARTY_COLUMNS = ("municipality_code", "organisation_number")
_TEXTS = (
    "name",
    "department",
    "postal_street",
    "postal_city",
    "billing_street",
    "billing_city",
    "buyer_reference",
)


@transaction.atomic
def load_reference(*, by: "Person") -> None:
    """The 21 counties, 290 municipalities and population 2018-2024 that come with Hamn.

    Rows that are there already stay as they are, so that it can be run again.
    """
    permits.require(by, "organisations.load_reference")
    counties = queries.reference_rows("counties.csv")
    County.objects.bulk_create(
        [County(row["county_code"], row["county_name"], row["police_region"]) for row in counties],
        ignore_conflicts=True,
    )
    municipalities = queries.reference_rows("municipalities.csv")
    Municipality.objects.bulk_create(
        [Municipality(r["municipality_code"], r["name"], r["county_code"]) for r in municipalities],
        ignore_conflicts=True,
    )
    populations = list(queries.reference_rows("population-by-municipality.csv"))
    Population.objects.bulk_create(
        [
            Population(
                municipality_id=row["municipality_code"],
                year=int(row["year"]),
                inhabitants=int(row["population_12_31"]),
                source="SCB, BefolkningNy (BE0101N1)",
            )
            for row in populations
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    audit.record(Event.REFERENCE_LOADED, by=by, populations=len(populations))


@transaction.atomic
def save_party(
    *, fields: Mapping[str, Any], contact: Mapping[str, Any] | None, by: "Person"
) -> Party:
    """A party's data, new or changed; a contact equal to the present one is not added again.

    fields: as `read_party` returns them, with `municipality_id`; what is left out stays as it is.
    """
    permits.require(by, "organisations.save_party")
    code = fields["municipality_id"]
    given = {key: value for key, value in fields.items() if key != "municipality_id"}
    party, _created = Party.objects.update_or_create(
        municipality_id=code,
        defaults=given,
        create_defaults={"name": queries.known_municipalities()[code], **given},
    )
    if contact is not None:
        _add_contact(party, contact)
    audit.record(Event.PARTY_SAVED, by=by, on=party, fields=sorted(fields))
    return party


@transaction.atomic
def import_parties(*, path: Path, today: date, by: "Person") -> list[Party]:
    """The parties of a CSV file, all or none.

    Raises FaultsInFile with every fault by row.
    """
    permits.require(by, "organisations.save_party")
    known = dict(Municipality.objects.values_list("code", "name"))
    rows = tabular.read_all(
        path, required=PARTY_COLUMNS, read=lambda row: read_party(row, known=known, today=today)
    )
    tabular.refuse_repeats(
        path, [(n, fields["municipality_id"]) for n, (fields, _c) in rows], what=_("Kommunkoden")
    )
    tabular.refuse_repeats(
        path,
        [(n, fields["organisation_number"]) for n, (fields, _c) in rows],
        what=_("Organisationsnumret"),
    )
    _refuse_numbers_of_others(path, [(n, fields) for n, (fields, _c) in rows])
    return [save_party(fields=fields, contact=contact, by=by) for _n, (fields, contact) in rows]


def read_party(
    row: tabular.Row, *, known: Mapping[str, str], today: date
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A row of party data as fields of Party and of ContactPerson (None when no contact is given).

    Raises BadInput for the first field that cannot be right.
    """
    code = rules.known_code(row["municipality_code"], known)
    number = identifiers.organisation_number(row["organisation_number"])
    given: dict[str, Any] = {name: row[name] for name in _TEXTS if row.get(name)}
    for name in ("postal_code", "billing_code"):
        if row.get(name):
            given[name] = rules.postal_code(row[name])
    if row.get("participant_id"):
        given["participant_id"] = identifiers.participant_id(
            row["participant_id"], organisation_number=number
        )
    if row.get("is_example_number"):
        given["is_example_number"] = row["is_example_number"] in ("1", "true", "ja")
    fields = {"municipality_id": code, "organisation_number": number, **given}
    return _refuse_long(Party, fields), read_contact(row, today=today)


def read_contact(row: tabular.Row, *, today: date) -> dict[str, Any] | None:
    """A row's contact person as fields of ContactPerson, or None when the row names none."""
    title = row.get("contact_title", "")
    if not title:
        return None
    until = row.get("contact_valid_until", "")
    start = row.get("contact_valid_from", "")
    contact: dict[str, Any] = {
        "role": row.get("contact_role") or "avtal",
        "title": title,
        "email": rules.email(row.get("contact_email", "")),
        "phone": identifiers.phone(row.get("contact_phone", "")),
        "valid_from": parse_date(start) if start else today,
        "valid_until": parse_date(until) if until else None,
    }
    if until and contact["valid_until"] < contact["valid_from"]:
        raise BadInput(_("Kontaktpersonens slutdatum ligger före startdatumet. Rätta ett av dem."))
    return _refuse_long(ContactPerson, contact)


@transaction.atomic
def save_populations(
    *, year: int, inhabitants: Mapping[str, int], source: str, by: "Person"
) -> int:
    """Population on 31 December of the year; returns how many figures are new.

    Raises BadInput when a stored figure would change: a tariff may rest on it.
    """
    permits.require(by, "organisations.import_population")
    stored = dict(Population.objects.filter(year=year).values_list("municipality", "inhabitants"))
    changed = sorted(c for c, n in inhabitants.items() if stored.get(c, n) != n)
    if changed:
        raise BadInput(
            _(
                "Folkmängden {year} för {code} är redan {stored} och skulle bli {new}. Inget har "
                "ändrats. Kontrollera källan; en taxa kan vila på den gamla siffran."
            ),
            year=year,
            code=changed[0],
            stored=stored[changed[0]],
            new=inhabitants[changed[0]],
        )
    new = {code: count for code, count in inhabitants.items() if code not in stored}
    Population.objects.bulk_create(
        Population(municipality_id=code, year=year, inhabitants=count, source=source)
        for code, count in sorted(new.items())
    )
    audit.record(Event.POPULATION_IMPORTED, by=by, year=year, figures=len(new), source=source)
    return len(new)


@transaction.atomic
def import_population(*, path: Path, by: "Person") -> dict[int, int]:
    """The population of a CSV with `municipality_code,year,population`; new figures by year."""
    permits.require(by, "organisations.import_population")
    known = set(Municipality.objects.values_list("code", flat=True))
    rows = read_populations(path, known=known)
    years: dict[int, dict[str, int]] = {}
    for _number, (code, year, count) in rows:
        years.setdefault(year, {})[code] = count
    return {
        year: save_populations(year=year, inhabitants=figures, source=path.name[:200], by=by)
        for year, figures in sorted(years.items())
    }


def read_populations(path: Path, *, known: Iterable[str]) -> list[tuple[int, tuple[str, int, int]]]:
    """Rows of (code, year, population) with their row numbers, all checked."""
    codes = frozenset(known)
    column = tabular.column_like(path, "population")
    rows = tabular.read_all(
        path,
        required=("municipality_code", "year", column),
        read=lambda row: _read_population(row, column, codes),
    )
    tabular.refuse_repeats(path, [(n, f"{r[0]} {r[1]}") for n, r in rows], what=_("Kommun och år"))
    return rows


def _read_population(row: tabular.Row, column: str, known: frozenset[str]) -> tuple[str, int, int]:
    code = rules.known_code(row["municipality_code"], known)
    year = tabular.whole_number(row["year"], what=_("Året"))
    if not 1968 <= year <= 2100:
        raise BadInput(_("Året {year} kan inte stämma. Skriv till exempel 2024."), year=year)
    return code, year, rules.positive_population(row[column])


def _add_contact(party: Party, contact: Mapping[str, Any]) -> None:
    start = contact["valid_from"]
    same = {key: value for key, value in contact.items() if key != "valid_from"}
    if not party.contacts.filter(**same, valid_from__lte=start).exists():
        ContactPerson.objects.create(party=party, **contact)


def _refuse_numbers_of_others(path: Path, rows: list[tuple[int, dict[str, Any]]]) -> None:
    # A municipality with another's number would get the other's invoices.
    in_file = [fields["municipality_id"] for _n, fields in rows]
    others = Party.objects.exclude(municipality__in=in_file)
    owners = dict(others.values_list("organisation_number", "name"))
    faults: list[BadInput] = [
        tabular.RowFault(
            number,
            BadInput(
                _("Organisationsnumret {number} är redan inlagt för {name}. Rätta det ena."),
                number=identifiers.hyphenated(fields["organisation_number"]),
                name=owners[fields["organisation_number"]],
            ),
        )
        for number, fields in rows
        if fields["organisation_number"] in owners
    ]
    if faults:
        raise FaultsInFile(path.name, faults)


def _refuse_long(model: type[Model], fields: dict[str, Any]) -> dict[str, Any]:
    for name, value in fields.items():
        longest = getattr(model._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            raise BadInput(
                _("Fältet {field} är längre än {longest} tecken. Korta det."),
                field=rules.LONG_FIELD_NAMES.get(name, name),
                longest=longest,
            )
    return fields
