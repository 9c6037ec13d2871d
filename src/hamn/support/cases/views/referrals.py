"""Referrals: what stands and what waits, and each step of one."""

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.confirm import in_steps
from hamn.ui.exports import paper
from hamn.ui.pages import done
from hamn.ui.words import said

from .. import actions
from ..actions.referrals import IN, OUT, to_send
from ..forms.consents import name_of
from ..forms.referrals import (
    AnswerForm,
    AnswerInForm,
    CorrectReferralInForm,
    EndForm,
    ReferralForm,
    ReferralInForm,
    SendForm,
    TakeBackForm,
)
from ..queries.notes import record_of
from ..queries.referrals import pieces_of
from ..queries.shares import other_units
from ..queries.walls import no_such_case
from ..rules.referrals import OTHER_UNIT, REFERRAL_WAYS, Referral
from .drafts import kept
from .exchange import bases_of, section
from .frame import back_to, case_page, opened_for
from .writing import changed, place_for, who, written

if TYPE_CHECKING:
    from ..models import Case
    from ..queries.opened import OpenRecord

SECTION = "referrals"
Given = dict[str, Any]


@permit("cases.see")
def referrals(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Consents, referrals, disclosures and what is shared, on one page."""
    opened = opened_for(request, case_id, SECTION)
    context = section(opened, timezone.localdate())
    return case_page(request, opened, SECTION, "cases/referrals.html", **context)


@permit("cases.write")
def write_referral(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a referral to be prepared; nothing goes yet."""
    case = place_for(request, case_id)
    return written(
        request,
        case,
        ReferralForm.of(request, units=_units(case), initial={"way": "letter"}),
        lambda **given: actions.write_referral(**_as_referral(given)),
        told=_("Remissen är sparad. Den är inte skickad."),
        section=SECTION,
        heading=_("Ny remiss eller hänvisning"),
        lead=_("Inget skickas än. I nästa steg väljer du vad som ska med."),
    )


@permit("cases.write")
def change_referral(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a referral that is being prepared."""
    case = place_for(request, case_id)
    return changed(
        request,
        case,
        ReferralForm.of(request, units=_units(case)),
        lambda **given: actions.change_referral(**_as_referral(given)),
        record=(record_id, OUT),
        initial=_as_fields,
        told=_("Remissen är sparad. Den är inte skickad."),
        section=SECTION,
        heading=_("Ändra remissen"),
    )


@permit("cases.write")
def send_referral(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """What goes along is chosen, shown beside what stays, and sent."""
    case, today = place_for(request, case_id), timezone.localdate()
    opened = opened_for(request, case_id, "send_referral")
    one = record_of(opened, record_id, OUT)
    pieces = pieces_of(opened)
    form = SendForm.of(
        request,
        pieces=[(piece.code, said(piece.title)) for piece in pieces],
        bases=bases_of(opened, one, today),
    )
    draft = kept(request, form, unit=case.unit, case_id=case.pk)

    def foresee(given: Given) -> dict[str, Any]:
        basis, chosen = _basis(given), given["chosen"]
        ready, _used = to_send(opened, one, chosen, on=today, **basis)
        return {"ready": ready, "stays": [p for p in pieces if p.code not in chosen]}

    def act(given: Given) -> object:
        fields = {name: given[name] for name in ("seen", "chosen", "answer_by")}
        basis = _basis(given)
        return actions.send_referral(record_id=record_id, **fields, **basis, **who(request, case))

    return in_steps(
        request,
        form,
        "cases/send_referral.html",
        foresee=foresee,
        act=draft.acting(act),
        end=lambda _made: done(request, _("Remissen är skickad."), back_to(case, SECTION)),
        seen=lambda: str(one.record.version),
        back_url=back_to(case, SECTION),
        case=case,
        record_id=record_id,
        heading=_("Skicka remissen"),
        confirm_heading=_("Det här går, och det här stannar"),
        referral=one.content,
        whom=_whom(one),
        way=said(REFERRAL_WAYS[one.content.way]),
    )


@permit("cases.write")
def letter(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The letter in PDF, as it was sent."""
    pdf = actions.letter_of(
        case_id=case_id, record_id=record_id, by=staff(request), now=timezone.now()
    )
    return paper(pdf, name="brev.pdf")


@permit("cases.write")
def take_in_referral(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a referral that has come in."""
    case = place_for(request, case_id)
    return written(
        request,
        case,
        ReferralInForm.of(request, units=_units(case), initial={"on": timezone.localdate()}),
        lambda **given: actions.take_in_referral(**_as_referral(given)),
        told=_("Den inkomna remissen är sparad."),
        section=SECTION,
        heading=_("Inkommen remiss"),
    )


@permit("cases.write")
def correct_referral_in(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a referral that had come in and was noted wrongly."""
    case = place_for(request, case_id)
    return changed(
        request,
        case,
        CorrectReferralInForm.of(request, units=_units(case)),
        lambda **given: actions.correct_referral_in(**_as_referral(given)),
        record=(record_id, IN),
        initial=lambda one: {"on": one.record.on, **_as_fields(one)},
        told=_("Den inkomna remissen är rättad."),
        section=SECTION,
        heading=_("Rätta den inkomna remissen"),
    )


@permit("cases.write")
def answer_referral(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for the answer: the recipient's, or ours to one that came in."""
    case = place_for(request, case_id)
    kind = _kind(case, record_id)
    first = {"on": timezone.localdate()}
    if kind == IN:
        opened = opened_for(request, case_id, SECTION)
        one = record_of(opened, record_id, IN)
        bases = bases_of(opened, one, timezone.localdate())
        form: Any = AnswerInForm.of(request, bases=bases, initial=first)
    else:
        form = AnswerForm.of(request, initial=first)

    def act(**given: Any) -> object:
        given["accepts"] = given["accepts"] == "yes"
        basis = _basis(given) if "basis" in given else {}
        given.pop("basis", None)
        return actions.answer_referral(kind=kind, **given, **basis)

    return changed(
        request,
        case,
        form,
        act,
        record=(record_id, kind),
        initial=lambda one: {"answer": one.content.answer, "due_on": one.record.due_on},
        told=_("Svaret är sparat."),
        section=SECTION,
        heading=_("Svar på remissen"),
    )


@permit("cases.write")
def end_referral(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for what came of a referral, or for correcting that."""
    case = place_for(request, case_id)
    kind = _kind(case, record_id)
    return changed(
        request,
        case,
        EndForm.of(request, initial={"on": timezone.localdate()}),
        partial(actions.end_referral, kind=kind),
        record=(record_id, kind),
        initial=_ended,
        told=_("Utfallet är sparat."),
        section=SECTION,
        heading=_("Vad remissen ledde till"),
    )


@permit("cases.write")
def take_back_referral(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for why a referral is taken back."""
    return changed(
        request,
        place_for(request, case_id),
        TakeBackForm.of(request),
        actions.take_back_referral,
        record=(record_id, OUT),
        initial=lambda _one: {},
        told=_("Remissen är återtagen."),
        section=SECTION,
        heading=_("Ta tillbaka remissen"),
        button=_("Ta tillbaka"),
    )


def _units(case: "Case") -> dict[str, str]:
    return other_units(case.unit, timezone.localdate())


def _kind(case: "Case", record_id: UUID) -> str:
    """Out or in. Raises NotVisible for what is no referral of the case."""
    rows = case.records.filter(pk=record_id, kind__in=(OUT, IN))
    kind = rows.values_list("kind", flat=True).first()
    if kind is None:
        raise no_such_case()
    return kind


def _as_referral(given: Given) -> Given:
    """The form's fields as the actions take them."""
    fields = ("counterpart", "way", "purpose", "text", "wish")
    name = name_of(given, "counterpart")
    said_fields = {one: given.pop(one) for one in fields if one in given}
    return {**given, "referral": Referral(counterpart_name=name, **said_fields)}


def _as_fields(one: "OpenRecord") -> Given:
    says: Referral = one.content
    is_ours = says.counterpart == OTHER_UNIT
    return {
        "counterpart": says.counterpart,
        "counterpart_name": "" if is_ours else says.counterpart_name,
        "unit": says.counterpart_name if is_ours else "",
        "purpose": says.purpose,
        "way": says.way,
        "text": says.text,
        "wish": says.wish,
    }


def _ended(one: "OpenRecord") -> Given:
    says: Referral = one.content
    first = {"outcome": says.outcome, "words": says.outcome_words}
    return {**first, "on": says.outcome_on} if says.outcome_on else first


def _basis(given: Given) -> Given:
    """The consent or the disclosure that was chosen, each by its id."""
    kind, _colon, record = str(given.get("basis", "")).partition(":")
    return {"consent": "", "disclosure": ""} | ({kind: record} if kind else {})


def _whom(one: "OpenRecord") -> str:
    says: Referral = one.content
    kind = said(says.words[0])
    return f"{says.counterpart_name} ({kind})" if says.counterpart_name else kind
