"""By which day an answer is promised, and which day something was given. Pure."""

from datetime import date, datetime

from hamn.core.errors import BadInput, _
from hamn.support.door.rules import hours
from hamn.support.door.rules.hours import Hours

from .words import Urgency

# The unit's own days, from the one on which somebody reads it.
WITHIN: dict[str, int] = {Urgency.TODAY: 1, Urgency.SOON: 3, Urgency.LATER: 7}


def answer_by(opens: Hours, at: datetime, urgency: str) -> date:
    """The last day of the promise for a question of that urgency, sent at the moment."""
    return hours.answer_by(opens._replace(answer_days=WITHIN[urgency]), at)


def check_given(on: date, *, today: date) -> None:
    """Pass the day of something that has happened. Raises BadInput for a day ahead."""
    if on > today:
        raise BadInput(_("Dagen {on} har inte varit än. Skriv den dag då det hände."), on=on)
    if on.year < today.year - 2:
        raise BadInput(_("Dagen {on} är för länge sedan. Rätta datumet."), on=on)
