"""Notes: a form each, two workers at once, and the lock."""

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import titles
from hamn.ui.pages import done, page

from .. import actions
from ..forms.notes import AdditionForm, FinaliseForm, NoteForm, ObjectionForm
from ..queries import walls
from ..queries.notes import record_of
from ..rules.kinds import FINAL
from .drafts import kept
from .frame import back_to, opened_for
from .writing import form_page, is_changed, place_for, who, written

if TYPE_CHECKING:
    from hamn.ui.forms import SeenForm

    from ..models import Case
    from ..queries.opened import OpenRecord

BOTH, ADDITION = "bada", "tillagg"  # values of the button that saves in another way
STEP = "steg"


@permit("cases.write")
def write_note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a new working note."""
    case = place_for(request, case_id)
    form = NoteForm.of(request, initial={"on": timezone.localdate()})
    words = {
        "heading": _("Ny anteckning"),
        "lead": _("En arbetsanteckning kan ändras tills den upprättas."),
    }
    return written(
        request,
        case,
        form,
        actions.write_note,
        told=_("Anteckningen är sparad som arbetsanteckning."),
        **words,
    )


@permit("cases.write")
def add_to_note(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for an addition to a note that is drawn up."""
    case = place_for(request, case_id)
    form = AdditionForm.of(request, initial={"on": timezone.localdate()})
    draft = kept(request, form, unit=case.unit, case_id=case.pk)
    act = partial(actions.add_to_note, record_id=record_id, **who(request, case))
    if draft.sent(lambda given: act(**given)):
        return done(request, _("Tillägget är sparat."), back_to(case))
    note = record_of(opened_for(request, case_id, "add_to_note"), record_id, "note")
    return form_page(
        request,
        case,
        form,
        heading=_("Tillägg till en anteckning"),
        lead=_("Anteckningen är upprättad och ändras inte. Tillägget står under den."),
        note=_shown(note),
    )


@permit("cases.write")
def note_objection(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for what the person holds to be wrong."""
    return written(
        request,
        place_for(request, case_id),
        ObjectionForm.of(request, initial={"on": timezone.localdate()}),
        actions.note_objection,
        told=_("Invändningen är antecknad."),
        heading=_("Personens invändning"),
        lead=_(
            "Anser personen att en uppgift är fel ska det antecknas (14 kap. 6 § "
            "socialtjänstlagen). Invändningen kan inte ändras efteråt."
        ),
    )


@permit("cases.write")
def finalise_note(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The note as it stands, and the button that locks it for good; also in a closed case."""
    case = _case(request, case_id)
    form = FinaliseForm.of(request)
    act = partial(actions.finalise_note, record_id=record_id, **who(request, case))
    if form.sent(lambda given: act(**given)):
        return done(request, _("Anteckningen är upprättad."), back_to(case))
    note = record_of(opened_for(request, case_id, "finalise_note"), record_id, "note")
    form.show_again(str(note.record.version))
    if note.record.state == FINAL and not form.is_bound:
        return done(request, _("Anteckningen är redan upprättad."), back_to(case))
    return page(
        request,
        "cases/form.html",
        form=form,
        note=_shown(note),
        heading=_("Upprätta anteckningen"),
        lead=_("Läs igenom den en sista gång."),
        warning=_("Det kan inte ångras. Sedan kan den inte ändras, bara få tillägg."),
        button=_("Upprätta"),
        is_final=True,
        back_url=back_to(case),
    )


@permit("cases.write")
def remove_note(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The note as it stands, and the button that takes it away; also in a closed case."""
    case = _case(request, case_id)
    form = FinaliseForm.of(request)
    act = partial(actions.remove_note, record_id=record_id, **who(request, case))
    if form.sent(lambda given: act(**given)):
        return done(request, _("Arbetsanteckningen är borttagen."), back_to(case))
    note = record_of(opened_for(request, case_id, "remove_note"), record_id, "note")
    form.show_again(str(note.record.version))
    return page(
        request,
        "cases/form.html",
        form=form,
        note=_shown(note),
        heading=_("Ta bort arbetsanteckningen"),
        lead=_(
            "Bara det som du själv har skrivit och som inte är upprättat tas bort. Det som rör "
            "personen och har betydelse för ärendet ska stå kvar och upprättas."
        ),
        warning=_("Den försvinner och kan inte fås tillbaka. Att den fanns syns i loggen."),
        button=_("Ta bort"),
        is_final=True,
        back_url=back_to(case),
    )


@permit("cases.write")
def change_note(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a working note; what a colleague saved meanwhile stands beside one's own."""
    case = place_for(request, case_id)
    form = NoteForm.of(request)
    draft = kept(request, form, unit=case.unit, case_id=case.pk)
    if draft.sent(partial(_change, request, case, record_id)):
        return done(request, _("Anteckningen är sparad."), back_to(case))
    note = record_of(opened_for(request, case_id, "change_note"), record_id, "note")
    if draft.saved_at is None:
        if note.record.state == FINAL and not form.is_bound:
            return HttpResponseRedirect(reverse("cases:add_to_note", args=[case_id, record_id]))
        form.initial.update(_shown(note))
        form.show_again(str(note.record.version))
    meanwhile = _meanwhile(form, note)
    return form_page(
        request,
        case,
        form,
        heading=_("Ändra anteckningen"),
        meanwhile=meanwhile,
        button=_("Spara min text i stället") if meanwhile else _("Spara"),
    )


def _case(request: HttpRequest, case_id: UUID) -> "Case":
    """The case's row, open or closed; nothing of it is opened. Raises as `place_for`."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    walls.check_not_only_shared(case)
    return case


def _change(request: HttpRequest, case: "Case", record_id: UUID, given: dict[str, Any]) -> object:
    """The change as the pressed button means it; her text as an addition when it is too late."""
    step = request.POST.get(STEP, "")
    act = {"record_id": record_id, **who(request, case)}
    if step == ADDITION:
        return actions.add_to_note(text=given["text"], on=given["on"], **act)
    return actions.change_note(keeps_both=step == BOTH, **given, **act)


def _shown(note: "OpenRecord") -> dict[str, Any]:
    return {"on": note.record.on, "title": note.content.title, "text": note.content.text}


def _meanwhile(form: "SeenForm", note: "OpenRecord") -> dict[str, Any] | None:
    """What stands now, when it is not what her page showed; and how both texts can be kept."""
    is_final = note.record.state == FINAL
    if not is_final and not is_changed(form):
        return None
    content = note.content
    person = f"access.person:{content.by}"
    shared = {
        "by": titles({person}).get(person, ""),
        "at": content.at,
        "title": content.title,
        "text": content.text,
        "own_title": form["title"].value(),
        "own": form["text"].value(),
    }
    return shared | (_too_late() if is_final else _saved_meanwhile())


def _saved_meanwhile() -> dict[str, str]:
    return {
        "heading": _("Någon annan har sparat medan du skrev"),
        "what_next": _(
            "Din text står kvar i formuläret. Sparar du den i stället behålls den andras som en "
            "tidigare lydelse under anteckningen."
        ),
        "other_way": BOTH,
        "other_button": _("Spara båda, min text sist"),
    }


def _too_late() -> dict[str, str]:
    return {
        "heading": _("Anteckningen är upprättad och kan inte ändras"),
        "what_next": _("Din text står kvar i formuläret och kan sparas som ett tillägg."),
        "other_way": ADDITION,
        "other_button": _("Spara min text som tillägg"),
    }
