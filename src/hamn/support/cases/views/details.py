"""What a case says of its person on one page, and the forms that put it right."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.support.services import queries as services
from hamn.support.services.rules import AGE_GROUPS, DECLINED, FORMS, RESIDENCE_CLASSES, SOURCES
from hamn.ui.pages import done
from hamn.ui.words import long_date, said

from .. import actions
from ..forms.details import InformedForm, SituationForm
from ..queries.details import are_hers, forms_in, grounds_in, has_details
from ..rules.content import IDENTITY_LEVELS, CaseContent, IdentityLevel
from ..rules.details import Situation
from ..rules.identity import written_number
from .drafts import kept
from .frame import back_to, case_page, opened_for
from .safe_words import safe_words
from .writing import form_page, place_for, stored_meanwhile, who

if TYPE_CHECKING:
    from hamn.ui.forms import SeenForm

    from ..models import Case


@permit("cases.see")
def details(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who the person is, as far as she has said it, her situation, and how she may be reached."""
    opened = opened_for(request, case_id, "details")
    content, case = opened.content, opened.case
    return case_page(
        request,
        opened,
        "details",
        "cases/details.html",
        identity=_identity(content),
        situation=_situation(content, case.unit),
        safe=safe_words(content),
        has_details=has_details(case),
        may_read_details=are_hers(staff(request), case),
    )


@permit("cases.write")
def correct_situation(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for grounds, home, age, form, source, language and wishes."""
    case = place_for(request, case_id)
    form = SituationForm.of(
        request,
        grounds=grounds_in(case.unit),
        codes=forms_in(case.unit),
        municipalities=services.municipality_names(),
    )
    return content_form(
        request,
        case,
        form,
        lambda why, seen, **given: actions.correct_situation(
            new=Situation(**{**given, "grounds": tuple(given["grounds"])}),
            is_correction=why == "wrong",
            seen=seen,
            **who(request, case),
        ),
        initial=_situation_fields,
        told=_("Uppgifterna är sparade."),
        heading=_("Personens situation"),
        lead=_("Inget behöver fyllas i. Statistiken rättas av sig själv."),
    )


@permit("cases.write")
def note_informed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The tick that the person was told of her right to apply, with its day (SoL 11:6)."""
    case = place_for(request, case_id)
    return content_form(
        request,
        case,
        InformedForm.of(request),
        lambda is_informed, on, seen: actions.note_informed(
            on=on if is_informed else None, seen=seen, **who(request, case)
        ),
        initial=lambda content: {
            "is_informed": content.informed_of_right_on is not None,
            "on": content.informed_of_right_on,
        },
        told=_("Det är sparat."),
        heading=_("Rätten att ansöka om insatser"),
        lead=_(
            "Den som får stöd utan behovsprövning ska få veta att hon eller han kan ansöka om "
            "insatser (11 kap. 6 § socialtjänstlagen)."
        ),
    )


def content_form(
    request: HttpRequest,
    case: "Case",
    form: "SeenForm",
    act: Callable[..., Any],
    *,
    initial: Callable[[CaseContent], dict[str, Any]],
    told: str | Callable[[Any], str],
    **words: Any,
) -> HttpResponse:
    """The form for what the case itself says; what a colleague saved meanwhile stands above it.

    told: what the page then says, or what makes it of the outcome; never anything sealed.
    """
    draft = kept(request, form, unit=case.unit, case_id=case.pk)
    if draft.sent(lambda given: act(**given)):
        said_then = told if isinstance(told, str) else told(form.outcome)
        return done(request, said_then, back_to(case, "details"))
    opened = opened_for(request, case.pk, "change_details")
    stands = initial(opened.content)
    if draft.saved_at is None:
        form.initial = {**form.initial, **stands}
        form.show_again(str(opened.case.version))
    return form_page(
        request, case, form, section="details", stored=stored_meanwhile(form, stands), **words
    )


def _identity(content: CaseContent) -> list[tuple[str, str]]:
    rows = [
        (_("Anonymitet"), said(IDENTITY_LEVELS[IdentityLevel(content.identity_level)])),
        (_("Kallas"), content.called),
        (_("Namngiven sedan"), long_date(content.named_on) if content.named_on else ""),
        (_("Personnummer"), written_number(content.personal_number)),
    ]
    return [(label, text) for label, text in rows if text]


def _situation(content: CaseContent, unit: str) -> list[tuple[str, str]]:
    grounds = grounds_in(unit)
    names = services.municipality_names()
    stated = _("vill inte säga") if content.municipality == DECLINED else _("vet inte")
    rows = [
        (_("Gäller"), said(FORMS[content.form])),
        (_("Skäl"), ", ".join(grounds.get(code, code) for code in content.grounds)),
        (_("Ålder"), said(AGE_GROUPS[content.age_group])),
        (_("Födelseår"), str(content.birth_year or "")),
        (_("Hemkommun"), names.get(content.municipality, stated)),
        (_("Räknas som"), said(RESIDENCE_CLASSES[content.residence])),
        (_("Väg hit"), said(SOURCES[content.source])),
        (_("Språk"), content.language),
        (_("Personen vill"), content.wishes),
    ]
    return [(label, text) for label, text in rows if text]


def _situation_fields(content: CaseContent) -> dict[str, Any]:
    return {
        "form": content.form,
        "grounds": list(content.grounds),
        "age_group": content.age_group,
        "birth_year": content.birth_year,
        "municipality": content.municipality or "unknown",
        "source": content.source,
        "language": content.language,
        "wishes": content.wishes,
    }
