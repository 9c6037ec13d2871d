"""Parties of a CSV file, all or none, with every fault by its row."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from hamn.core import identifiers, tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, FaultsInFile, _
from hamn.guards.access import permits

from .. import rules
from ..models import ContactPerson, Municipality, Party
from .save_party import number_is_taken, save_party

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
    rules.check_period(contact["valid_from"], contact["valid_until"])
    return _refuse_long(ContactPerson, contact)


def _refuse_numbers_of_others(path: Path, rows: list[tuple[int, dict[str, Any]]]) -> None:
    # A municipality with another's number would get the other's invoices.
    in_file = [fields["municipality_id"] for _n, fields in rows]
    others = Party.objects.exclude(municipality__in=in_file)
    owners = dict(others.values_list("organisation_number", "name"))
    faults: list[BadInput] = [
        tabular.RowFault(
            number,
            number_is_taken(fields["organisation_number"], owners[fields["organisation_number"]]),
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
