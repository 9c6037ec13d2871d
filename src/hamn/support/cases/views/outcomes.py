"""Outcome follow-ups: asked, answered, corrected."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit

from .. import actions
from ..forms.outcomes import OutcomeForm, initial, read
from ..queries.counted import unit_of_follow_up
from ..queries.notes import record_of
from ..rules.outcomes import answers_of, measures_of
from .frame import opened_for
from .writing import changed, place_for, written

if TYPE_CHECKING:
    from ..queries.opened import OpenRecord


@permit("cases.write")
def follow_up(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form with the questions that are asked in the case's unit."""
    case = place_for(request, case_id)
    content = opened_for(request, case_id, "follow_up").content
    measures = measures_of(case.unit, content.form)
    return written(
        request,
        case,
        OutcomeForm.of(request, measures=measures, initial={"on": timezone.localdate()}),
        lambda **given: actions.follow_up(**read(given)),
        told=_("Uppföljningen är sparad."),
        section="plan",
        heading=_("Följ upp"),
        lead=_("Svaren räknas utan att det går att se vems de är. Fråga bara det som passar."),
    )


@permit("cases.write")
def correct_follow_up(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a follow-up that was written down wrongly; the figures follow."""
    case = place_for(request, case_id)
    opened = opened_for(request, case_id, "correct_follow_up")
    was = record_of(opened, record_id, "outcome").content
    # The questions are those of the unit that asked them.
    measures = measures_of(unit_of_follow_up(was, now=case.unit), opened.content.form)
    return changed(
        request,
        case,
        OutcomeForm.of(request, measures=measures),
        lambda **given: actions.correct_follow_up(**read(given)),
        record=(record_id, "outcome"),
        initial=_initial,
        told=_("Uppföljningen är rättad, och statistiken med den."),
        heading=_("Rätta uppföljningen"),
        lead=_("Det som räknades fel tas tillbaka ur statistiken."),
    )


def _initial(one: "OpenRecord") -> dict[str, Any]:
    says = one.content
    return {"on": one.record.on, "words": says.words, **initial(answers_of(says.measures))}
