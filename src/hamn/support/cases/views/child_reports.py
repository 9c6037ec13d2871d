"""Reports of concern for a child: written, shown as a paper to hand over, sent, answered."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.support.services import queries as services
from hamn.ui.exports import paper
from hamn.ui.words import said

from .. import actions
from ..forms.children import (
    TOLD_CODES,
    TOLD_VALUES,
    FeedbackForm,
    NotNeededForm,
    ReportForm,
    SentForm,
)
from ..queries import walls
from ..queries.child_papers import child_report_paper
from ..queries.children import check_report_hers, writing_unit
from ..queries.details import grounds_in
from ..queries.notes import record_of
from ..rules.children import Child, ChildWelfareReport, begun
from .frame import opened_for
from .writing import changed, written

if TYPE_CHECKING:
    from ..models import Case
    from ..queries.opened import OpenCase

_LEAD = marked(
    "Anmälan görs genast, redan vid misstanke, också när den som ni har kontakt med är anonym "
    "(19 kap. 1 § socialtjänstlagen)."
)


@permit("cases.write")
def add_child_report(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a report, filled in with what the case knows of the client."""
    opened = opened_for(request, case_id, "write_child_report")
    return _write(request, opened, None, "")


@permit("cases.write")
def report_child(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The same, about one of the client's children."""
    opened = opened_for(request, case_id, "write_child_report")
    one = record_of(opened, record_id, "child")
    return _write(request, opened, one.content, str(record_id))


@permit("cases.write")
def change_child_report(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a report that is not sent yet."""
    opened = opened_for(request, case_id, "change_child_report")
    check_report_hers(staff(request), opened, record_of(opened, record_id, "child_report"))
    return changed(
        request,
        opened.case,
        _form(request, opened),
        lambda seen, record_id, case_id, by, now, **given: actions.change_child_report(
            change=lambda report: replace(report, **_read(given)),
            seen=seen,
            record_id=record_id,
            case_id=case_id,
            by=by,
            now=now,
        ),
        record=(record_id, "child_report"),
        initial=lambda one: _fields(one.content),
        told=_("Anmälan är sparad. Den är inte skickad."),
        section="children",
        unit=writing_unit(staff(request), opened.case),
        heading=_("Ändra orosanmälan"),
        lead=said(_LEAD),
    )


@permit("cases.see")
def child_report_file(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The report as PDF to hand over; its name tells nothing, and no cache keeps it."""
    opened, one = actions.read_child_report(
        case_id=case_id,
        record_id=record_id,
        what="child_report_file",
        by=staff(request),
        now=timezone.now(),
    )
    return paper(child_report_paper(opened, one), name=f"{str(record_id)[:8]}.pdf")


@permit("cases.write")
def send_child_report(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for when, how and to whom the report was handed over."""
    return _written(
        request,
        case_id,
        SentForm.of(request, initial={"on": timezone.localdate()}),
        partial(actions.send_child_report, record_id=record_id),
        told=_("Det är antecknat att anmälan är lämnad."),
        heading=_("Orosanmälan är lämnad"),
        lead=_("Därefter kan den inte ändras. Kommer mer fram gör du en ny."),
    )


@permit("cases.write")
def answer_child_report(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for what the board answered."""
    return _written(
        request,
        case_id,
        FeedbackForm.of(request),
        partial(actions.answer_child_report, record_id=record_id),
        told=_("Svaret är sparat."),
        heading=_("Återkoppling från nämnden"),
        lead=_("Nämnden ska på begäran svara om en utredning har inletts (SoL 19 kap. 6 §)."),
    )


@permit("cases.write")
def drop_child_report(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for why a report is not sent after all."""
    return _written(
        request,
        case_id,
        NotNeededForm.of(request),
        partial(actions.drop_child_report, record_id=record_id),
        told=_("Det är antecknat att anmälan inte skickas."),
        heading=_("Orosanmälan ska inte skickas"),
        warning=_("Den som misstänker att ett barn far illa ska anmäla. Det gäller var och en."),
    )


def _write(
    request: HttpRequest, opened: "OpenCase", child: Child | None, about: str
) -> HttpResponse:
    names = grounds_in(opened.case.unit)
    report = begun(
        opened.content,
        child,
        about=about,
        grounds=[names[code] for code in opened.content.grounds if code in names],
        nearest=services.provider_code(),
    )
    return written(
        request,
        opened.case,
        _form(request, opened, initial=_fields(report)),
        lambda case_id, by, now, **given: actions.add_child_report(
            report=replace(report, **_read(given)), case_id=case_id, by=by, now=now
        ),
        told=_("Anmälan är gjord. Den är inte skickad: hämta den, lämna den och anteckna det."),
        section="children",
        unit=writing_unit(staff(request), opened.case),
        heading=_("Orosanmälan"),
        lead=said(_LEAD),
        button=_("Spara anmälan"),
    )


def _written(
    request: HttpRequest, case_id: UUID, form: Any, act: Callable[..., object], **words: Any
) -> HttpResponse:
    """The duty does not end with the case, so the form opens in a closed one too."""
    by = staff(request)
    case: Case = walls.case_for(by, case_id, timezone.now())
    unit = writing_unit(by, case)
    return written(request, case, form, act, section="children", unit=unit, **words)


def _form(request: HttpRequest, opened: "OpenCase", **more: Any) -> ReportForm:
    return ReportForm.of(
        request,
        municipalities=services.municipality_names(),
        is_protected=opened.content.is_protected,
        **more,
    )


def _fields(report: ChildWelfareReport) -> dict[str, Any]:
    told = {
        "is_child_told": TOLD_CODES[report.is_child_told],
        "is_guardian_told": TOLD_CODES[report.is_guardian_told],
    }
    fields = {name: value for name, value in asdict(report).items() if name in _ASKED}
    return fields | told


def _read(given: dict[str, Any]) -> dict[str, Any]:
    """What the form asks, as the report says it."""
    told = {name: TOLD_VALUES[given[name]] for name in ("is_child_told", "is_guardian_told")}
    return given | told


_ASKED = frozenset(ReportForm.base_fields)
