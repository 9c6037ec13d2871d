"""A certificate on screen and as a document to archive."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.papers.casework.disposal_certificate import (
    DisposalCertificate,
    RuleCount,
    disposal_certificate_pdf,
)
from hamn.papers.casework.page import Office
from hamn.ui.exports import paper
from hamn.ui.pages import page

from .. import queries, rules
from ..models import Certificate
from . import told


@permit("disposal.see")
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """What was destroyed, by whose decision, and when older copies can no longer be read."""
    row = queries.certificate_of(staff(request), certificate_id)
    return page(
        request,
        "disposal/certificate.html",
        row=row,
        heading=_("Gallringsbevis {number}: {unit}").format(
            number=row.pk, unit=told.unit_name(row.unit)
        ),
        about=_about(row),
        counts=told.records(row.records),
        keys=_keys(row),
        has_file=_has_file(row),
    )


@permit("disposal.see")
def certificate_file(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The certificate as PDF. Raises NotVisible for one that says nothing of keys."""
    row = queries.certificate_of(staff(request), certificate_id)
    if not _has_file(row):
        raise NotVisible(marked("Det här beviset finns bara som sida."))
    return paper(disposal_certificate_pdf(_document(row)), name=f"gallringsbevis-{row.pk}.pdf")


def _has_file(row: Certificate) -> bool:
    return not row.is_earlier and row.unit in row.key_versions


def _about(row: Certificate) -> list[dict[str, object]]:
    lines = [
        (_("Enhet"), told.unit_name(row.unit)),
        (_("Framtagen"), _done(row.planned_on.isoformat(), row.planned_title)),
        (_("Godkänd"), _done(row.approved_on.isoformat(), row.approved_title)),
        (_("Gallrat"), _done(row.finished_on.isoformat(), row.run_title)),
        (_("Undantagna"), str(row.excluded)),
        (_("Kvar för att de ändrats efter godkännandet"), str(row.moved)),
    ]
    return [told.line(key, value) for key, value in lines]


def _done(day: str, title: str) -> str:
    return _("{moment} av {person}").format(moment=day, person=title) if title else day


def _keys(row: Certificate) -> list[dict[str, object]]:
    return [
        told.line(
            told.unit_name(unit),
            _("version {old} och äldre är förstörda, version {new} gäller").format(
                old=version, new=row.new_key_versions.get(unit, "–")
            ),
        )
        for unit, version in row.key_versions.items()
    ]


def _document(row: Certificate) -> DisposalCertificate:
    return DisposalCertificate(
        office=Office(unit=told.unit_name(row.unit)),
        number=str(row.pk),
        listed_on=row.planned_on,
        listed_by=row.planned_title,
        approved_on=row.approved_on,
        approved_by=row.approved_title,
        done_at=timezone.localtime(row.made_at),
        done_by=row.run_title,
        counts=_counts(row),
        old_key_version=row.key_versions[row.unit],
        new_key_version=row.new_key_versions[row.unit],
        attachments=row.rows.get("attachment", 0),
        backups_until=row.key_backups_gone_on,
    )


def _counts(row: Certificate) -> tuple[RuleCount, ...]:
    """The rules that were followed, and in a line of their own what was kept."""
    gone = tuple(
        RuleCount(
            rule=f"{told.kind_name(kind)}: {told.rule_name(code)}",
            source=rules.rule_class(code).source,
            destroyed=count,
        )
        for kind, by_class in row.records.items()
        for code, count in by_class.items()
    )
    kept = row.excluded + row.moved
    return (*gone, RuleCount(rule=_("Undantag"), source="", destroyed=0, kept=kept))
