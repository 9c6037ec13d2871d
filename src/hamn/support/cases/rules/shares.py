"""Sharing a case with, and handing it over to, another unit of the board. Pure.

Between units it is an act with consent or a stated need to know, until a day; towards anybody
else nothing is ever shared: that is a disclosure. Contact details never go with a share.
Source: OSL 8:1-2, 10:1-2; requirements B31-B32, Z28.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hamn.core.errors import BadInput, Refusal, _

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ShareReason:
    """Why another unit may read the case; consent: id of the consent's record, or empty."""

    reason: str = ""
    consent: str = ""


class NotShareable(Refusal):
    """The case cannot be shared with, or handed over to, that unit."""

    code = "cases.not_shareable"


class OnlyShared(Refusal):
    """The case is another unit's: it is read here, and written in there."""

    code = "cases.only_shared"


def check_unit(unit: str, *, own: str, units: Collection[str]) -> None:
    """Pass another unit of this centre that is open. Raises NotShareable."""
    if unit == own:
        raise NotShareable(_("Ärendet är redan den enhetens. Välj en annan enhet."))
    if unit not in units:
        raise NotShareable(
            _(
                "Ett ärende delas bara med enheter hos oss. Till andra lämnas uppgifter ut med "
                "samtycke eller laglig grund, under Remisser och samtycken."
            )
        )


def check_until(until: date, *, today: date, consented_until: date | None) -> None:
    """Pass a day from today to a year ahead, and not beyond the consent. Raises BadInput."""
    if until < today:
        raise BadInput(_("Dagen {until} har redan varit. Välj en dag som kommer."), until=until)
    if until > today + LONGEST:
        raise BadInput(_("Ett ärende delas högst ett år i taget. Välj en tidigare dag."))
    if consented_until is not None and until > consented_until:
        raise BadInput(
            _("Samtycket gäller till och med {day}. Ärendet kan inte delas längre än så."),
            day=consented_until,
        )
