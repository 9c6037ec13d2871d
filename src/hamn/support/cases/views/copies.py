"""The person's printed copy: chosen, shown as it will be, printed."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui import once
from hamn.ui.exports import paper
from hamn.ui.pages import page

from .. import actions
from ..forms.copies import CopyForm

if TYPE_CHECKING:
    from ..queries.copies import Piece

STEP, PRINT, MEND = "steg", "skriv-ut", "andra"


@permit("cases.see")
def case_copy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form, then what the paper will say, then the paper."""
    sent = request.POST.getlist("chosen")
    told: dict[str, Any] = {
        "case_id": case_id,
        "chosen": sent,
        "by": staff(request),
        "now": timezone.now(),
    }
    opened, pieces, copy = actions.read_for_copy(**told)
    codes = [one.code for one in pieces if one.kind != "decision"]
    form = CopyForm.of(
        request, pieces=[(one.code, _named(one)) for one in pieces], initial={"chosen": codes}
    )
    # Nothing is stored: the same form may be sent again.
    once.give_back(request.POST.get(once.FIELD, ""))
    back_url = reverse("cases:show", args=[opened.case.pk])
    step = request.POST.get(STEP, "")
    if step == PRINT and form.sent(lambda _given: actions.print_copy(**told)):
        return paper(form.outcome, name=f"{str(case_id)[:8]}-kopia.pdf")
    if step != MEND and form.is_bound and form.is_valid():
        return page(
            request,
            "cases/copy_preview.html",
            copy=copy,
            chosen=form.cleaned_data["chosen"],
            is_protected=opened.content.is_protected,
            back_url=reverse("cases:case_copy", args=[case_id]),
        )
    return page(
        request,
        "cases/form.html" if pieces else "cases/copy_empty.html",
        form=form,
        heading=_("Kopia till personen"),
        lead=_("Välj vad som ska med. Du ser kopian innan den skrivs ut."),
        warning=_(
            "Läs igenom det du väljer: uppgifter om någon annan person får inte följa med utan "
            "prövning."
        ),
        button=_("Visa kopian"),
        back_url=back_url,
    )


def _named(one: "Piece") -> str:
    match one.kind:
        case "plan":
            return _("Planen: mål och vad som ska göras")
        case "contacts":
            return _("Mötena: dag, hur och med vem")
    names = {
        "note": _("Anteckning {on} {title}"),
        "objection": _("Invändning {on} {title}"),
        "decision": _("Beslut {on} {title}"),
    }
    return names[one.kind].format(on=one.on, title=one.title).strip()
