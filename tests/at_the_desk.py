"""What the desk's pages of the door and of consultations are about, for the tests of every address:
one of each, all invented."""

import secrets
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from hamn.insight.consultations import actions as consultations
from hamn.insight.consultations.rules.content import Given
from hamn.support.door.actions import answers, keeping, times
from hamn.support.door.actions.dialogues import open_dialogue
from hamn.support.door.rules.codes import new_code
from hamn.support.door.rules.keeping import Decision
from hamn.support.door.rules.offers import Offer


def at_the_desk(cast: SimpleNamespace) -> dict[str, Any]:
    """A dialogue, a ready answer, a free time, a rule of erasing, a consultation: all of Mika."""
    now, worker = timezone.now(), cast.mika_worker
    dialogue = open_dialogue(
        code=new_code(),
        text="Påhittad fråga om ingen",
        situation="compensation",
        service="mika",
        language="sv",
        is_child=False,
        origin="web",
        token=secrets.token_bytes(16),
        now=now,
    )
    template = answers.save_template(
        template_id=None, unit="mika", language="sv", title="Hej", text="Tack.", seen="", by=worker
    )
    day = timezone.localdate(now) + timedelta(days=1)
    (slot,) = times.publish_times(
        unit="mika", form="visit", place="Rum 2", offer=Offer(day, "10.00", 45), by=worker, now=now
    )
    given = Given(
        unit="mika",
        on=timezone.localdate(now),
        kind="advice",
        way="phone",
        minutes=15,
        municipality="0117",
        profession="social_services",
        topic="method",
        urgency="later",
    )
    told = consultations.log_consultation(given=given, is_confirmed=False, by=worker, now=now)
    return {
        "dialogue_id": dialogue.pk,
        "template_id": template.pk,
        "slot_id": slot.pk,
        "rule_id": _rule(cast.mika_head, timezone.localdate(now)),
        "consultation_id": told.pk,
        "language": "en",
        "page_code": "start",
    }


def _rule(head: Any, today: date) -> int:
    decision = Decision(
        days=90,
        channel_days=90,
        person_may_erase=True,
        decision_reference="EXEMPEL 2026/1",
        decision_on=today,
        valid_from=today + timedelta(days=8),
    )
    return keeping.set_expiry(unit="mika", decision=decision, by=head, today=today).pk
