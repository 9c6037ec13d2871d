"""What of the inbox stands on the page of the day: how many wait for an answer, how many too long.

No word of a dialogue is read for it, so it stands also while the unit is locked.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse

from hamn.core.errors import _
from hamn.register.staff.queries import every_unit_name
from hamn.support.cases.queries.day import DayLine
from hamn.ui.words import said

from ..rules.words import State
from .inbox import dialogues_for, reading_units

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_WAITS = _("Inkorgen, {unit}. Väntar på svar: {waiting}. Försenade: {overdue}.")


def unanswered(viewer: "Person", today: date) -> dict[str, tuple[int, int]]:
    """By unit of hers, how many dialogues wait for an answer and how many of them are overdue."""
    rows = dialogues_for(viewer).filter(state=State.OPEN, answer_by__isnull=False)
    told = (
        rows.order_by()
        .values_list("unit")
        .annotate(waiting=Count("pk"), overdue=Count("pk", filter=Q(answer_by__lt=today)))
    )
    found = {unit: (waiting, overdue) for unit, waiting, overdue in told}
    return {unit: found.get(unit, (0, 0)) for unit in sorted(reading_units(viewer))}


def lines_of_inbox(viewer: "Person", today: date) -> Iterator[DayLine]:
    """A line for each of her units, which leads to its inbox."""
    counted = unanswered(viewer, today)
    names = every_unit_name() if counted else {}
    for unit, (waiting, overdue) in counted.items():
        text = said(_WAITS, unit=names.get(unit, unit), waiting=waiting, overdue=overdue)
        yield DayLine(text, f"{reverse('door:inbox')}?enhet={unit}", is_late=overdue > 0)
