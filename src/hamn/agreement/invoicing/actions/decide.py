"""What is decided for a year of an agreement that is under notice when the run starts."""

from typing import TYPE_CHECKING

from django.db import transaction

from hamn.agreement.agreements import queries as agreements
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import NoticeDecision
from ..rules import Reading

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person


@transaction.atomic
def decide(*, code: str, year: int, reading: Reading, reason: str, by: "Person") -> NoticeDecision:
    """A decision for the municipality's agreement and year; the next run follows it (H10, Z9).

    Raises BadInput when the agreement is not under notice, is charged already, or no reason is
    given.
    """
    permits.require(by, "invoicing.decide")
    rules.check_year(year)
    agreement = agreements.locked(by, _undecided(code, year, by).pk)
    rules.check_reason(reason)
    decision, _created = NoticeDecision.objects.update_or_create(
        agreement=agreement,
        year=year,
        defaults={"reading": reading, "reason": reason, "decided_by": by},
    )
    audit.record(Event.DECIDED, by=by, on=agreement, year=year, reading=reading, reason=reason)
    return decision


def _undecided(code: str, year: int, by: "Person") -> "Agreement":
    """The agreement that ends in the year and is not charged for it; the newest of two."""
    found = agreements.holding_in(by, code, year)
    ending = [row for row in found if row.ends_on is not None]
    charged = queries.charges([row.pk for row in ending], year)
    free = [row for row in ending if row.pk not in charged]
    if free:
        return free[-1]
    name = found[-1].party.name
    if not ending:
        raise BadInput(
            _("{name} har inte sagt upp sitt avtal; det finns inget att besluta."), name=name
        )
    raise BadInput(
        _("{name} är redan fakturerad för {year} med {number}. Kreditera den om den är fel."),
        name=name,
        year=year,
        number=charged[ending[-1].pk],
    )
