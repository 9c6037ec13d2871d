"""The demo's open cases: invented people in every unit, written by the same acts as real ones.

The days count back from the day on which the demo is built, so that the lists of the day have
something overdue, something that waits, something that is nobody's.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hamn.guards.access.queries import by_email
from hamn.support.cases import actions
from hamn.support.cases.actions.intake import Intake
from hamn.support.cases.rules.content import ContactContent
from hamn.support.services import actions as services
from hamn.support.services.rules import AgeGroup

from .cases_before import build_before
from .cases_together import build_together
from .cases_told import ALONE, MAIL, STORIES, Contact, Story

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.support.cases.queries.opened import OpenCase

KAST = "kast@centrum.example"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the demo, counted from the day on which it is built."""

    today: date

    def at(self, days_ago: int) -> datetime:
        """Ten in the morning, so many days ago or on the Friday before."""
        day = self.day(-days_ago)
        if days_ago:
            day -= timedelta(days=max(0, day.weekday() - 4))
        return datetime.combine(day, time(10), tzinfo=timezone.get_current_timezone())

    def day(self, ahead: int) -> date:
        """So many days ahead, or back when less than none."""
        return self.today + timedelta(days=ahead)


def build_cases(by: "Person", *, today: date) -> None:
    """Open cases and contacts in every unit as on that day, and the years before Hamn."""
    build_before(by)
    days = Calendar(today)
    cases = {story.key: _tell(story, days) for story in STORIES}
    _log_alone(days)
    _turn_away(days)
    build_together(cases, days)


def _tell(story: Story, days: Calendar) -> "OpenCase":
    """The case of the story, with everything that is written in it."""
    by = by_email(story.by)
    began = days.at(story.began)
    opened = actions.take_in(intake=_intake(story), by=by, now=began, mine=not story.is_nobodys)
    case_id = opened.case.pk
    for contact in story.contacts:
        _log(contact, story.service, by, days, case_id=case_id)
    for note in story.notes:
        now = days.at(note.ago)
        given: dict[str, Any] = {"case_id": case_id, "by": by, "now": now}
        row = actions.write_note(text=note.text, title=note.title, on=now.date(), **given)
        if note.is_final:
            actions.finalise_note(record_id=row.pk, seen=row.version, **given)
    _plan(story, opened, by, days)
    return opened


def _intake(story: Story) -> Intake:
    return Intake(
        service=story.service,
        identity_level=story.level,
        called=story.called,
        grounds=story.grounds,
        municipality=story.municipality,
        age_group=story.age_group,
        form=story.form,
        source=story.source,
    )


def _plan(story: Story, opened: "OpenCase", by: "Person", days: Calendar) -> None:
    """Goals, what is agreed on, practical support."""
    case_id = opened.case.pk
    goal = ""
    if story.goal:
        began = days.at(story.began)
        row = actions.write_goal(
            case_id=case_id, words=story.goal, on=began.date(), by=by, now=began
        )
        goal = str(row.pk)
    for todo in story.todo:
        now, due_on = days.at(todo.ago), days.day(todo.due_in)
        given: dict[str, Any] = {"case_id": case_id, "text": todo.text, "by": by, "now": now}
        if todo.counterpart:
            actions.write_support(
                counterpart=todo.counterpart, counterpart_name="", due_on=due_on, **given
            )
        else:
            actions.write_action(who="worker", due_on=due_on, goal=goal, **given)


def _log(contact: Contact, service: str, by: "Person", days: Calendar, **more: Any) -> Any:
    now = days.at(contact.ago)
    content = ContactContent(
        channel=contact.channel,
        kind=contact.kind,
        form=contact.form,
        minutes=contact.minutes,
        age_group=contact.age_group,
        called=contact.called,
        text=contact.text,
        counterpart=contact.counterpart,
    )
    answer_by = None if contact.answer_in is None else days.day(contact.answer_in)
    return actions.log_contact(
        service=service,
        on=now.date(),
        content=content,
        by=by,
        now=now,
        answer_by=answer_by,
        **more,
    )


def _log_alone(days: Calendar) -> None:
    """Contacts that belong to no case: hers, nobody's, and an e-mail."""
    for service, email, contact in ALONE:
        _log(contact, service, by_email(email), days, mine=not contact.is_free)
    now = days.at(1)
    actions.take_mail(service="kast", mail=MAIL, by=by_email(KAST), now=now)


def _turn_away(days: Calendar) -> None:
    """Somebody from a municipality without an agreement, pointed elsewhere."""
    for ago, pointed_to in ((40, "home_municipality"), (12, "helpline")):
        on = days.at(ago).date()
        services.turn_away(
            service_code="kast",
            municipality="1480",
            age=AgeGroup.ADULT,
            is_acute=False,
            is_trafficking_suspected=False,
            wants_help=True,
            pointed_to=[pointed_to],
            on=on,
            today=on,
            by=by_email(KAST),
        )
