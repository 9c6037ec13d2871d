"""Each unit as a whole: who works there, what is financed and what there is, what it lacks."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from hamn.guards.access import queries as access
from hamn.guards.access.rules import Role

from ..models import Cover, Post, Unit
from ..rules import CoverState, Lack, Staffing, lacks_of, staffing_of
from .absences import absent_until
from .covers import covers_in
from .posts import held_on, posts_in
from .seen import unit as seen_unit
from .seen import units

if TYPE_CHECKING:
    from hamn.guards.access.models import Person, UnitMembership


@dataclass(frozen=True, slots=True)
class Worker:
    """One who belongs to a unit now. absent_until: None also when no end is known."""

    person: "Person"
    title: str
    is_head: bool
    is_cover: bool
    is_reader: bool
    is_absent: bool
    absent_until: date | None


@dataclass(frozen=True, slots=True)
class StaffingOfUnit:
    """A unit's posts on a day."""

    unit: Unit
    staffing: Staffing


@dataclass(frozen=True, slots=True)
class Overview:
    """A unit on a day."""

    unit: Unit
    staffing: Staffing
    posts: list[Post]
    workers: list[Worker]
    covers: list[Cover] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        """The titles of its heads."""
        return [worker.person.title for worker in self.workers if worker.is_head]

    @property
    def only_reader(self) -> str:
        """The title of the one whom the unit's lack is about."""
        titles = [worker.person.title for worker in self.workers if not worker.is_cover]
        return titles[0] if titles else self.unit.name


def workers(viewer: "Person", code: str, on: date | None = None) -> list[Worker]:
    """Who belongs to the unit now, with her title there and whether she is away on the day.

    on: today when left out.
    Raises NotVisible for a unit that the viewer does not see.
    """
    return one_unit(viewer, code, on=on or timezone.localdate()).workers


def one_unit(viewer: "Person", code: str, *, on: date) -> Overview:
    """The unit on the day.

    Raises NotVisible for one that the viewer does not see.
    """
    return _overviews([seen_unit(viewer, code)], on)[0]


def overview(viewer: "Person", *, on: date) -> list[Overview]:
    """Each of the viewer's units on the day; as many queries for one as for all."""
    return _overviews(units(viewer), on)


def staffing(viewer: "Person", on: date) -> list[StaffingOfUnit]:
    """What is financed and what there is in each of the viewer's units (Z18)."""
    return [StaffingOfUnit(one.unit, one.staffing) for one in overview(viewer, on=on)]


def _overviews(rows: list[Unit], on: date) -> list[Overview]:
    codes = [unit.code for unit in rows]
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in held_on(posts_in(codes), on):
        posts[post.unit_id].append(post)
    members = list(access.members_of(codes))
    covers: dict[str, list[Cover]] = defaultdict(list)
    for cover in covers_in(codes).filter(ended_at__isnull=True):
        covers[cover.membership.unit].append(cover)
    away = absent_until([row.person_id for row in members], on)
    return [
        _overview(
            unit,
            on,
            posts[unit.code],
            covers[unit.code],
            [row for row in members if row.unit == unit.code],
            away,
        )
        for unit in rows
    ]


def _overview(
    unit: Unit,
    on: date,
    posts: list[Post],
    covers: list[Cover],
    members: "list[UnitMembership]",
    away: dict[int, date | None],
) -> Overview:
    holding = {one.membership_id for one in covers if one.state_on(on) is CoverState.IN_FORCE}
    people = [_worker(row, posts, away, is_cover=row.pk in holding) for row in members]
    readers = [one for one in people if one.is_reader]
    lacks = lacks_of(
        posts=len([post for post in posts if post.person_id and not post.is_management]),
        readers=len(readers),
        present=len([one for one in readers if not one.is_absent]),
        covers=len([one for one in people if one.is_cover]),
    )
    return Overview(unit, staffing_of(posts), posts, people, covers, lacks)


def _worker(
    row: "UnitMembership", posts: list[Post], away: dict[int, date | None], *, is_cover: bool
) -> Worker:
    titles = [post.title for post in posts if post.person_id == row.person_id]
    return Worker(
        person=row.person,
        title=", ".join(titles) or row.person.title,
        is_head=row.is_head,
        is_cover=is_cover,
        is_reader=Role.CASEWORKER in row.person.roles(),
        is_absent=row.person_id in away,
        absent_until=away.get(row.person_id),
    )
