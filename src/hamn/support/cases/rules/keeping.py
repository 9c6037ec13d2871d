"""How long a case is kept: the day that its rule class counts from. Pure."""

from datetime import date

from hamn.core.errors import BadInput, _
from hamn.guards.disposal.rules import Base, RuleClass

OLDEST = 120


def born_on(rule: RuleClass, birth_year: int | None, *, today: date) -> date | None:
    """The day that a rule class which counts from a birth begins with; None for the others.

    A year alone counts from its last day, so that nothing dies too early. Raises BadInput without
    a year where one is needed, since nobody could tell when the time has come, and for one ahead.
    """
    if rule.base is not Base.BIRTH:
        return None
    if birth_year is None:
        raise BadInput(_("Regeln räknas från barnets födelse. Skriv barnets födelseår."))
    if not today.year - OLDEST <= birth_year <= today.year:
        raise BadInput(_("Födelseåret {year} kan inte stämma. Rätta det."), year=birth_year)
    return date(birth_year, 12, 31)
