"""What the page of the day tells about access: handovers, opened glass, reviews that wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hamn.guards.access.permits import allows
from hamn.register.staff.queries import unit_name

from ..queries import access as reads
from ..queries import assigning, reviews
from ..rules.assigning import is_late
from .frame import numbers_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import AccessReview, BreakGlass, Handover


@dataclass(frozen=True, slots=True)
class Waiting:
    """A handover that waits. is_hers: whether she is the one to answer."""

    row: "Handover"
    count: int
    is_hers: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Glass:
    """A break-glass, with the number of its case."""

    row: "BreakGlass"
    number: str


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A month's review that waits for a signature."""

    row: "AccessReview"
    unit: str
    month: str


@dataclass(frozen=True, slots=True)
class Notices:
    """All that her day says about who may open what."""

    handovers: list[Waiting]
    given: "list[Handover]"
    taken: "list[Handover]"
    opened: list[Glass]
    news: list[Glass]
    to_review: int
    unsigned: list[Unsigned]
    without_deputy: int


def notices(person: "Person", now: datetime) -> Notices:
    """What she should see of it today; each part empty when there is nothing."""
    opened = list(reads.open_glasses(person, now))
    news = list(reads.news_for(person, now))
    numbers = numbers_of([row.case for row in (*opened, *news)], person)
    is_reviewer = allows(person, "cases.review")
    return Notices(
        handovers=[_waiting(row, person, now) for row in assigning.waiting_handovers(person)],
        given=assigning.given_by_a_head(person, now),
        taken=assigning.taken_by_a_head(person, now),
        opened=[Glass(row, numbers.get(row.case_id, "–")) for row in opened],
        news=[Glass(row, numbers.get(row.case_id, "–")) for row in news],
        to_review=len(reads.to_review(person, now)) if is_reviewer else 0,
        unsigned=[_unsigned(row) for row in reviews.unsigned(person, now)] if is_reviewer else [],
        without_deputy=assigning.without_deputy(person),
    )


def _unsigned(row: "AccessReview") -> Unsigned:
    return Unsigned(row, unit_name(row.unit), f"{row.year}-{row.month:02}")


def _waiting(row: "Handover", person: "Person", now: datetime) -> Waiting:
    count: int = row.count  # type: ignore[attr-defined]
    return Waiting(row, count, row.receiver_id == person.pk, is_late(row.proposed_at, now))
