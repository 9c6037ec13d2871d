"""A question comes in from the web, named, and is sealed to the unit that takes its topic.

The public process writes no entry in the trail and counts nothing (support/door/events.py); what is
counted is what was given.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.guards.vault import actions as vault
from hamn.support.door.rules.hours import hours_of

from ..models import Consultation
from ..queries.coverage import service_for
from ..rules.content import Asked, check_asked
from ..rules.days import answer_by
from ..rules.identity import check_no_client
from ..rules.words import Origin, State
from .sealing import put

if TYPE_CHECKING:
    from hamn.support.services.models import Service

TOKEN_BYTES = 32


class Promise(NamedTuple):
    """Who answers, and by which day."""

    service: "Service"
    answer_by: date


def ask(*, asked: Asked, is_confirmed: bool, token: bytes, now: datetime) -> Promise:
    """Store the question; the same form twice is one question and the same promise.

    is_confirmed: the writer says that what looks like a client's identity is none.
    Raises BadInput, ClientIdentity, NoKey for a unit whose vault has no key yet.
    """
    check_asked(asked)
    own = asked.content.own
    check_no_client(asked.text, own=own, is_confirmed=is_confirmed)
    check_no_client(asked.workplace, own=own, is_confirmed=is_confirmed)
    # Her own name is no sign; a number among the letters is.
    check_no_client(asked.name, own=(), is_confirmed=True)
    today = timezone.localdate(now)
    service = service_for(asked.topic, on=today)
    promise = Promise(service, answer_by(hours_of(settings.DOOR, service.unit), now, asked.urgency))
    try:
        _store(asked, promise, token, today)
    except IntegrityError:
        # The same form at the same moment; anything else must not pass for stored.
        if not Consultation.objects.filter(token=token).exists():
            raise
    return promise


@transaction.atomic
def _store(asked: Asked, promise: Promise, token: bytes, today: date) -> None:
    box = vault.new_box([promise.service.unit])
    row = Consultation(
        unit=promise.service.unit,
        service=promise.service.code,
        origin=Origin.WEB,
        kind=asked.kind,
        municipality=asked.municipality,
        profession=asked.profession,
        topic=asked.topic,
        urgency=asked.urgency,
        state=State.WAITING,
        asked_on=today,
        answer_by=promise.answer_by,
        last_note_on=today,
        box=box.id,
        token=token,
    )
    put(row, asked.content, box)
    row.save(force_insert=True)
