"""A report of concern as the paper that is handed over."""

from typing import TYPE_CHECKING

from django.utils import timezone

from hamn.guards.access.queries import titles
from hamn.papers.casework.child_report import Child, ChildReport, child_report_pdf
from hamn.papers.casework.page import Marking, Office, Recipient, Signer
from hamn.register.organisations.queries import provider
from hamn.register.staff.queries import unit_name
from hamn.support.services import queries as services

from ..rules.children import ChildWelfareReport
from ..rules.content import IdentityLevel

if TYPE_CHECKING:
    from .opened import OpenCase, OpenRecord

_ROLE = "Handläggare"


def child_report_paper(opened: "OpenCase", one: "OpenRecord") -> bytes:
    """The report as PDF; the same bytes whenever it is asked for while nothing changes."""
    return child_report_pdf(paper_of(opened, one))


def paper_of(opened: "OpenCase", one: "OpenRecord") -> ChildReport:
    """What the paper says. With protected identity no address of anyone."""
    report: ChildWelfareReport = one.content
    office = office_of(opened.case.unit)
    made_at = timezone.localtime(report.made_at or one.record.written_at)
    person = f"access.person:{one.record.written_by_id}"
    signer = Signer(name=titles([person]).get(person, ""), role=_ROLE, unit=office.unit)
    return ChildReport(
        recipient=Recipient(name=_board(report.municipality)),
        reporter=signer,
        office=office,
        marking=Marking(authority=office.authority, marked_on=made_at.date()),
        made_at=made_at,
        children=(_child(report, is_protected=opened.content.is_protected),),
        known=report.known,
        worry=report.concern,
        needs_protection_now=report.is_acute,
        protection_note=report.protection,
        guardian_informed=report.is_guardian_told,
        guardian_note=report.guardian_told,
        child_informed=report.is_child_told,
        child_note=report.child_told,
        is_client_anonymous=opened.content.identity_level != IdentityLevel.NAMED,
        wants_feedback=report.wants_feedback,
        reference=opened.content.number,
    )


def office_of(unit: str) -> Office:
    """The unit as the head of the paper has it, with the phone of its first service."""
    phones = [row.phone for row in services.services_of(unit) if row.phone]
    return Office(
        unit=unit_name(unit), authority=provider().name, phone=phones[0] if phones else ""
    )


def _board(municipality: str) -> str:
    return f"Socialnämnden, {services.municipality_names().get(municipality, municipality)}"


def _child(report: ChildWelfareReport, *, is_protected: bool) -> Child:
    return Child(
        name=report.child,
        birth=str(report.child_birth_year or ""),
        address="" if is_protected else report.child_address,
        whereabouts="" if is_protected else report.whereabouts,
        guardians=report.guardians,
    )
