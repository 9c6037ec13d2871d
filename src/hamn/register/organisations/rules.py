"""What makes a party complete, and what its fields may hold. Pure."""

import json
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from hamn.core import identifiers, tabular
from hamn.core.errors import BadInput, Refusal, _

FIELD_NAMES: dict[str, str] = {
    "organisation_number": _("organisationsnummer"),
    "department": _("avdelning eller enhet"),
    "postal_street": _("postadress, gata eller box"),
    "postal_code": _("postadress, postnummer"),
    "postal_city": _("postadress, ort"),
    "billing_street": _("faktureringsadress, gata eller box"),
    "billing_code": _("faktureringsadress, postnummer"),
    "billing_city": _("faktureringsadress, ort"),
    "participant_id": _("Peppol-id"),
    "buyer_reference": _("er referens (beställarreferens)"),
    "contact": _("kontaktperson"),
}
# The same for what has no form field of its own, for a refusal to name.
LONG_FIELD_NAMES: dict[str, str] = FIELD_NAMES | {
    "name": _("namn"),
    "role": _("kontaktpersonens roll"),
    "title": _("kontaktperson"),
    "email": _("kontaktpersonens e-postadress"),
}
# What a contact person is there for; the provider has contacts for its services too (A22).
ROLE_NAMES: dict[str, str] = {"avtal": _("avtalet"), "faktura": _("fakturorna")}
# § 1 of the agreement asks for these; the invoice for the rest (F1, H12).
NEEDED_TO_SIGN = (
    "organisation_number",
    "department",
    "postal_street",
    "postal_code",
    "postal_city",
    "contact",
)
NEEDED_TO_INVOICE = (
    "organisation_number",
    "billing_street",
    "billing_code",
    "billing_city",
    "participant_id",
    "buyer_reference",
)


class Data(StrEnum):
    """What a list of municipalities may ask of their data."""

    ENTERED = "med"
    NOT_ENTERED = "utan"
    LACKING_TO_SIGN = "underskrift"
    LACKING_TO_INVOICE = "fakturering"


DATA_NAMES: dict[Data, str] = {
    Data.ENTERED: _("Har partsuppgifter"),
    Data.NOT_ENTERED: _("Har inga partsuppgifter"),
    Data.LACKING_TO_SIGN: _("Något saknas före underskrift"),
    Data.LACKING_TO_INVOICE: _("Något saknas före fakturering"),
}
EVERYWHERE = "alla"  # instead of a county's code


class Changed(Refusal):
    """Somebody else has saved the same thing since the page was opened."""

    code = "organisations.changed"

    def __init__(self) -> None:
        super().__init__(
            _("Uppgifterna har ändrats sedan du öppnade sidan. Läs dem igen och gör om ändringen.")
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that stands in the way, and the words for it."""

    field: str

    @property
    def name(self) -> str:
        """The field's Swedish name; key of the catalogue."""
        return FIELD_NAMES[self.field]


def missing(party: Mapping[str, str], needed: tuple[str, ...]) -> list[Missing]:
    """What the party lacks of what is needed, in the order of the form."""
    return [Missing(field) for field in needed if not party.get(field)]


def version_of(values: Collection[object]) -> str:
    """A short digest of what is stored; differs as soon as one value does."""
    return sha256(json.dumps(list(values), default=str).encode()).hexdigest()[:16]


def check_seen(seen: str, present: str) -> None:
    """Raise Changed when what the person saw is not what is stored."""
    if seen != present:
        raise Changed


def check_period(valid_from: date, valid_until: date | None) -> None:
    """A contact person's last day is not before her first.

    Raises BadInput.
    """
    if valid_until is not None and valid_until < valid_from:
        raise BadInput(_("Kontaktpersonens slutdatum ligger före startdatumet. Rätta ett av dem."))


def postal_code(text: str) -> str:
    """Five digits; empty stays empty.

    Raises BadInput for anything else.
    """
    digits = identifiers.digits_of(text)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 5):
        raise BadInput(_("Postnumret ”{text}” ska ha fem siffror, till exempel 184 86."), text=text)
    return digits


def municipality_code(text: str) -> str:
    """A municipality code of four digits; a leading zero that a spreadsheet dropped is put back.

    Raises BadInput for anything else.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (3, 4)):
        raise BadInput(_("Kommunkoden ”{text}” ska ha fyra siffror, till exempel 0117."), text=text)
    return digits.zfill(4)


def known_code(text: str, known: Container[str]) -> str:
    """The code of a municipality that exists.

    Raises BadInput for a malformed code and for one that no municipality has.
    """
    code = municipality_code(text)
    if code not in known:
        raise BadInput(
            _("Ingen kommun har koden {code}. Koderna står i kommunregistret, till exempel 0117."),
            code=code,
        )
    return code


def email(text: str) -> str:
    """An e-mail address, roughly checked; empty stays empty."""
    name, at, host = text.strip().partition("@")
    if text.strip() and not (name and at and "." in host and " " not in text.strip()):
        raise BadInput(_("”{text}” är ingen e-postadress. Rätta den."), text=text)
    return text.strip()


def positive_population(text: str) -> int:
    """A population; raises BadInput for zero, signs and words."""
    count = tabular.whole_number(text, what=_("Folkmängden"))
    if count == 0:
        raise BadInput(_("Folkmängden är noll. Ange kommunens folkmängd den 31 december."))
    if count > 20_000_000:
        raise BadInput(_("Folkmängden {count} är större än hela landets. Rätta den."), count=count)
    return count
