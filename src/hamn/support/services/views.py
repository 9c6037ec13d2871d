"""The desk's pages for services: the catalogue, who is served, and who was pointed elsewhere."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui import once
from hamn.ui.confirm import STEP, in_steps
from hamn.ui.forms import HamnForm
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.words import NONE, long_date, said

from . import actions, queries, rules
from .forms import YES, AskForm, ServiceForm, TurnAwayForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .models import Service, TurnedAwayEvent


@permit("services.see")
def services(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    rows = queries.services(staff(request))
    return page(
        request, "services/list.html", found=table(rows, _columns(), caption=_("Verksamheter"))
    )


@permit("services.see")
def show(request: HttpRequest, service: str) -> HttpResponse:
    """One service: for whom, how, and what its documentation rests on."""
    person = staff(request)
    row = queries.service(service)
    return page(
        request,
        "services/show.html",
        row=row,
        facts=[{"key": {"text": key}, "value": {"text": text}} for key, text in _facts(row)],
        may_save=permits.allows(person, "services.save_service", row),
        may_count=permits.allows(person, "services.count_turned_away", row),
    )


@permit("services.see")
def entitlement(request: HttpRequest) -> HttpResponse:
    """Whether a person is served: asked in one form, answered above it; nothing is stored."""
    person = staff(request)
    form = AskForm.of(request, **_choices(request))
    found = (
        form.outcome if form.sent(lambda given: queries.entitlement_for(person, **given)) else None
    )
    once.give_back(request.POST.get(once.FIELD, ""))
    return page(
        request,
        "services/entitlement.html",
        form=form,
        found=found,
        result=_result(found.answer.result) if found else None,
        repeated=[(name, request.POST[name]) for name in _SENT if name in request.POST],
        may_turn_away=found is not None and _may_turn_away(request, found),
        begin=rules.BEGIN,
    )


@permit("services.turn_away")
def turn_away(request: HttpRequest) -> HttpResponse:
    """A turned-away event: written, shown without a name, confirmed."""
    person, today = staff(request), timezone.localdate()
    own = queries.own_services(person, on=today)
    return in_steps(
        request,
        _turn_away_form(request, own),
        "services/turn_away.html",
        foresee=lambda given: {
            "found": queries.foresee_turning_away(person, today=today, **_judged(given))
        },
        act=lambda given: actions.turn_away(
            today=today, by=person, **given | {"wants_help": given["wants_help"] == YES}
        ),
        end=lambda _made: done(
            request, _("Hänvisningen är registrerad, utan namn."), "services:entitlement"
        ),
        heading=_("Registrera en hänvisning"),
        back_url=reverse("services:entitlement"),
    )


@permit("services.count_turned_away")
def turned_away(request: HttpRequest, service: str) -> HttpResponse:
    """The service's turned-away events, for the unit's own staff."""
    person = staff(request)
    row = queries.service(service)
    found = listing(
        request,
        queries.events_of(person, row),
        _event_columns(),
        caption=_("Hänvisningar"),
        default="-happened_on",
    )
    year = timezone.localdate().year
    counts = queries.turned_away_counts(person, row, year=year)
    return page(
        request,
        "services/turned_away.html",
        row=row,
        found=found,
        year=year,
        counted=sum(one["sum"] for one in counts),
        wanted=sum(one["sum"] for one in counts if one["wants_help"]),
    )


@permit("services.take_back")
def take_back(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """A mistaken event taken back; both it and its reversal stay."""
    person = staff(request)
    event, row = queries.event(person, event_id)
    back_url = reverse("services:turned_away", args=[row.code])
    form = HamnForm.of(request)
    if form.sent(lambda _given: actions.take_back(event_id=event_id, by=person)):
        return done(request, _("Hänvisningen är tillbakatagen."), back_url)
    name = queries.municipality_names()[event.municipality]
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ta tillbaka hänvisningen"),
        lead=_("{service}, {day}, {municipality}.").format(
            service=row.title, day=long_date(event.happened_on), municipality=name
        ),
        warning=_("Den räknas inte längre. Att den togs tillbaka syns i spåret, utan kommun."),
        is_final=True,
        button=_("Ta tillbaka"),
        back_url=back_url,
    )


@permit("services.save_service")
def save_service(request: HttpRequest, service: str) -> HttpResponse:
    """What the head decides about a service."""
    person = staff(request)
    row = queries.service(service)
    permits.require(person, "services.save_service", row)
    form = ServiceForm.of(
        request, initial={name: getattr(row, name) for name in rules.HEADS_FIELDS}
    )
    if form.sent(
        lambda given: actions.save_service(
            code=service,
            seen=given.pop("seen"),
            fields=given,
            today=timezone.localdate(),
            by=person,
        )
    ):
        return done(request, _("Uppgifterna är sparade."), "services:show", service)
    form.show_again(queries.version(queries.service(service)))
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ändra {name}").format(name=row.title),
        lead=_("Det övriga står i centrets fil och läses in med hamn setup."),
        button=_("Spara"),
        back_url=reverse("services:show", args=[service]),
    )


_ASKED = tuple(AskForm.base_fields)
_SENT = (*(name for name in _ASKED if name != "on"), "on_ar", "on_manad", "on_dag")


def _choices(request: HttpRequest, own: "Sequence[Service] | None" = None) -> dict[str, Any]:
    """What the form about a person chooses from; the viewer's own service and today come first."""
    person, today = staff(request), timezone.localdate()
    hers = queries.own_services(person, on=today) if own is None else own
    return {
        "services": queries.services(person) if own is None else own,
        "municipalities": queries.municipality_names(),
        "initial": {
            "service_code": hers[0].code if len(hers) == 1 else "",
            "municipality": rules.UNKNOWN,
            "on": today,
        },
    }


def _turn_away_form(request: HttpRequest, own: "Sequence[Service]") -> TurnAwayForm:
    """The form as it was sent, or begun with what the answer was about."""
    more = _choices(request, own)
    if request.POST.get(STEP) != rules.BEGIN:
        return TurnAwayForm.of(request, **more)
    asked = AskForm(request.POST, **more)
    given = asked.cleaned_data if asked.is_valid() else {}
    form = TurnAwayForm(**more | {"initial": {**more["initial"], **given}})
    form.request = request
    return form


def _judged(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in _ASKED}


def _may_turn_away(request: HttpRequest, found: queries.Entitlement) -> bool:
    is_answer = found.answer.result is rules.Result.NOT_AFFILIATED
    return is_answer and permits.allows(staff(request), "services.turn_away", found.service)


def _result(result: rules.Result) -> Tag:
    served = result is not rules.Result.NOT_AFFILIATED
    return Tag(said(rules.RESULTS[result]), "green" if served else "yellow")


def _columns() -> list[Column]:
    return [
        Column("name", _("Verksamhet"), lambda row: Link(row.title, _url(row))),
        Column("ages", _("Ålder"), lambda row: _named(rules.AGE_GROUPS, row.age_groups)),
        Column("for", _("För"), _who),
        Column("phone", _("Telefon"), lambda row: row.phone),
        Column("hours", _("Tider"), lambda row: row.open_hours),
    ]


def _url(row: "Service") -> str:
    return reverse("services:show", args=[row.code])


def _who(row: "Service") -> str:
    if row.needs_affiliation:
        return _("invånare i anslutna kommuner, och den som inte säger sin hemkommun")
    return _("alla, oavsett hemkommun")


def _named(names: Mapping[str, str], codes: "Sequence[str]") -> str:
    return "; ".join(said(names[code]) for code in codes)


def _facts(row: "Service") -> list[tuple[str, str]]:
    decision = NONE
    if row.decision_on:
        decision = _("{reference}, {day}").format(
            reference=row.decision_reference, day=long_date(row.decision_on)
        )
    return [
        (_("Målgrupp"), "; ".join(row.target_group_names.values())),
        (_("Kontaktorsaker"), "; ".join(row.ground_names.values())),
        (_("Ålder"), _named(rules.AGE_GROUPS, row.age_groups)),
        (_("Kontaktvägar"), _named(rules.CHANNELS, row.channels)),
        (_("Former"), _named(rules.FORMS, row.forms)),
        (_("För vem"), _who(row)),
        (_("Kostnad"), _("kostnadsfritt (avtalet § 3, SoL 32:1)")),
        (_("Dokumentation"), said(rules.REGIMES[rules.Regime(row.regime)])),
        (_("Nämndens beslut"), decision),
        (_("Telefon"), row.phone or NONE),
        (_("Tider"), row.open_hours or NONE),
        (_("Finns från"), long_date(row.valid_from)),
        *([(_("Upphörde"), long_date(row.valid_until))] if row.valid_until else []),
    ]


def _event_columns() -> list[Column]:
    names = queries.municipality_names()
    return [
        Column("happened_on", _("Datum"), lambda row: row.happened_on, "date", "happened_on"),
        Column("municipality", _("Kommun"), lambda row: names[row.municipality]),
        Column("wants", _("Ville ha hjälp"), lambda row: _("ja") if row.wants_help else _("nej")),
        Column("pointed", _("Hänvisad till"), lambda row: _named(rules.POINTED_TO, row.pointed_to)),
        Column("act", _("Rätta"), _act),
    ]


def _act(row: "TurnedAwayEvent") -> Link:
    return Link(_("Ta tillbaka"), reverse("services:take_back", args=[row.pk]))
