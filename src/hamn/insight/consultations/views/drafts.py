"""What staff type about a consultation is kept as a draft, by the same hand as in casework."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hamn.support.cases.views.drafts import Kept, kept

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hamn.ui.forms import HamnForm

    from ..models import Consultation


def kept_with(row: "Consultation", request: "HttpRequest", form: "HamnForm") -> Kept:
    """The form as a draft sealed to the consultation's unit, which ends with it there."""
    return kept(request, form, unit=row.unit, mark=str(row.box))


def kept_new(request: "HttpRequest", form: "HamnForm", units: Iterable[str]) -> Kept:
    """The form of one that is not there yet, as a draft sealed to the first of her units."""
    return kept(request, form, unit=min(units))
