"""Requests: the list with its days, registering, assessing, deciding, and the answer as a file."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import allows, permit, staff
from hamn.guards.access.queries import titles
from hamn.register.staff.queries import unit_name
from hamn.ui.exports import JSON, PDF, paper
from hamn.ui.forms import HamnForm, SeenForm
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import done, page
from hamn.ui.words import NONE, long_date, said

from .. import actions
from ..forms.requests import (
    AssessForm,
    DecideRequestForm,
    DocumentsForm,
    ExtractForm,
    OwnDataForm,
    name_of,
)
from ..queries.request_papers import reference_of
from ..queries.requests import requests_for, waiting_requests
from ..queries.walls import units_of
from ..rules.requests import (
    ASKED_AS,
    ASSESSED,
    DECIDED,
    DOCUMENTS,
    OUTCOMES,
    OWN_DATA,
    PROVISIONS,
    REQUEST_KINDS,
    REQUEST_STATES,
    WAITING,
    RequestContent,
    withholds,
)
from .drafts import kept

if TYPE_CHECKING:
    from ..models import Request
    from ..queries.requests import OpenRequest

_COLOURS = {"received": "yellow", "assessed": "blue", "decided": "green", "withdrawn": "grey"}
_TYPES = {"pdf": PDF, "json": JSON}


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of the case with the field in which it is judged."""

    piece: Any
    field: Any


@permit("cases.answer_request")
def requests(request: HttpRequest) -> HttpResponse:
    """Those that wait, with how long, and those that are answered."""
    person = staff(request)
    answered = requests_for(person).exclude(state__in=WAITING)
    return page(
        request,
        "cases/requests.html",
        waiting=listing(
            request,
            waiting_requests(person),
            [*_columns(), Column("vantat", _("Dagar sedan den kom"), _days, "integer")],
            caption=_("Begäran som väntar"),
            default="senast",
        ),
        answered=list(answered.order_by("-decided_on", "-received_on", "pk")[:25]),
    )


@permit("cases.answer_request")
def ask_own_data(request: HttpRequest) -> HttpResponse:
    """The form for a person's request for her own data."""
    form = OwnDataForm.of(request, **_for_new(request))
    return _registered(request, form, OWN_DATA, _("Begäran om egna uppgifter"))


@permit("cases.answer_request")
def ask_documents(request: HttpRequest) -> HttpResponse:
    """The form for a request for documents."""
    form = DocumentsForm.of(request, **_for_new(request))
    return _registered(request, form, DOCUMENTS, _("Begäran om handlingar"))


@permit("cases.answer_request")
def show_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request with what has been assessed and decided."""
    one = actions.read_request(request_id=request_id, by=staff(request), now=timezone.now())
    may_decide = not withholds(one.content) or allows(
        staff(request), "cases.decide_request", one.row
    )
    return page(
        request,
        "cases/request.html",
        one=one,
        rows=_rows(one),
        withheld=[
            (left.title or left.what, PROVISIONS[left.provision].text)
            for left in one.content.withheld
        ],
        is_waiting=one.row.state in WAITING,
        is_assessed=one.row.state == ASSESSED,
        is_decided=one.row.state == DECIDED,
        may_decide=may_decide,
        formats=["pdf", "json"] if one.row.kind == OWN_DATA else ["pdf"],
        reference=reference_of(one),
    )


@permit("cases.answer_request")
def assess_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The form for the assessment: piece by piece, or of the documents as a whole."""
    one = actions.read_request(request_id=request_id, by=staff(request), now=timezone.now())
    return (_assess_extract if one.row.kind == OWN_DATA else _assess_documents)(request, one)


@permit("cases.answer_request")
def decide_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What is decided, and the button that decides it."""
    return _confirmed(
        request,
        request_id,
        actions.decide_request,
        told=_("Begäran är beslutad. Svaret går att hämta."),
        heading=_("Besluta om begäran"),
        warning=_("Beslutet kan inte ändras efteråt. Lämna sedan ut svaret."),
        button=_("Besluta"),
    )


@permit("cases.answer_request")
def withdraw_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The button for a request that who asked takes back."""
    return _confirmed(
        request,
        request_id,
        actions.withdraw_request,
        told=_("Begäran är återtagen."),
        heading=_("Begäran återtas"),
        warning=_("Bara den som har begärt kan ta tillbaka. Det kan inte ångras."),
        button=_("Anteckna att den är återtagen"),
    )


@permit("cases.answer_request")
def request_file(request: HttpRequest, request_id: UUID, file_format: str) -> HttpResponse:
    """The answer as a file; its name tells nothing, and no cache keeps it."""
    made = actions.request_file(
        request_id=request_id, file_format=file_format, by=staff(request), now=timezone.now()
    )
    name = f"{str(request_id)[:8]}.{file_format}"
    return paper(made, name=name, media_type=_TYPES[file_format])


def _for_new(request: HttpRequest) -> dict[str, Any]:
    units = {code: unit_name(code) for code in sorted(units_of(staff(request)))}
    initial = {"received_on": timezone.localdate(), "asked_as": "person", "unit": next(iter(units))}
    return {"units": units, "initial": initial}


def _registered(request: HttpRequest, form: HamnForm, kind: str, heading: str) -> HttpResponse:
    def act(given: dict[str, Any]) -> object:
        about = {key: given.pop(key) for key in ("unit", "received_on")}
        number = given.pop("case_number", "")
        given["asked"] = given.pop("wanted")
        return actions.register_request(
            kind=kind,
            content=RequestContent(**given),
            case_number=number,
            by=staff(request),
            now=timezone.now(),
            **about,
        )

    draft = kept(request, form, unit=min(units_of(staff(request))))
    if draft.sent(act):
        told = _("Begäran är registrerad.")
        return done(request, told, reverse("cases:request", args=[form.outcome.row.pk]))
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=heading,
        button=_("Registrera"),
        back_url=reverse("cases:requests"),
    )


def _assess_extract(request: HttpRequest, one: "OpenRequest") -> HttpResponse:
    told: dict[str, Any] = {"request_id": one.row.pk, "by": staff(request), "now": timezone.now()}
    _one, _case, pieces = actions.read_for_extract(**told)
    form = ExtractForm.of(request, pieces=pieces)
    draft = kept(request, form, unit=one.row.unit, case_id=one.row.case_id)

    def act(given: dict[str, Any]) -> object:
        return actions.assess_extract(
            seen=given["seen"],
            verdicts=form.verdicts(given),
            assessment=given["assessment"],
            **told,
        )

    if draft.sent(act):
        return done(
            request, _("Prövningen är sparad."), reverse("cases:request", args=[one.row.pk])
        )
    if draft.saved_at is None:
        form.show_again(str(one.row.version))
    return page(
        request,
        "cases/assess_extract.html",
        form=form,
        rows=[Row(piece, form[name_of(piece.code)]) for piece in pieces],
        back_url=reverse("cases:request", args=[one.row.pk]),
    )


def _assess_documents(request: HttpRequest, one: "OpenRequest") -> HttpResponse:
    form = AssessForm.of(request)
    draft = kept(request, form, unit=one.row.unit, case_id=one.row.case_id)
    told: dict[str, Any] = {"request_id": one.row.pk, "by": staff(request), "now": timezone.now()}
    if draft.sent(lambda given: actions.assess_documents(**given, **told)):
        return done(
            request, _("Prövningen är sparad."), reverse("cases:request", args=[one.row.pk])
        )
    if draft.saved_at is None:
        form.show_again(str(one.row.version))
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Pröva begäran"),
        about=one.content.asked,
        button=_("Spara prövningen"),
        back_url=reverse("cases:request", args=[one.row.pk]),
    )


def _confirmed(
    request: HttpRequest, request_id: UUID, act: Any, *, told: str, **words: Any
) -> HttpResponse:
    who: dict[str, Any] = {"request_id": request_id, "by": staff(request), "now": timezone.now()}
    form: SeenForm = DecideRequestForm.of(request)
    back_url = reverse("cases:request", args=[request_id])
    if form.sent(lambda given: partial(act, **given)(**who)):
        return done(request, told, back_url)
    one = actions.read_request(**who)
    form.show_again(str(one.row.version))
    outcome = OUTCOMES.get(one.content.outcome)
    return page(
        request,
        "cases/form.html",
        form=form,
        about=said(outcome) if outcome else "",
        is_final=True,
        back_url=back_url,
        **words,
    )


def _rows(one: "OpenRequest") -> list[tuple[str, str]]:
    """Name and text of everything the request says."""
    says, row = one.content, one.row
    ids = {pk for pk in (says.assessed_by, row.decided_by_id, row.registered_by_id) if pk}
    people = {pk: titles([f"access.person:{pk}"]).get(f"access.person:{pk}", NONE) for pk in ids}
    told = [
        (_("Enhet"), unit_name(row.unit)),
        (_("Ärende"), says.number),
        (_("Kom in"), long_date(row.received_on)),
        (_("Svar senast"), long_date(row.due_on)),
        (_("Vad som begärs"), says.asked),
        (
            _("Vem som ber"),
            says.asked_by if row.kind == DOCUMENTS else said(ASKED_AS[says.asked_as]),
        ),
        (_("Hur personen är känd"), says.identified),
        (_("Dit svaret ska"), says.answer_to),
        (_("Registrerad av"), people.get(row.registered_by_id, "")),
        (_("Bedömning"), says.assessment),
        (_("Prövad av"), people.get(says.assessed_by or 0, "")),
        (_("Prövad"), long_date(says.assessed_on) if says.assessed_on else ""),
        (_("Utfall"), said(OUTCOMES[says.outcome]) if says.outcome else ""),
        (_("Förbehåll"), says.conditions),
        (_("Beslutad av"), people.get(row.decided_by_id or 0, "")),
        (_("Beslutad"), long_date(row.decided_on) if row.decided_on else ""),
    ]
    return [(name, text) for name, text in told if text]


def _columns() -> list[Column]:
    today = timezone.localdate()
    return [
        Column("senast", _("Svar senast"), lambda row: _due(row, today), "tag", sort="due_on"),
        Column("slag", _("Gäller"), lambda row: said(REQUEST_KINDS[row.kind])),
        Column("enhet", _("Enhet"), lambda row: unit_name(row.unit)),
        Column(
            "lage",
            _("Läge"),
            lambda row: Tag(said(REQUEST_STATES[row.state]), _COLOURS[row.state]),
            "tag",
        ),
        Column("kom", _("Kom in"), _link),
    ]


def _link(row: "Request") -> Link:
    return Link(long_date(row.received_on), reverse("cases:request", args=[row.pk]))


def _due(row: "Request", today: Any) -> Tag | str:
    if row.due_on >= today:
        return str(row.due_on)
    return Tag(_("{what}, försenat").format(what=row.due_on), "red")


def _days(row: "Request") -> int:
    return (timezone.localdate() - row.received_on).days
