"""A report of concern for a child (orosanmälan) to a municipality's social board.

It can be made from any case, also one where nobody has a name: what is not known says so.
Source: SoL (2025:400) 19 kap. 1 och 6 §§, 20 kap. 1 §; OSL (2009:400) 10 kap. 28 §.
"""

from dataclasses import dataclass
from datetime import datetime

from hamn.papers.casework.page import (
    UNKNOWN,
    Marking,
    Office,
    Page,
    Part,
    Recipient,
    Signer,
    box,
    facts,
    heading,
    moment,
    printed,
    prose,
    small_print,
    yes_or_no,
)

_DUTY = (
    "Anmälan görs enligt 19 kap. 1 § socialtjänstlagen (2025:400). Den som omfattas av "
    "anmälningsskyldigheten ska genast anmäla när hen i sin verksamhet får veta eller misstänker "
    "att ett barn far illa. Skyldigheten bryter sekretessen (10 kap. 28 § offentlighets- och "
    "sekretesslagen).\n\n"
    "Nämnden ska genast bedöma om barnet behöver omedelbart skydd (20 kap. 1 § "
    "socialtjänstlagen)."
)
_FEEDBACK = (
    "Anmälaren vill veta om en utredning har inletts eller redan pågår "
    "(19 kap. 6 § socialtjänstlagen). Svara till kontakten nedan."
)
_ANONYMOUS = (
    "Uppgifterna kommer från ett möte där den som vi har kontakt med inte har uppgett namn. "
    "Anmälan innehåller allt som anmälaren vet om barnets identitet."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """The child, as far as anything is known; an empty text is printed as not known.

    birth: year, date or number. whereabouts: where the child is now.
    """

    name: str = ""
    birth: str = ""
    address: str = ""
    whereabouts: str = ""
    guardians: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReport:
    """What the reporter knows and fears, and who has been told.

    guardian_informed, child_informed: None when it is not known; `_note` says how or why not.
    """

    recipient: Recipient
    reporter: Signer
    office: Office
    marking: Marking
    made_at: datetime
    children: tuple[Child, ...]
    known: str
    worry: str
    needs_protection_now: bool
    protection_note: str = ""
    guardian_informed: bool | None
    guardian_note: str = ""
    child_informed: bool | None
    child_note: str = ""
    is_client_anonymous: bool = False
    wants_feedback: bool = True
    reference: str = ""


def child_report_pdf(report: ChildReport) -> bytes:
    """The report to hand over or send, the urgent first."""
    page = Page(
        heading="Orosanmälan",
        title="Orosanmälan till socialnämnden",
        office=report.office,
        receiver=report.recipient,
        marking=report.marking,
        signer=report.reporter,
    )
    parts = [
        *_opening(report),
        *(part for child in report.children or (Child(),) for part in _child(child)),
        *_concern(report),
        *_informed(report),
        *_reporter(report),
    ]
    return printed(page, parts, dated=report.made_at.date())


def _opening(report: ChildReport) -> list[Part]:
    parts = [
        facts(
            ("Anmälan gjord", moment(report.made_at)),
            ("Vår beteckning", report.reference),
            ("Akut behov av skydd", yes_or_no(report.needs_protection_now)),
        )
    ]
    if report.needs_protection_now:
        note = report.protection_note or "Anmälaren bedömer att barnet behöver skydd omedelbart."
        parts.append(box("Barnet kan behöva skydd nu", note, is_urgent=True))
    elif report.protection_note:
        parts.append(prose(report.protection_note))
    return parts


def _child(child: Child) -> list[Part]:
    return [
        heading("Barnet"),
        facts(
            ("Namn", child.name or UNKNOWN),
            ("Född", child.birth or UNKNOWN),
            ("Adress", child.address or UNKNOWN),
            ("Barnet finns nu", child.whereabouts or UNKNOWN),
            ("Vårdnadshavare", child.guardians or UNKNOWN),
            ("Annat om barnet", child.other),
        ),
    ]


def _concern(report: ChildReport) -> list[Part]:
    parts = [
        heading("Vad vi vet"),
        prose(report.known),
        heading("Vad vi är oroliga för"),
        prose(report.worry),
    ]
    return [*parts, small_print(_ANONYMOUS)] if report.is_client_anonymous else parts


def _informed(report: ChildReport) -> list[Part]:
    told = [
        ("Vårdnadshavare", report.guardian_informed, report.guardian_note),
        ("Barnet", report.child_informed, report.child_note),
    ]
    rows = [(who, f"{yes_or_no(answer)}\n{note}".strip()) for who, answer, note in told]
    return [heading("Vilka som vet om anmälan"), facts(*rows)]


def _reporter(report: ChildReport) -> list[Part]:
    reporter = report.reporter
    return [
        heading("Anmälare"),
        facts(
            ("Namn", reporter.name),
            ("Befattning", reporter.role),
            ("Enhet", reporter.unit or report.office.unit),
            ("Telefon", reporter.phone or report.office.phone),
            ("E-post", reporter.email),
        ),
        *([prose(_FEEDBACK)] if report.wants_feedback else []),
        small_print(_DUTY),
    ]
