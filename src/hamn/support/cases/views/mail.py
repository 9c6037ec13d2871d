"""E-mail taken in by hand, its sender's address, and how an answer is offered."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.guards.access.permits import permit, staff
from hamn.support.services import queries as services
from hamn.ui.pages import done, hindered, page
from hamn.ui.words import said

from .. import actions
from ..forms.contacts import AnswerOfferForm
from ..forms.mail import MailForm
from ..rules.access import FORM
from ..rules.mail import ANSWERS, INVITATION, Mail, check_no_attachments, read_message, read_pasted
from .contacts import asked
from .contacts.show import contact_page
from .drafts import kept

if TYPE_CHECKING:
    from ..actions.contacts import SeenContact


@permit("cases.write")
def new_mail(request: HttpRequest) -> HttpResponse:
    """The form that takes in an e-mail; of it the sealed contact is kept, and until then a draft.

    A file is no draft: it is chosen again.
    """
    service, others = asked.own_service(request)
    form = MailForm.of(request)
    draft = kept(request, form, unit=service.unit, service=service.code)
    if draft.sent(
        lambda given: actions.take_mail(
            service=service.code,
            mail=_read(given),
            mine=not given["is_free"],
            by=staff(request),
            now=timezone.now(),
        )
    ):
        return done(request, _("Brevet är sparat."), "cases:contact", form.outcome.contact.pk)
    return page(
        request,
        "cases/mail.html",
        form=form,
        heading=_("Ta in ett e-brev"),
        lead=_("Radera sedan brevet i e-postprogrammet: där ligger det öppet."),
        others=others,
        button=_("Spara brevet"),
        back_url=reverse("cases:today"),
    )


@permit("cases.see")
def address(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Whom the e-mail came from; that somebody looked is recorded."""
    seen, sender = actions.read_address(
        contact_id=contact_id, by=staff(request), now=timezone.now()
    )
    return contact_page(request, seen, "cases/contact_address.html", sender=sender)


@permit("cases.write")
@require_POST
def remove_address(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The address is gone; the contact stays."""
    actions.remove_address(contact_id=contact_id, by=staff(request), now=timezone.now())
    return done(request, _("Adressen är raderad."), "cases:contact", contact_id)


@permit("cases.write")
def offer_answer(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """How an answer is offered, and its text to copy. Nothing is sent from here."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}offer_answer")
    back_url = reverse("cases:contact", args=[contact_id])
    hindrance = hindered(request, lambda: actions.check_may_answer(seen, now), back_url=back_url)
    if hindrance:
        return hindrance
    form = AnswerOfferForm.of(
        request,
        offers=actions.allowed_offers(seen),
        initial={"offer": seen.one.content.answer_offer},
    )
    if form.sent(
        lambda given: actions.offer_answer(
            contact_id=contact_id, offer=given["offer"], by=by, now=now
        )
    ):
        return done(request, _("Ditt val är sparat."), "cases:offer_answer", contact_id)
    # Sent and refused, because of the hour or the way: there is no text to copy either.
    chosen = "" if form.is_bound else seen.one.content.answer_offer
    return page(
        request,
        "cases/answer.html",
        form=form,
        heading=_("Svara på brevet"),
        lead=_("Hamn skickar ingenting. Kopiera texten och skicka den själv."),
        button=_("Spara valet"),
        answer_text=_text(seen) if chosen else "",
        is_invitation=chosen == INVITATION,
        back_url=back_url,
    )


def _read(given: dict[str, Any]) -> Mail:
    """The e-mail from the one of the two ways that was used."""
    if given.get("file"):
        mail = read_message(given["file"].read())
        check_no_attachments(mail)
        return mail
    return read_pasted(given["pasted"])


def _text(seen: "SeenContact") -> str:
    """The answer to copy, with the service's own telephone and hours, and the public address."""
    content = seen.one.content
    service = services.service(content.service)
    phone = _(" på {phone}").format(phone=service.phone) if service.phone else ""
    hours = f" ({service.open_hours})" if service.open_hours else ""
    address = services.public_address()
    site = f" ({address}/kontakt/)" if address else ""
    told = {"service": service.title, "phone": phone, "hours": hours, "site": site}
    return said(ANSWERS[content.answer_offer], **told)
