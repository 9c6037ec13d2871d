"""Questions and consultations to vary in the tests; every name and number in them is invented."""

import os
from datetime import UTC, date, datetime
from typing import Any

from hamn.insight.consultations import actions
from hamn.insight.consultations.models import Consultation
from hamn.insight.consultations.rules.content import Asked, Given

# A Wednesday, 10 in the morning in Stockholm.
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
NAME, WORDS = "Påhittade Frågeställaren", "Exempel: hur kan vi möta en vuxen som säljer sex?"
ANSWER = "Exempel: vi gick igenom tre sätt att fråga."


def asked(**more: Any) -> Asked:
    """A question of a social worker in Österåker about adults who sell sex."""
    plain: dict[str, Any] = {
        "name": NAME,
        "phone": "+46850800000",
        "email": "fragar@kommun.example",
        "workplace": "Exempelenheten",
        "municipality": "0117",
        "profession": "social_services",
        "kind": "advice",
        "topic": "sex_for_compensation",
        "urgency": "later",
        "text": WORDS,
    }
    return Asked(**plain | more)


def given(**more: Any) -> Given:
    """A quarter of an hour on the phone with somebody in Österåker."""
    plain: dict[str, Any] = {
        "unit": "mika",
        "on": TODAY,
        "kind": "advice",
        "way": "phone",
        "minutes": 15,
        "municipality": "0117",
        "profession": "social_services",
        "topic": "method",
        "urgency": "later",
    }
    return Given(**plain | more)


def ask(*, token: bytes | None = None, now: datetime = NOW, **more: Any) -> Consultation:
    """A question that came in from the web."""
    token = token or os.urandom(32)
    actions.ask(asked=asked(**more), is_confirmed=False, token=token, now=now)
    return Consultation.objects.get(token=token)


def log(by: Any, *, is_confirmed: bool = False, **more: Any) -> Consultation:
    """A consultation that staff noted."""
    return actions.log_consultation(given=given(**more), is_confirmed=is_confirmed, by=by, now=NOW)


def answer(row: Consultation, by: Any, **more: Any) -> Any:
    """The question answered by phone."""
    from hamn.insight.consultations.rules.words import State

    plain: dict[str, Any] = {
        "outcome": State.ANSWERED,
        "way": "phone",
        "minutes": 20,
        "on": TODAY,
        "answer": ANSWER,
        "is_confirmed": False,
        "seen": str(Consultation.objects.get(pk=row.pk).version),
    }
    return actions.answer_consultation(consultation_id=row.pk, by=by, now=NOW, **plain | more)
