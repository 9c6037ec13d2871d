"""What goes within the week, what keeps it, and the rules with the decisions they rest on."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import headed_units
from hamn.register.staff.queries import unit_name
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, said

from ..actions import keeping as actions
from ..forms.keeping import ExpiryForm, KeepForm
from ..queries import keeping as queries
from ..queries.inbox import dialogue_for, reading_units
from ..rules.keeping import STOPS, checked
from ..rules.words import KEEP_REASONS

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import ExpiryRule
    from ..queries.keeping import Going


@permit("door.keep")
def keeping(request: HttpRequest) -> HttpResponse:
    """The dialogues whose content goes within the week, or would if nothing stopped it."""
    viewer, now = staff(request), timezone.now()
    today = timezone.localdate(now)
    found = listing(
        request,
        queries.coming(viewer, today),
        [Column("senast", _("Senast skrivet"), lambda row: row.active_on, "date", "active_on")],
        caption=_("Det som raderas inom en vecka"),
        default="senast",
    )
    rules = queries.coming_rules(viewer, today)
    return page(
        request,
        "door/keeping/coming.html",
        coming=found,
        going=[_shown(one) for one in queries.going(viewer, found.things, today, now)],
        reasons=KEEP_REASONS,
        without=[unit_name(unit) for unit in sorted(reading_units(viewer) - rules.keys())],
    )


@permit("door.keep")
def keep(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """One click: the content is needed still, and why."""
    by = staff(request)
    form = KeepForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return actions.keep(dialogue_id=dialogue_id, by=by, now=timezone.now(), **given)

    if form.sent(act):
        until = long_date(form.outcome.until)
        told = _("Innehållet är kvar till och med {day}.").format(day=until)
        return done(request, told, "door:keeping")
    dialogue_for(by, dialogue_id)
    return _form_page(request, form, _("Innehållet behövs fortfarande"), _("Behåll innehållet"))


@permit("door.keep")
def release(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The content is no longer needed, once confirmed."""
    by = staff(request)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.release(dialogue_id=dialogue_id, by=by)):
        return done(request, _("Innehållet raderas när dess dag kommer."), "door:keeping")
    dialogue_for(by, dialogue_id)
    return _form_page(
        request,
        form,
        _("Innehållet behövs inte längre"),
        _("Ta bort skälet"),
        lead=_("Då raderas innehållet när dagarna i enhetens regel har gått."),
    )


@permit("door.keep")
def expiry_rules(request: HttpRequest) -> HttpResponse:
    """The rules that the viewer's units have and have had."""
    viewer, today = staff(request), timezone.localdate()
    in_force = {rule.pk for rule in queries.rules_in_force(today).values()}
    return page(
        request,
        "door/keeping/rules.html",
        rules=table(
            list(queries.rules_for(viewer)),
            _rule_columns(viewer, in_force, today),
            caption=_("Regler för radering"),
        ),
        may_set=permits.allows(viewer, "door.set_expiry"),
    )


@permit("door.set_expiry")
def set_expiry(request: HttpRequest) -> HttpResponse:
    """The form for a unit's rule, what it leads to, and the rule."""
    by, today = staff(request), timezone.localdate()
    units = {unit: unit_name(unit) for unit in sorted(headed_units(by))}
    form = ExpiryForm.of(request, units=units)

    def foresee(given: dict[str, Any]) -> dict[str, object]:
        rule = checked(ExpiryForm.decision(given), today=today)
        count = queries.expiring_count(by, given["unit"], rule.days, rule.valid_from)
        return {"rule": rule, "count": count}

    return in_steps(
        request,
        form,
        "door/keeping/set_expiry.html",
        foresee=foresee,
        act=lambda given: actions.set_expiry(
            unit=given["unit"], decision=ExpiryForm.decision(given), by=by, today=today
        ),
        end=lambda _rule: done(request, _("Regeln är införd."), "door:expiry_rules"),
        back_url=reverse("door:expiry_rules"),
        heading=_("Inför en regel för radering"),
    )


@permit("door.set_expiry")
def end_expiry(request: HttpRequest, rule_id: int) -> HttpResponse:
    """A rule ended, once confirmed: from today on nothing is erased by it."""
    by = staff(request)
    rule = queries.rule_for(by, rule_id)
    form = ConfirmForm.of(request)

    def act(_given: dict[str, Any]) -> object:
        return actions.end_expiry(rule_id=rule_id, by=by, today=timezone.localdate())

    if form.sent(act):
        return done(request, _("Regeln gäller inte längre."), "door:expiry_rules")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Avsluta regeln"),
        lead=_("Från och med i dag raderas ingenting hos {unit} med stöd av {reference}.").format(
            unit=unit_name(rule.unit), reference=rule.decision_reference
        ),
        button=_("Avsluta regeln"),
        back_url=reverse("door:expiry_rules"),
    )


def _shown(one: "Going") -> dict[str, Any]:
    """A dialogue of the list as its row tells it. why: what stops it; reason: why it is kept."""
    return {
        "row": one.dialogue,
        "unit": unit_name(one.dialogue.unit),
        "goes_on": one.goes_on,
        "why": said(STOPS[one.stop]) if one.stop else "",
        "kept": one.kept,
        "reason": said(KEEP_REASONS[one.kept.reason]) if one.kept else "",
    }


def _form_page(
    request: HttpRequest, form: Any, heading: str, button: str, lead: str = ""
) -> HttpResponse:
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=heading,
        lead=lead,
        button=button,
        back_url=reverse("door:keeping"),
    )


def _rule_columns(viewer: "Person", in_force: set[int], today: date) -> list[Column]:
    heads = headed_units(viewer)

    def end(rule: "ExpiryRule") -> Link | None:
        is_over = rule.valid_until is not None and rule.valid_until < today
        if is_over or rule.unit not in heads:
            return None
        return Link(_("Avsluta"), reverse("door:end_expiry", args=[rule.pk]))

    return [
        Column("enhet", _("Enhet"), lambda rule: unit_name(rule.unit)),
        Column("lage", _("Läge"), lambda rule: _state(rule, in_force, today), "tag"),
        Column("dagar", _("Dagar"), lambda rule: rule.days, "integer"),
        Column("kod", _("Kodens dagar"), lambda rule: rule.channel_days, "integer"),
        Column("sjalv", _("Personen får radera"), _may),
        Column("beslut", _("Beslut"), _decision),
        Column("fran", _("Gäller från"), lambda rule: rule.valid_from, "date"),
        Column("till", _("Till"), lambda rule: rule.valid_until, "date"),
        Column("avsluta", _("Ändra"), end),
    ]


def _state(rule: "ExpiryRule", in_force: set[int], today: date) -> Tag:
    if rule.pk in in_force:
        return Tag(_("gäller"), "green")
    is_ahead = rule.valid_from > today and not (rule.valid_until and rule.valid_until < today)
    return Tag(_("kommer"), "blue") if is_ahead else Tag(_("gäller inte"))


def _may(rule: "ExpiryRule") -> str:
    return _("ja") if rule.person_may_erase else _("nej")


def _decision(rule: "ExpiryRule") -> str:
    return _("{reference}, {day} ({who})").format(
        reference=rule.decision_reference, day=rule.decision_on, who=rule.registered_by
    )
