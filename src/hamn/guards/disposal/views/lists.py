"""A list on screen: taken out, read, approved by another person, run, or put away."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.rules import every_unit
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, listing, table
from hamn.ui.pages import done, hindered, is_fragment, page
from hamn.ui.words import moment, refusal_sentences, said

from .. import actions, queries, rules
from ..actions.plan import Unit
from ..forms import ApproveForm, PlanForm
from ..models import DisposalItem, DisposalList
from ..rules import REASON_NAMES, ListState, Reason
from . import told

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

START = "disposal:start"


@permit("disposal.plan")
def plan_list(request: HttpRequest, unit: str) -> HttpResponse:
    """The day up to which what is due is taken out; a list that another person approves."""
    viewer, today = staff(request), timezone.localdate()
    if unit not in every_unit() or not permits.allows(viewer, "disposal.plan", Unit(unit)):
        raise NotVisible(marked("Enheten finns inte bland dina. Gå till sidan Gallring."))
    form = PlanForm.of(request, initial={"on": today})
    if form.sent(lambda given: actions.plan_list(unit=unit, today=today, by=viewer, **given)):
        news = _("Listan är framtagen. En annan person granskar och godkänner den.")
        return done(request, news, "disposal:show_list", form.outcome.pk)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ta fram en gallringslista: {unit}").format(unit=told.unit_name(unit)),
        lead=_("Ingenting gallras än. Någon annan än du granskar listan och godkänner den."),
        button=_("Ta fram listan"),
        back_url=reverse(START),
    )


@permit("disposal.see")
def show_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list as it stands: its records, who has done what, its progress, its certificate."""
    viewer = staff(request)
    row = queries.list_of(viewer, list_id)
    is_at_work = row.state == ListState.RUNNING
    if is_fragment(request):
        response = page(request, "ui/progress.html", **_progress(row))
        if not is_at_work:
            response.headers["HX-Refresh"] = "true"
        return response
    return page(
        request,
        "disposal/list.html",
        row=row,
        heading=told.heading_of(row),
        state=told.tag_of(row),
        rows=told.about(row),
        parts=_parts(viewer, row),
        is_at_work=is_at_work,
        progress=_progress(row) if is_at_work else None,
        fault=_fault(row),
        certificate=getattr(row, "certificate", None),
        items=_items(request, viewer, row),
        reasons=[(reason.value, said(name)) for reason, name in REASON_NAMES.items()],
        **_may(viewer, row),
    )


@permit("disposal.approve")
def approve_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """What would be destroyed, and the button by which another person lets it be."""
    viewer, today = staff(request), timezone.localdate()
    row = queries.list_of(viewer, list_id)
    permits.require(viewer, "disposal.approve", row)
    back = reverse("disposal:show_list", args=[row.pk])
    if closed := hindered(request, lambda: _check_approvable(row, viewer), back_url=back):
        return closed
    form = ApproveForm.of(request)
    if form.sent(
        lambda given: actions.approve_list(
            list_id=row.pk, seen=given["seen"], today=today, by=viewer
        )
    ):
        return done(request, _("Listan är godkänd. Starta gallringen när ni är klara."), back)
    form.show_again(queries.list_of(viewer, list_id).fingerprint)
    return page(
        request,
        "disposal/approve.html",
        form=form,
        heading=_("Godkänn gallringslista {number}").format(number=row.pk),
        rows=told.about(row),
        parts=_parts(viewer, row),
        warning=_(
            "Uppgifterna förstörs för alltid, också i äldre säkerhetskopior. Det går inte att "
            "ångra."
        ),
        button=_("Godkänn gallringen"),
        is_final=True,
        back_url=back,
    )


@permit("disposal.run")
def start_run(request: HttpRequest, list_id: int) -> HttpResponse:
    """An approved list is put to work."""
    viewer = staff(request)
    row = queries.list_of(viewer, list_id)
    permits.require(viewer, "disposal.run", row)
    back = reverse("disposal:show_list", args=[row.pk])
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.start_run(list_id=row.pk, by=viewer)):
        return done(request, _("Gallringen är startad."), back)
    return page(
        request,
        "disposal/confirm.html",
        form=form,
        heading=_("Starta gallring enligt lista {number}").format(number=row.pk),
        lead=_("Uppgifterna förstörs, sedan byts enhetens nyckel och den gamla förstörs."),
        rows=told.about(row),
        warning=_("Det går inte att ångra eller avbryta."),
        button=_("Starta gallringen"),
        is_final=True,
        back_url=back,
    )


@permit("disposal.withdraw")
def withdraw_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list is put away; nothing is destroyed."""
    viewer = staff(request)
    row = queries.list_of(viewer, list_id)
    permits.require(viewer, "disposal.withdraw", row)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.withdraw_list(list_id=row.pk, by=viewer)):
        return done(request, _("Listan är tillbakadragen. Ingenting är gallrat."), START)
    return page(
        request,
        "disposal/confirm.html",
        form=form,
        heading=_("Dra tillbaka gallringslista {number}").format(number=row.pk),
        lead=_("Ingenting gallras. Det som undantagits förblir undantaget."),
        rows=told.about(row),
        button=_("Dra tillbaka listan"),
        back_url=reverse("disposal:show_list", args=[row.pk]),
    )


def _check_approvable(row: DisposalList, viewer: "Person") -> None:
    rules.check_move(ListState(row.state), ListState.APPROVED)
    rules.check_other_person(row.made_by_id, viewer.pk)
    rules.check_something(row.planned)


def _parts(viewer: "Person", row: DisposalList) -> Any:
    """What is on the list, by kind and rule, with the last lawful day."""
    columns = [
        Column("kind", _("Slag"), lambda one: told.kind_name(one.kind)),
        Column("rule", _("Regel"), lambda one: told.rule_name(one.rule_class)),
        Column("count", _("Antal"), lambda one: one.records, "integer"),
        Column("due", _("Mogen från"), lambda one: one.first_due_on, "date"),
        Column("done", _("Klart senast"), lambda one: rules.done_by(one.first_due_on), "date"),
        Column("reason", _("Undantag"), lambda one: reason_name(one.reason)),
    ]
    return table(queries.breakdown(viewer, row), columns, caption=_("Vad som står i listan"))


def _items(request: HttpRequest, viewer: "Person", row: DisposalList) -> Any:
    """The records one by one, for those who belong to the unit and while they can be kept."""
    if row.state not in rules.OPEN or not queries.may_see_items(viewer, row):
        return None
    may_exclude = row.state != ListState.RUNNING
    columns = [Column("due", _("Mogen från"), lambda item: item.due_on, "date", sort="due_on")]
    found = listing(
        request,
        queries.items_of(viewer, row),
        columns,
        caption=_("Uppgifterna i listan"),
        default="due",
    )
    found.things = [_item(item, may_exclude=may_exclude) for item in found.things]
    return found


def _item(item: DisposalItem, *, may_exclude: bool) -> dict[str, Any]:
    return {
        "item": item,
        "kind": told.kind_name(item.kind),
        "rule": told.rule_name(item.rule_class),
        "url": rules.address_of(item.kind, item.thing),
        "done_by": rules.done_by(item.due_on),
        "reason": reason_name(item.reason),
        "until": rules.held_until(item.due_on),
        # Past that day only a legal reason keeps it, until a day that is chosen.
        "is_late": rules.held_until(item.due_on) <= timezone.localdate(),
        "may_exclude": may_exclude and not item.is_excluded,
    }


def reason_name(code: str) -> str:
    """Why a record is kept, in words; empty for one that is not."""
    return said(rules.REASON_NAMES[Reason(code)]) if code else ""


def _may(viewer: "Person", row: DisposalList) -> dict[str, Any]:
    """What this person can do with the list, and why she cannot approve it."""
    state = ListState(row.state)
    approves = permits.allows(viewer, "disposal.approve", row)
    is_own = row.made_by_id == viewer.pk
    why_not = ""
    if state is ListState.PLANNED and (is_own or not approves):
        why_not = _(
            "Listan väntar på att en annan person godkänner den: enhetens chef, eller en "
            "annan enhets chef om det är hon som tog fram den."
        )
    return {
        "may_approve": state is ListState.PLANNED and approves and not is_own,
        "may_withdraw": ListState.WITHDRAWN in rules.LIST_MOVES[state]
        and permits.allows(viewer, "disposal.withdraw", row),
        "may_run": state is ListState.APPROVED and permits.allows(viewer, "disposal.run", row),
        "why_not": why_not,
    }


def _progress(row: DisposalList) -> dict[str, Any]:
    return {
        "url": reverse("disposal:show_list", args=[row.pk]),
        "is_done": row.state != ListState.RUNNING,
        "value": row.destroyed + row.moved,
        "most": max(row.planned, 1),
        "text": _how_far(row),
    }


def _how_far(row: DisposalList) -> str:
    if queries.is_silent(row):
        return _(
            "Gallringen har inte hörts av sedan {moment}. Den fortsätter när arbetsprocessen är "
            "igång igen; inget går förlorat. Be systemadministratören om hjälp."
        ).format(moment=moment(row.progressed_at or row.started_at))
    if row.destroyed + row.moved >= row.planned:
        return _("Uppgifterna är förstörda. Nu byts nycklarna, så att äldre kopior inte öppnas.")
    return _("{done} av {all} är klara.").format(done=row.destroyed + row.moved, all=row.planned)


def _fault(row: DisposalList) -> list[str]:
    refusal = queries.fault_of(row)
    return refusal_sentences(refusal) if refusal else []
