"""What is recorded about a person, for that person (registerutdrag): as PDF and as JSON.

Both forms come from the same typed data, so that neither says more than the other.
Source: GDPR (2016/679) art. 12 and 15; OSL (2009:400) 12 kap.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

from hamn.core.dates import swedish_date
from hamn.papers.casework.page import (
    Marking,
    Office,
    Page,
    Part,
    Recipient,
    Withheld,
    facts,
    heading,
    listing,
    printed,
    prose,
    small_print,
    withheld_parts,
)

_RIGHTS = (
    "Du kan be oss rätta en uppgift som är fel, eller invända mot hur vi använder den. Du kan "
    "också i vissa fall be att uppgifter raderas eller används mindre. "
    "Skriv eller ring till oss.\n\n"
    "Tycker du att vi gör fel kan du klaga hos Integritetsskyddsmyndigheten, imy.se.\n\n"
    "Inga beslut om dig fattas automatiskt."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is recorded."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Things that belong together, such as one contact or one note."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """What GDPR article 15.1 wants told about how the data are used."""

    controller: str
    purpose: str
    legal_ground: str
    categories: str
    source: str
    recipients: str
    kept_until: str
    data_protection_officer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataExtract:
    """Everything that goes to the person, and what did not with its provision.

    person: the name she uses, or how she was recognised when she never gave one.
    """

    office: Office
    person: str
    receiver: Recipient | None = None
    asked_on: date
    made_on: date
    reference: str = ""
    processing: Processing
    sections: tuple[Section, ...]
    withheld: tuple[Withheld, ...] = ()
    marking: Marking | None = None


def data_extract_pdf(extract: DataExtract) -> bytes:
    """The extract to read on paper."""
    page = Page(
        heading="Uppgifter om dig",
        title="Registerutdrag",
        office=extract.office,
        receiver=extract.receiver,
        marking=extract.marking,
    )
    parts = [
        facts(
            ("Gäller", extract.person),
            ("Du bad om utdraget", swedish_date(extract.asked_on)),
            ("Utdraget är gjort", swedish_date(extract.made_on)),
            ("Vår beteckning", extract.reference),
        ),
        *(part for section in extract.sections for part in _section(section)),
        *([] if extract.sections else [prose("Vi har inga uppgifter om dig.")]),
        *withheld_parts(extract.withheld),
        *_processing(extract.processing),
        heading("Dina rättigheter"),
        prose(_RIGHTS),
    ]
    return printed(page, parts, dated=extract.made_on)


def data_extract_json(extract: DataExtract) -> bytes:
    """The same data for a program: UTF-8, keys as the fields here, dates as `2024-06-01`."""
    told = {"format": "hamn.data_extract", "version": 1, **asdict(extract)}
    return json.dumps(told, ensure_ascii=False, indent=1, default=date.isoformat).encode() + b"\n"


def _section(section: Section) -> list[Part]:
    rows = [(field.label, field.value) for field in section.fields]
    return [heading(section.title), listing([("Uppgift", 3), ("Det här står", 7)], rows)]


def _processing(told: Processing) -> list[Part]:
    return [
        heading("Så använder vi uppgifterna"),
        facts(
            ("Ansvarig", told.controller),
            ("Dataskyddsombud", told.data_protection_officer),
            ("Varför", told.purpose),
            ("Stöd i lag", told.legal_ground),
            ("Slags uppgifter", told.categories),
            ("Var de kommer ifrån", told.source),
            ("Vilka som har fått dem", told.recipients),
            ("Hur länge de finns kvar", told.kept_until),
        ),
        small_print("Enligt artikel 15 i dataskyddsförordningen (EU) 2016/679."),
    ]
