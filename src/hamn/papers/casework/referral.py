"""A referral or transfer (remiss, överlämnande): only what was chosen to go, and why it may.

Source: OSL (2009:400) 10 kap. 1 § and 26 kap. 1 §; requirements B9, B19, B31-B33.
"""

from dataclasses import dataclass
from datetime import date

from hamn.core.dates import swedish_date
from hamn.papers.casework.page import (
    Marking,
    Office,
    Page,
    Part,
    Recipient,
    Signer,
    facts,
    heading,
    printed,
    prose,
    small_print,
)

_ONLY_THIS = (
    "Brevet innehåller bara det som har valts ut för ändamålet. Uppgifterna får inte användas till "
    "annat. Fråga oss innan ni kontaktar personen på annat sätt än det som står här."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenText:
    """A piece that the worker chose to send along."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A letter to another unit or authority about one person.

    person: the name that may be told, or empty. ground: why it may be sent, for example consent
    with its date. safe_contact: how the person may be reached, and how not.
    """

    office: Office
    recipient: Recipient
    marking: Marking
    signer: Signer
    on: date
    person: str = ""
    birth: str = ""
    purpose: str
    ground: str
    texts: tuple[ChosenText, ...]
    wish: str = ""
    safe_contact: str = ""
    answer_by: date | None = None
    reference: str = ""
    heading: str = "Remiss"


def referral_pdf(referral: Referral) -> bytes:
    """The letter to send."""
    page = Page(
        heading=referral.heading,
        office=referral.office,
        receiver=referral.recipient,
        marking=referral.marking,
        signer=referral.signer,
    )
    parts = [
        facts(
            ("Datum", swedish_date(referral.on)),
            ("Vår beteckning", referral.reference),
            ("Gäller", referral.person or "En person som inte har uppgett namn"),
            ("Född", referral.birth),
            ("Ändamål", referral.purpose),
            ("Därför får det lämnas", referral.ground),
        ),
        *(part for text in referral.texts for part in (heading(text.title), prose(text.text))),
        *_answer(referral),
        small_print(_ONLY_THIS),
    ]
    return printed(page, parts, dated=referral.on)


def _answer(referral: Referral) -> list[Part]:
    signer = referral.signer
    rows = facts(
        ("Vi ber er om", referral.wish),
        ("Svara senast", swedish_date(referral.answer_by) if referral.answer_by else ""),
        ("Svara till", ", ".join(filter(None, (signer.name, signer.phone, signer.email)))),
        ("Så når ni personen", referral.safe_contact),
    )
    return [heading("Svar och kontakt"), rows]
