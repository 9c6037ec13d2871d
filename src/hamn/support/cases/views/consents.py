"""A consent: written down, read aloud to the person, and noted when she has said yes."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, said

from .. import actions
from ..forms.consents import ConsentForm, name_of
from ..queries import walls
from ..queries.notes import record_of
from ..queries.shares import other_units
from ..rules.access import FORM
from ..rules.referrals import OTHER_UNIT, PURPOSES, RECIPIENTS, Consent, checked_consent
from .drafts import FIELD, kept
from .frame import back_to, opened_for
from .writing import place_for, who

if TYPE_CHECKING:
    from datetime import date

    from ..models import Case


@permit("cases.write")
def give_consent(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form, the text to read aloud, and the yes."""
    case = place_for(request, case_id)
    return _given(request, case, initial={}, to=back_to(case, "referrals"))


@permit("cases.write")
def give_consent_for(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The same, for a referral that is to be sent: to whom and for what stands there already."""
    case = place_for(request, case_id)
    opened = opened_for(request, case_id, f"{FORM}give_consent")
    says = record_of(opened, record_id, "referral_out").content
    is_ours = says.counterpart == OTHER_UNIT
    initial = {
        "recipient": says.counterpart,
        "unit" if is_ours else "recipient_name": says.counterpart_name,
        "purpose": says.purpose,
    }
    to = reverse("cases:send_referral", args=[case_id, record_id])
    return _given(request, case, initial=initial, to=to)


def _given(request: HttpRequest, case: "Case", *, initial: dict[str, Any], to: str) -> HttpResponse:
    """The steps of a consent; they end where the person who notes it came from."""
    today = timezone.localdate()
    first = {"on": today, **initial}
    form = ConsentForm.of(request, units=other_units(case.unit, today), initial=first)
    draft = kept(request, form, unit=case.unit, case_id=case.pk)

    def foresee(given: dict[str, Any]) -> dict[str, Any]:
        on, consent = _consent(given)
        return {"aloud": aloud(checked_consent(consent, given_on=on, today=today))}

    def act(given: dict[str, Any]) -> object:
        on, consent = _consent(given, is_read_aloud=True)
        return actions.give_consent(consent=consent, on=on, **who(request, case))

    return in_steps(
        request,
        form,
        "cases/consent_form.html",
        foresee=foresee,
        act=draft.acting(act),
        end=lambda _made: done(request, _("Samtycket är antecknat."), to),
        back_url=to,
        heading=_("Samtycke"),
        confirm_heading=_("Läs upp för personen"),
        lead=_("Personen bestämmer till vem, till vad, vilka uppgifter och hur länge."),
    )


@permit("cases.write")
def revoke_consent(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """What ends with the consent, and the button. Also in a closed case."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.revoke_consent(record_id=record_id, **who(request, case))):
        return done(request, _("Samtycket är återkallat."), back_to(case, "referrals"))
    one = record_of(opened_for(request, case_id, "referrals"), record_id, "consent")
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Återkalla samtycket"),
        about=", ".join(aloud(one.content)[:2]),
        warning=_(
            "Från och med nu skickas ingenting med stöd av samtycket, och det som är delat med "
            "stöd av det stängs. Det som redan har lämnats kan inte tas tillbaka."
        ),
        button=_("Samtycket är återkallat"),
        is_final=True,
        back_url=back_to(case, "referrals"),
    )


def aloud(consent: Consent) -> list[str]:
    """What is read to the person before she says yes, a sentence at a time."""
    kind = said(RECIPIENTS[consent.recipient])
    whom = f"{consent.recipient_name} ({kind})" if consent.recipient_name else kind
    purpose = consent.purpose_words or said(PURPOSES[consent.purpose])
    return [
        _("Du säger ja till att vi lämnar uppgifter om dig till {whom}.").format(whom=whom),
        _("Uppgifterna ska användas till {purpose}.").format(purpose=purpose),
        _("Det gäller: {covers}").format(covers=consent.covers),
        _("Du säger ja till och med den {day}. Efter det lämnar vi inget mer.").format(
            day=long_date(consent.until)
        ),
        _("Du kan ändra dig när du vill. Då lämnar vi inget mer."),
        _("Det som vi redan har lämnat kan vi inte ta tillbaka."),
        _("Du får hjälp av oss också om du säger nej."),
    ]


def _consent(given: dict[str, Any], **more: Any) -> tuple["date", Consent]:
    """The day and the consent that the form's fields say."""
    fields = {name: value for name, value in given.items() if name != FIELD}
    on = fields.pop("on")
    name = name_of(fields)
    return on, Consent(recipient_name=name, **fields, **more)
