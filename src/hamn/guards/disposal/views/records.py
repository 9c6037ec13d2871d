"""One record: kept for a while, or let go again."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page

from .. import actions, queries, rules
from ..forms import ExcludeForm
from ..rules import Reason
from . import told
from .lists import reason_name


@permit("disposal.exclude")
def exclude_item(request: HttpRequest, list_id: int, item_id: int) -> HttpResponse:
    """Needed still: one click on the list, or a reason and another day here."""
    viewer, today = staff(request), timezone.localdate()
    row = queries.list_of(viewer, list_id)
    item = queries.item_of(viewer, row, item_id)
    back = reverse("disposal:show_list", args=[row.pk])
    last = rules.held_until(item.due_on)
    form = ExcludeForm.of(request, initial={"until": last if last > today else None})
    if form.sent(
        lambda given: actions.exclude_item(
            list_id=row.pk, item_id=item.pk, today=today, by=viewer, **given
        )
    ):
        return done(request, _("Uppgiften är undantagen och gallras inte nu."), back)
    return page(
        request,
        "disposal/confirm.html",
        form=form,
        heading=_("Behövs än: undanta en uppgift"),
        lead=_("Skälet och dagen står kvar tills undantaget tas bort. Skriv inget om personen."),
        rows=[
            told.line(_("Slag"), told.kind_name(item.kind)),
            told.line(_("Mogen från"), item.due_on.isoformat()),
            told.line(_("Klart senast"), rules.done_by(item.due_on).isoformat()),
        ],
        button=_("Undanta uppgiften"),
        back_url=back,
    )


@permit("disposal.hold")
def lift_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """A hold is taken away; the record follows the ordinary rule again."""
    viewer, today = staff(request), timezone.localdate()
    row = queries.holds_for(viewer, today).filter(pk=hold_id).first()
    if row is None:
        raise NotVisible(marked("Undantaget finns inte längre. Gå till sidan Gallring."))
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.lift_hold(hold_id=hold_id, by=viewer)):
        return done(request, _("Undantaget är borttaget."), "disposal:start")
    return page(
        request,
        "disposal/confirm.html",
        form=form,
        heading=_("Ta bort ett undantag"),
        lead=_("Uppgiften kommer med på nästa gallringslista om den är mogen."),
        rows=[
            told.line(_("Enhet"), told.unit_name(row.unit)),
            told.line(_("Skäl"), reason_name(Reason(row.reason))),
            told.line(_("Till och med"), row.until.isoformat()),
        ],
        button=_("Ta bort undantaget"),
        back_url=reverse("disposal:start"),
    )
