"""How much the person is known, protected identity, and contact details in a box of their own."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page

from .. import actions
from ..forms.details import ContactDetailsForm, IdentityForm, ProtectionForm
from ..queries import walls
from ..rules.details import Details, check_may_keep
from ..rules.identity import written_number
from .details import content_form
from .frame import back_to, opened_for
from .safe_words import safe_text
from .writing import form_page, place_for, stored_meanwhile, who


@permit("cases.write")
def choose_identity(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for how much the person wants to be known."""
    case = place_for(request, case_id)
    content = opened_for(request, case_id, "identity").content
    return content_form(
        request,
        case,
        IdentityForm.of(request, is_protected=content.is_protected),
        lambda number="", **given: actions.choose_identity(
            number=number, **given, **who(request, case)
        ),
        initial=lambda content: {
            "level": content.identity_level,
            "called": content.called,
            "number": written_number(content.personal_number),
        },
        told=_("Personens val är sparat."),
        heading=_("Vad personen vill vara känd som"),
        lead=_(
            "Valet är personens. Kontaktuppgifter och det som står i fri text ändras inte av det; "
            "kontaktuppgifterna raderas för sig."
        ),
    )


@permit("cases.write")
def protect_identity(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The tick for protected identity, with what it erases."""
    case = place_for(request, case_id)
    return content_form(
        request,
        case,
        ProtectionForm.of(request),
        lambda **given: actions.protect_identity(**given, **who(request, case)),
        initial=lambda content: {"is_protected": content.is_protected},
        told=_("Det är sparat."),
        heading=_("Skyddade personuppgifter"),
        warning=_(
            "Med skydd raderas personnummer, kontaktuppgifter och det som personen har lämnat i "
            "dialoger för att nås, och inga sådana sparas eller skrivs ut. Det kan inte ångras."
        ),
    )


@permit("cases.write")
def contact_details(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """How the person may be reached, and the form that changes it; that it is read is logged."""
    case = place_for(request, case_id)
    form = ContactDetailsForm.of(request)
    if form.sent(
        lambda given: actions.keep_details(
            seen=given.pop("seen"), details=Details(**given), **who(request, case)
        )
    ):
        return done(request, _("Kontaktuppgifterna är sparade."), back_to(case, "details"))
    opened, kept, version = actions.read_details(
        case_id=case_id, by=staff(request), now=timezone.now()
    )
    check_may_keep(opened.content)
    stands = asdict(kept or Details())
    form.initial = {**form.initial, **stands}
    form.show_again(str(version))
    return form_page(
        request,
        case,
        form,
        section="details",
        stored=stored_meanwhile(form, stands),
        about=safe_text(opened.content),
        heading=_("Kontaktuppgifter"),
        lead=_(
            "Frivilliga, och bara det som behövs. De är förseglade för sig, delas inte med andra "
            "enheter och kan raderas för sig. Att du läser dem syns i loggen."
        ),
    )


@permit("cases.write")
def erase_details(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One button that erases the contact details for good; also in a closed case."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.erase_details(**who(request, case))):
        return done(request, _("Kontaktuppgifterna är raderade."), back_to(case, "details"))
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Radera kontaktuppgifterna"),
        lead=_("Telefon, e-post och adress raderas med sin nyckel. Ärendet är kvar."),
        warning=_("Det kan inte ångras."),
        button=_("Radera"),
        is_final=True,
        back_url=back_to(case, "details"),
    )
