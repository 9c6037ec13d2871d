"""Who answers for a dialogue; a sender blocked; a person called back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.guards.access.permits import permit, staff
from hamn.support.cases.rules.safe_contact import DAYS, SafeContact, UnsafeContact, may_contact
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, hindered, page
from hamn.ui.words import said

from ...actions import inbox as actions
from ...forms.inbox import AssignForm, BlockForm, CalledForm
from ...queries import inbox
from ...queries.bounds import bounds
from ...rules.inbox import MORE_THAN_THE_CALL, check_open
from ...rules.notices import hours_of

FORM = "ui/form_page.html"


@permit("door.assign")
@require_POST
def take_dialogue(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The dialogue is hers."""
    person = staff(request)
    actions.assign_dialogue(dialogue_id=dialogue_id, person_id=person.pk, by=person)
    return done(request, _("Du är nu ansvarig för dialogen."), "door:dialogue", dialogue_id)


@permit("door.assign")
def assign_dialogue(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form for who answers for it."""
    person = staff(request)
    row = inbox.dialogue_for(person, dialogue_id)
    people = {pk: one.person.title for pk, one in inbox.candidates(person, row.unit).items()}
    form = AssignForm.of(request, people=people, initial={"person_id": row.assigned_to_id or ""})

    def assign(given: dict[str, Any]) -> object:
        return actions.assign_dialogue(dialogue_id=dialogue_id, by=person, **given)

    if form.sent(assign):
        return done(request, _("Det är sparat."), "door:dialogue", dialogue_id)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Vem ansvarar för dialogen?"),
        lead=_("Alla i enheten kan läsa och svara. Den som är ansvarig ser till att det görs."),
        button=_("Spara"),
        back_url=reverse("door:dialogue", args=[dialogue_id]),
    )


@permit("door.block")
def block_dialogue(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """Why the sender is blocked, and the button."""
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    row = inbox.dialogue_for(person, dialogue_id)
    if hindrance := hindered(request, lambda: check_open(row.state), back_url=back_url):
        return hindrance
    form = BlockForm.of(request)

    def block(given: dict[str, Any]) -> object:
        return actions.block_dialogue(
            dialogue_id=dialogue_id, by=person, now=timezone.now(), **given
        )

    if form.sent(block):
        return done(request, _("Avsändaren är spärrad."), back_url)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Spärra avsändaren"),
        lead=_(
            "Koden ger samma svar som en kod som inte finns. Det som är skrivet står kvar hos er, "
            "och spärren kan hävas. Handlar det om fara för någon: svara, eller ring 112."
        ),
        button=_("Spärra"),
        is_final=True,
        back_url=back_url,
    )


@permit("door.block")
def unblock_dialogue(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The button that lets the person in again."""
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    inbox.dialogue_for(person, dialogue_id)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.unblock_dialogue(dialogue_id=dialogue_id, by=person)):
        return done(request, _("Spärren är hävd."), back_url)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Häv spärren"),
        lead=_("Personens kod fungerar igen, och personen kan läsa och skriva."),
        button=_("Häv spärren"),
        back_url=back_url,
    )


@permit("door.write")
def number(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The number to call, when, and the button that says that it was done.

    Where the dialogue's case forbids it, a sentence instead of the number.
    """
    person, now = staff(request), timezone.now()
    row = inbox.dialogue_for(person, dialogue_id)
    form = CalledForm(initial={"was_answer": True})
    form.show_last(inbox.last_place(row))
    if row.waits_since is None:
        del form.fields["was_answer"]
    told: dict[str, Any] = {
        "dialogue": row,
        "form": form,
        "back_url": reverse("door:dialogue", args=[dialogue_id]),
    }
    try:
        _opened, reach = actions.read_number(dialogue_id=dialogue_id, by=person, now=now)
    except UnsafeContact as refusal:
        return page(request, "door/inbox/number.html", hindrance=str(refusal), **told)
    own, case = hours_of(reach), bounds(row)
    safe = may_contact(own, "phone", now)
    return page(
        request,
        "door/inbox/number.html",
        address=reach.address,
        hours=_hours(own) or [_("när som helst")],
        hours_of_case=_hours(case.safe) if case else [],
        is_safe_now=safe.allowed,
        safe_from=safe.next_at,
        **told,
    )


@permit("door.write")
@require_POST
def called_back(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The person was called."""
    form = CalledForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    row = actions.mark_called_back(
        dialogue_id=dialogue_id, by=staff(request), now=timezone.now(), **given
    )
    if given.get("was_answer") and row.waits_since is not None:
        return done(request, said(MORE_THAN_THE_CALL), "door:dialogue", dialogue_id)
    told = _("Det är antecknat. Numret visas inte längre.")
    return done(request, told, "door:dialogue", dialogue_id)


def _hours(safe: SafeContact) -> list[str]:
    """When it is safe to call, in words; nothing where it always is."""
    told = []
    if safe.since is not None and safe.until is not None:
        told.append(
            _("mellan kl. {since} och kl. {until}").format(since=safe.since, until=safe.until)
        )
    if safe.days:
        told.append(", ".join(said(DAYS[str(day)]) for day in safe.days))
    return told
