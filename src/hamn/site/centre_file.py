"""Reading `centre.toml`: every field has its kind, and a wrong one is named with its section."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hamn.core.errors import BadInput, _
from hamn.guards.access.rules import Role

Kinds = Mapping[str, type | tuple[type, ...]]
NUMBER = (int, Decimal)
KINDS: dict[str, Kinds] = {
    "administrator": {"email": str, "title": str, "roles": list},
    "provider": {
        **dict.fromkeys(("municipality_code", "name", "organisation_number", "department"), str),
        **dict.fromkeys(("postal_street", "postal_code", "postal_city", "participant_id"), str),
    },
    "tariff": {
        "name": str,
        "total_kr": int,
        "population_year": int,
        "index_percent": NUMBER,
        "price_level_year": int,
        "valid_from": date,
        "counties": list,
        "additions": list,
        "posts": dict,
    },
    "invoicing": {
        **dict.fromkeys(("bankgiro", "plusgiro", "vat_category", "vat_reason"), str),
        **dict.fromkeys(("vat_reason_code", "vat_number", "line_text", "series_prefix"), str),
        **dict.fromkeys(("is_f_skatt_approved", "ocr_with_length"), bool),
        "numbering": str,
        "ledger": dict,
    },
    "invoicing.ledger": dict.fromkeys(("account", "counterparty", "period"), str),
}
OPTIONAL: dict[str, Kinds] = {
    "provider": {"contacts": list, "buyer_reference": str},
}
# The widths of the columns that keep them.
LIMITS = {"vat_reason": 200, "line_text": 150, "vat_reason_code": 30, "vat_number": 14}
LIMITS |= {"account": 20, "period": 20, "series_prefix": 6, "title": 120, "role": 80, "phone": 40}
LIMITS |= {"short_name": 30}
CONTACT: Kinds = {"role": str, "title": str, "email": str, "phone": str}
PERSON: Kinds = KINDS["administrator"]
UNIT: Kinds = {"name": str, "short_name": str, "principal": str, "starts_on": date}


def read_centre(path: Path) -> dict[str, Any]:
    """The file's contents, each field of its kind.

    Raises BadInput for what is not TOML, and for the first field that is missing, unknown or of
    another kind.
    """
    try:
        centre = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadInput(_("Filen {name} är inte text. Välj rätt fil."), name=path.name) from None
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(
            _("{name} följer inte TOML-formatet ({fault}). Rätta raden."),
            name=path.name,
            fault=fault,
        ) from None
    for section, kinds in KINDS.items():
        _check(section, _section(centre, section), kinds, OPTIONAL.get(section, {}))
    for number, contact in enumerate(centre["provider"].get("contacts", []), 1):
        dates = {"valid_from": date, "valid_until": date}
        _check(f"provider.contacts {number}", contact, CONTACT, dates)
    for number, person in enumerate(centre.get("people", []), 1):
        _check(f"people {number}", person, PERSON, {})
    for code, unit in _section(centre, "units").items():
        _check(f"units.{code}", unit, UNIT, {"ends_on": date})
    _check_words(centre)
    if "services" in centre:
        _section(centre, "services")  # each field is judged where the services are read
    return centre


def _section(centre: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Any = centre
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise BadInput(
            _("centre.toml saknar avsnittet [{section}]. Jämför med exemplet och kör igen."),
            section=name,
        )
    return found


def _check(section: str, fields: Any, kinds: Kinds, optional: Kinds) -> None:
    if not isinstance(fields, Mapping):
        raise _wrong(section, "", fields)
    for name in kinds:
        if name not in fields:
            raise BadInput(
                _("Avsnittet [{section}] i centre.toml saknar fältet {field}. Lägg till det."),
                section=section,
                field=name,
            )
    for name, value in fields.items():
        kind = kinds.get(name) or optional.get(name)
        if kind is None:
            raise BadInput(
                _("Avsnittet [{section}] i centre.toml har ett okänt fält, {field}. Ta bort det."),
                section=section,
                field=name,
            )
        # A truth value is an int in Python, but never a number here.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _wrong(section, name, value)
        longest = LIMITS.get(name, 120)
        if isinstance(value, str) and (len(value) > longest or not _is_printable(value)):
            raise _wrong(section, name, value[:40])


def _is_printable(text: str) -> bool:
    return all(sign.isprintable() for sign in text)


def _check_words(centre: Mapping[str, Any]) -> None:
    known = [role.value for role in Role]
    for person in (centre["administrator"], *centre.get("people", [])):
        for role in person["roles"]:
            _one_of("roles", role, known)
    _one_of("numbering", centre["invoicing"]["numbering"], ["own", "ledger"])
    _check_tariff(centre["tariff"])
    for name in ("postal_street", "postal_code", "postal_city"):
        if not centre["provider"][name].strip():
            raise BadInput(
                _("Fältet {field} i [{section}] är tomt. Adressen står på fakturorna; fyll i den."),
                field=name,
                section="provider",
            )


def _check_tariff(tariff: Mapping[str, Any]) -> None:
    for name in ("counties", "additions"):
        if not all(isinstance(code, str) for code in tariff[name]):
            raise _wrong("tariff", name, tariff[name])
    for name in ("population_year", "price_level_year"):
        if not 1968 <= tariff[name] <= 2100:
            raise _wrong("tariff", name, tariff[name])
    for service, posts in tariff["posts"].items():
        is_number = isinstance(posts, NUMBER) and not isinstance(posts, bool)
        if not (is_number and 0 <= posts <= 99):
            raise _wrong("tariff.posts", service, posts)
    if not 0 <= tariff["index_percent"] < 100:
        raise _wrong("tariff", "index_percent", tariff["index_percent"])


def _one_of(field: str, value: Any, known: list[str]) -> None:
    if value not in known:
        raise BadInput(
            _("Fältet {field} i centre.toml är ”{value}”. Skriv något av: {known}."),
            field=field,
            value=value,
            known=", ".join(known),
        )


def _wrong(section: str, field: str, value: Any) -> BadInput:
    return BadInput(
        _("Fältet {field} i [{section}] kan inte vara ”{value}”. Jämför med exemplet."),
        field=field,
        section=section,
        value=value,
    )
