"""What the staff's tests share: people, posts, covers, addresses, texts."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from hamn.guards.access import actions as access
from hamn.guards.access.models import Person, UnitMembership
from hamn.guards.access.rules import Role
from hamn.guards.audit.models import Entry
from hamn.register.staff import actions
from hamn.register.staff.models import Cover, Post
from hamn.register.staff.rules import Funding, Qualification

TODAY = date(2026, 3, 2)
ADULT, CHILD = "coordinator_adult", "coordinator_child"


def url(name: str, *arguments: object) -> str:
    return reverse(f"staff:{name}", args=list(arguments))


def text_of(answer: Any) -> str:
    """The page's text, without its markup."""
    import html
    import re

    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", "", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def told(event: str) -> list[tuple[str, str, dict[str, Any]]]:
    """By whom, on what and with which facts, for each entry of the event."""
    rows = Entry.objects.filter(event=f"staff.{event}").order_by("place")
    return [(row.by, row.on, json.loads(row.facts)) for row in rows]


def post_fields(person: Person | None = None, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Socionom A",
        "percent": 100,
        "funding": Funding.SHARED,
        "is_management": False,
        "person_id": person.pk if person else None,
        "qualification": Qualification.SOCIONOM if person else "",
        "starts_on": date(2026, 1, 1),
        "ends_on": None,
        **changed,
    }


def save_post(cast: SimpleNamespace, person: Person | None, unit: str, **changed: Any) -> Post:
    fields = post_fields(person, **changed)
    return actions.save_post(unit=unit, post_id=None, fields=fields, seen=0, by=cast.administrator)


def offer(cast: SimpleNamespace, person: Person, unit: str = ADULT, **changed: Any) -> Cover:
    """A system administrator asks the person; the head has not decided yet."""
    given = {"starts_on": TODAY, "ends_on": None, "today": TODAY, "by": cast.administrator}
    return actions.offer_cover(unit=unit, person_id=person.pk, **(given | changed))


def cover(cast: SimpleNamespace, person: Person, head: Person, unit: str = ADULT) -> Cover:
    """A cover that is asked, let in by the head, and has accepted, with all days of the world."""
    asked = offer(cast, person, unit, starts_on=date(2020, 1, 1), today=date(2020, 1, 1))
    access.grant_member(membership_id=asked.membership_id, by=head)
    return actions.accept_cover(cover_id=asked.pk, today=TODAY, by=person)


def member(cast: SimpleNamespace, person: Person, unit: str, head: Person) -> UnitMembership:
    row = access.propose_member(person_id=person.pk, unit=unit, is_head=False, by=cast.first)
    return access.grant_member(membership_id=row.pk, by=head)


def newcomer(cast: SimpleNamespace, name: str = "new", role: Role = Role.CASEWORKER) -> Person:
    email = f"{name}@test.example"
    return access.add_person(email=email, title=name, roles=[role], by=cast.first)
