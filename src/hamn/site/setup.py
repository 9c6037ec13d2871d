"""Setting up a centre from `centre.toml`: database, first person, provider, tariff, invoicing.

The file is checked and stored whole or not at all; run again, it saves what has changed.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from hamn.agreement.invoicing import actions as invoicing
from hamn.agreement.invoicing import queries as invoicing_queries
from hamn.agreement.tariffs import actions as tariffs
from hamn.agreement.tariffs import queries as tariff_queries
from hamn.core import identifiers
from hamn.core.errors import BadInput, _
from hamn.guards.access import actions as access
from hamn.guards.access import queries as access_queries
from hamn.guards.access.rules import Role
from hamn.register.organisations import actions as organisations
from hamn.register.organisations import queries as registers
from hamn.register.organisations.rules import email
from hamn.register.staff import actions as staff
from hamn.support.door.actions import texts
from hamn.support.services import actions as services

from .acting import person_or_none
from .centre_file import read_centre
from .door.role import set_role
from .secret import DOOR, make_secret_key, secret_key

if TYPE_CHECKING:
    from hamn.agreement.tariffs.models import Tariff
    from hamn.guards.access.models import Person

EXAMPLE = Path(__file__).parent / "centre.example.toml"


def set_up(path: Path, *, today: date, is_example: bool = False) -> "Person":
    """The centre that the file describes; returns its first administrator.

    Raises BadInput for a fault in the file, with the name of the field; and where the demo stands.
    """
    centre = read_centre(path)
    _lay_foundation()
    _refuse_mixing(is_example=is_example)
    with transaction.atomic():
        person = person_or_none() or _add(centre["administrator"], None)
        for fields in centre.get("people", []):
            if not access_queries.is_known(fields["email"]):
                _add(fields, person)
        organisations.load_reference(by=person)
        _save_units(centre["units"], person)
        _save_provider(centre["provider"], today, person)
        _adopt_tariff(centre["tariff"], person)
        _save_profile(centre["invoicing"], is_example, person)
        services.load_services(tables=centre.get("services"), by=person)
        _load_texts(centre, person)
    return person


def _lay_foundation() -> None:
    """Tables, the table of the shared cache, each face's secret, and the door's role."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    make_secret_key(settings.HAMN_HOME)
    make_secret_key(settings.HAMN_HOME, DOOR)
    if settings.SYSTEM.get("door_database"):
        set_role()
    # What this process seals must open in the next one.
    settings.SECRET_KEY = secret_key(settings.HAMN_HOME)


def _refuse_mixing(*, is_example: bool) -> None:
    """The demo's invented agreements must never be taken for a real centre's."""
    if not is_example and invoicing_queries.is_example():
        raise BadInput(
            _("I den här mappen finns demonstrationen. Sätt upp centret i en annan, tom mapp.")
        )


def _add(fields: Mapping[str, Any], by: "Person | None") -> "Person":
    address = email(fields["email"])
    if not address:
        raise BadInput(_("E-postadressen för {title} saknas i centre.toml."), title=fields["title"])
    roles = [Role(role) for role in fields["roles"]]
    return access.add_person(email=address, title=fields["title"], roles=roles, by=by)


def _load_texts(centre: Mapping[str, Any], by: "Person") -> None:
    """The public pages' texts, and the languages that the file says somebody has read."""
    door = centre.get("door", {})
    read_by = door.get("languages", {}) if isinstance(door, Mapping) else {}
    texts.load_texts(now=timezone.localtime(), by=by, read_by=read_by)


def _save_units(units: Mapping[str, Mapping[str, Any]], by: "Person") -> None:
    for place, (code, fields) in enumerate(units.items(), 1):
        staff.save_unit(code=code, fields={"ends_on": None, **fields, "place": place}, by=by)


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
    stored = tariff_queries.named(fields["name"])
    if stored is not None:
        _refuse_changed(stored, fields)
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


def _refuse_changed(stored: "Tariff", fields: Mapping[str, Any]) -> None:
    """A tariff is never changed: another total is another tariff, with a name of its own."""
    names = ("total_kr", "population_year", "index_percent", "price_level_year", "valid_from")
    changed = [name for name in names if getattr(stored, name) != fields[name]]
    if changed:
        raise BadInput(
            _(
                "Taxan ”{name}” finns redan med ett annat värde för {fields}. En taxa ändras inte: "
                "ge den nya ett eget namn i centre.toml."
            ),
            name=stored.name,
            fields=changed,
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
