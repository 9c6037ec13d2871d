"""A decision on a request for documents (begäran om allmän handling), with how to appeal.

Source: OSL (2009:400) 6 kap. 3 and 7 §§, 26 kap. 1 §; FL (2017:900) 31-33 and 43-44 §§.
The controller's lawyer confirms the wording.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hamn.core.dates import swedish_date
from hamn.papers.casework.page import (
    Marking,
    Office,
    Page,
    Part,
    Recipient,
    Signer,
    Withheld,
    box,
    facts,
    heading,
    printed,
    prose,
    withheld_parts,
)


class Outcome(StrEnum):
    """What became of a request."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


_SAID = {
    Outcome.GRANTED: "Handlingarna lämnas ut.",
    Outcome.PARTLY: "Handlingarna lämnas ut, men inte de uppgifter som står nedan.",
    Outcome.REFUSED: "Begäran avslås. Handlingarna lämnas inte ut.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A request, how it was assessed and what was decided.

    asked_by: empty when the one who asked did not say who. conditions: what the receiver must
    observe (förbehåll). court: where the decision is appealed.
    """

    office: Office
    receiver: Recipient | None = None
    asked_by: str = ""
    asked_on: date
    request: str
    outcome: Outcome
    assessment: str
    withheld: tuple[Withheld, ...] = ()
    conditions: str = ""
    decided_on: date
    decided_by: Signer
    reference: str = ""
    court: str
    marking: Marking | None = None


def disclosure_pdf(disclosure: Disclosure) -> bytes:
    """The decision to send."""
    page = Page(
        heading="Beslut om att lämna ut handlingar",
        office=disclosure.office,
        receiver=disclosure.receiver,
        marking=disclosure.marking,
        signer=disclosure.decided_by,
    )
    parts = [
        facts(
            ("Beslutsdatum", swedish_date(disclosure.decided_on)),
            ("Vår beteckning", disclosure.reference),
            ("Begäran kom in", swedish_date(disclosure.asked_on)),
            ("Begärd av", disclosure.asked_by or "Någon som inte har sagt vem hen är"),
        ),
        box("Beslut", _SAID[disclosure.outcome]),
        heading("Begäran"),
        prose(disclosure.request),
        heading("Bedömning"),
        prose(disclosure.assessment),
        *withheld_parts(disclosure.withheld),
        *_conditions(disclosure.conditions),
        *_appeal(disclosure),
    ]
    return printed(page, parts, dated=disclosure.decided_on)


def _conditions(conditions: str) -> list[Part]:
    return [heading("Förbehåll"), prose(conditions)] if conditions else []


def _appeal(disclosure: Disclosure) -> list[Part]:
    """How to appeal; a decision that gives all that was asked for cannot be appealed."""
    if disclosure.outcome is Outcome.GRANTED and not disclosure.conditions:
        return []
    office = disclosure.office
    where = ", ".join(filter(None, (office.authority or office.unit, *office.address)))
    told = (
        f"Du kan överklaga beslutet hos {disclosure.court} (6 kap. 7 § offentlighets- och "
        f"sekretesslagen). Skriv vilket beslut du överklagar och hur du vill att det ska ändras. "
        f"Skriv under, och ange hur domstolen når dig.\n\n"
        f"Skicka överklagandet till oss, inte till domstolen: {where}. Det ska ha kommit in till "
        f"oss inom tre veckor från den dag då du fick del av beslutet. Vi skickar det vidare."
    )
    return [heading("Så överklagar du"), prose(told)]
