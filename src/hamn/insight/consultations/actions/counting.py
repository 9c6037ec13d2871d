"""Identity-free facts: written when a consultation was given, reversed by a row of their own."""

from typing import TYPE_CHECKING

from hamn.guards.audit.unordered import shuffle
from hamn.support.services import queries as services

from ..models import ConsultationFact
from ..rules.counting import municipality_class, quarters

if TYPE_CHECKING:
    from ..models import Consultation

_COLUMNS = (
    *("unit", "service", "year", "month", "outcome", "kind", "way", "municipality"),
    *("municipality_class", "profession", "topic", "urgency", "minutes"),
)


def count(row: "Consultation") -> str:
    """One fact about the consultation that is over; its id, which the sealed row remembers."""
    assert row.answered_on is not None  # a constraint of the table
    fact = ConsultationFact.objects.create(
        unit=row.unit,
        service=row.service,
        year=row.answered_on.year,
        month=row.answered_on.month,
        outcome=row.state,
        kind=row.kind,
        way=row.way,
        municipality=row.municipality,
        municipality_class=municipality_class(
            row.municipality, services.residence_class(row.municipality).value
        ),
        profession=row.profession,
        topic=row.topic,
        urgency=row.urgency,
        minutes=quarters(row.minutes or 0),
    )
    return str(fact.pk)


def reverse(fact: str) -> None:
    """A row that takes the fact back; the sums are as if it had never been counted."""
    columns = ConsultationFact.objects.filter(pk=fact).values(*_COLUMNS).get()
    ConsultationFact.objects.create(**columns, weight=-1)


def shuffle_facts() -> None:
    """The facts stored anew, so that none can be laid beside the trail's entry of what it tells."""
    shuffle(ConsultationFact._meta.db_table)
