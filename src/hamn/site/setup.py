"""Setting up a centre from `centre.toml`: database, first person, provider, tariff, invoicing.

The file is checked and stored whole or not at all; run again, it saves what has changed.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import transaction

from hamn.agreement.invoicing import actions as invoicing
from hamn.agreement.tariffs import actions as tariffs
from hamn.agreement.tariffs import queries as tariff_queries
from hamn.core import identifiers
from hamn.core.errors import BadInput, _
from hamn.guards.access import actions as access
from hamn.guards.access.rules import Role
from hamn.register.organisations import actions as organisations
from hamn.register.organisations import queries as registers
from hamn.register.organisations.rules import email

from .acting import person_or_none

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

EXAMPLE = Path(__file__).parent / "centre.example.toml"


def set_up(path: Path, *, today: date, is_example: bool = False) -> "Person":
    """The centre that the file describes; returns its first administrator.

    Raises BadInput for a fault in the file, with the name of the field.
    """
    centre = read_centre(path)
    call_command("migrate", verbosity=0, interactive=False)
    try:
        with transaction.atomic():
            person = person_or_none() or _first_person(centre["administrator"])
            organisations.load_reference(by=person)
            _save_provider(centre["provider"], today, person)
            _adopt_tariff(centre["tariff"], person)
            _save_profile(centre["invoicing"], is_example, person)
    except KeyError as missing:
        raise BadInput(
            _("{name} saknar fältet {field}. Jämför med exemplet och kör igen."),
            name=path.name,
            field=missing,
        ) from None
    return person


def read_centre(path: Path) -> dict[str, Any]:
    """The file's contents.

    Raises BadInput when it is not TOML or lacks a section.
    """
    try:
        centre = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(
            _("{name} går inte att läsa: {fault}. Rätta raden."), name=path.name, fault=str(fault)
        ) from None
    for section in ("administrator", "provider", "tariff", "invoicing"):
        if not isinstance(centre.get(section), dict):
            raise BadInput(
                _("{name} saknar avsnittet [{section}]. Jämför med exemplet och kör igen."),
                name=path.name,
                section=section,
            )
    return centre


def _first_person(fields: Mapping[str, Any]) -> "Person":
    known = [role.value for role in Role]
    wrong = [role for role in fields["roles"] if role not in known]
    if wrong:
        raise BadInput(
            _("Rollen ”{role}” är okänd. Kända roller: {known}."), role=wrong[0], known=known
        )
    address = email(str(fields["email"]))
    if not address:
        raise BadInput(_("Administratörens e-postadress saknas. Fyll i den i centre.toml."))
    return access.add_person(
        email=address, title=fields["title"], roles=[Role(r) for r in fields["roles"]], by=None
    )


def _save_provider(fields: Mapping[str, Any], today: date, by: "Person") -> None:
    row = {name: str(value) for name, value in fields.items() if name != "contacts"}
    party, _contact = organisations.read_party(
        row, known=registers.known_municipalities(), today=today
    )
    organisations.save_party(fields={**party, "is_provider": True}, contact=None, by=by)
    for contact in fields.get("contacts", []):
        organisations.save_party(fields=party, contact=_contact_of(contact, today), by=by)


def _contact_of(fields: Mapping[str, Any], today: date) -> dict[str, Any]:
    return {
        "role": fields["role"],
        "title": fields["title"],
        "email": email(fields.get("email", "")),
        "phone": identifiers.phone(fields.get("phone", "")),
        "valid_from": fields.get("valid_from", today),
        "valid_until": fields.get("valid_until"),
    }


def _adopt_tariff(fields: Mapping[str, Any], by: "Person") -> None:
    if tariff_queries.exists(fields["name"]):
        return
    counties = fields["counties"]
    sharing = [row.code for row in registers.municipalities(by, counties=counties)]
    year = fields["population_year"]
    additions = fields.get("additions", [])
    tariffs.adopt(
        name=fields["name"],
        total_kr=fields["total_kr"],
        posts={name: Decimal(count) for name, count in fields["posts"].items()},
        populations=registers.populations(by, year=year, codes=sharing),
        additions=registers.populations(by, year=year, codes=additions),
        population_year=year,
        index_percent=Decimal(fields["index_percent"]),
        price_level_year=fields["price_level_year"],
        valid_from=fields["valid_from"],
        by=by,
    )


def _save_profile(fields: Mapping[str, Any], is_example: bool, by: "Person") -> None:
    ledger = fields["ledger"]
    invoicing.save_profile(
        fields={
            **{name: fields[name] for name in PROFILE_FIELDS},
            "uses_ledger": fields["numbering"] == "ledger",
            "ledger_account": str(ledger["account"]),
            "ledger_counterparty": ledger["counterparty"],
            "ledger_period": ledger["period"],
            "is_example": is_example,
        },
        by=by,
    )


PROFILE_FIELDS = (
    "bankgiro",
    "plusgiro",
    "vat_category",
    "vat_reason",
    "vat_reason_code",
    "vat_number",
    "is_f_skatt_approved",
    "line_text",
    "series_prefix",
    "ocr_with_length",
)
