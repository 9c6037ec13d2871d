"""The door in the demonstration: dialogues that wait and are answered, times to book, a rule.

Every text is invented. Nobody knows the codes: who tries the door begins a dialogue of her own.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from hamn.guards.access.queries import by_email
from hamn.support.door.actions import answers, keeping, times
from hamn.support.door.actions.dialogues import open_dialogue
from hamn.support.door.rules.codes import new_code
from hamn.support.door.rules.keeping import Decision
from hamn.support.door.rules.offers import Offer

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

# Service, situation, language, under 18, days ago, what was written, what was answered.
WRITTEN = (
    (
        "mika",
        "compensation",
        "sv",
        False,
        0,
        "Exempel: måste jag säga vem jag är?",
        "",
    ),
    ("mika", "exploited", "en", False, 2, "Example: somebody takes the money. What can I do?", ""),
    ("mika", "compensation", "sv", False, 9, "Exempel: vad kostar det?", "Exempel: ingenting."),
    ("kast", "buys", "sv", False, 1, "Exempel: jag vill sluta men vet inte hur.", ""),
    ("kast", "relative", "sv", False, 6, "Exempel: min partner köper sex.", "Exempel: hör av dig."),
    ("coordinator_child", "child", "sv", True, 0, "Exempel: jag är 16 och vill prata.", ""),
)
WORKERS = {"mika": "mika@centrum.example", "kast": "kast@centrum.example"}
HEAD = "enhetschef@centrum.example"


def build_dialogues(*, now: datetime) -> None:
    """What the inbox, the times and the list of what goes next show."""
    today = timezone.localdate(now)
    for service, situation, language, is_child, days, text, answer in WRITTEN:
        at = now - timedelta(days=days)
        dialogue = open_dialogue(
            code=new_code(),
            text=text,
            situation=situation,
            service=service,
            language=language,
            is_child=is_child,
            origin="web",
            token=secrets.token_bytes(16),
            now=at,
        )
        if answer:
            answers.write_as_staff(
                dialogue_id=dialogue.pk,
                text=answer,
                visibility="person",
                by=_worker(service),
                now=at + timedelta(hours=5),
            )
    for unit in WORKERS:
        _prepare(unit, today, now)


def _prepare(unit: str, today: date, now: datetime) -> None:
    """Times of the next weeks, a ready answer, and a rule in force."""
    worker = _worker(unit)
    offer = Offer(today + timedelta(days=1), "13.00", 45, in_a_row=3, weeks=4)
    times.publish_times(
        unit=unit, form="visit", place="Mottagningen", offer=offer, by=worker, now=now
    )
    answers.save_template(
        template_id=None,
        unit=unit,
        language="sv",
        title="Välkommen",
        text="Exempel: tack för att du skrev. Du är välkommen, och det kostar ingenting.",
        seen="",
        by=worker,
    )
    day = today - timedelta(days=30)
    decision = Decision(
        days=90,
        channel_days=365,
        person_may_erase=True,
        decision_reference="EXEMPEL 2026/1",
        decision_on=day,
        valid_from=day + timedelta(days=7),
    )
    keeping.set_expiry(unit=unit, decision=decision, by=_person(HEAD), today=day)


def _worker(unit: str) -> Person:
    return _person(WORKERS[unit])


def _person(email: str) -> Person:
    person = by_email(email)
    assert person is not None  # of the demonstration's own staff
    return person
