"""A question from the web: sealed, routed, promised an answer, and stored once."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hamn.core.errors import BadInput
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import Grant, SealedBox
from hamn.insight.consultations import actions
from hamn.insight.consultations.models import Consultation, ConsultationFact
from hamn.insight.consultations.queries.opened import opened
from hamn.insight.consultations.rules.identity import ClientIdentity
from hamn.insight.consultations.tests.questions import NAME, NOW, TODAY, WORDS, ask, asked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("topic", "unit"),
    [
        ("sex_for_compensation", "mika"),
        ("buyers", "kast"),
        ("trafficking", "coordinator_adult"),
        ("children", "coordinator_child"),
        ("other", "mika"),
    ],
)
def test_a_question_lands_in_the_unit_of_its_topic_and_opens_there_alone(
    topic: str, unit: str
) -> None:
    row = ask(topic=topic)
    assert (row.unit, row.state, row.origin) == (unit, "waiting", "web")
    assert list(Grant.objects.filter(box=row.box).values_list("unit", flat=True)) == [unit]
    content = opened(row).content
    assert (content.name, content.text) == (NAME, WORDS)


def test_nothing_that_was_written_can_be_read_in_the_database() -> None:
    ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_consultation")
        stored = b"|".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in cursor.fetchall()
            for value in row
        )
    for words in (NAME, WORDS, "fragar@kommun.example", "850800000", "Exempelenheten"):
        assert words.encode() not in stored


def test_the_public_writes_no_entry_in_the_trail_and_counts_nothing() -> None:
    before = Entry.objects.count()
    ask()
    assert Entry.objects.count() == before
    assert not ConsultationFact.objects.exists()


def test_the_promise_names_who_answers_and_by_which_day() -> None:
    promise = actions.ask(
        asked=asked(urgency="today"), is_confirmed=False, token=os.urandom(32), now=NOW
    )
    assert promise.service.code == "mika"
    assert Consultation.objects.get().answer_by == promise.answer_by
    assert (promise.answer_by - TODAY).days == 1


def test_the_same_form_twice_is_one_question_and_one_box() -> None:
    token, boxes = os.urandom(32), SealedBox.objects.count()
    sent = {"asked": asked(), "is_confirmed": False, "token": token, "now": NOW}
    assert actions.ask(**sent) == actions.ask(**sent)
    assert Consultation.objects.count() == 1
    assert SealedBox.objects.count() == boxes + 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"topic": "månen"}, "finns inte"),
        ({"kind": "something"}, "finns inte"),
        ({"urgency": ""}, "finns inte"),
        ({"profession": "spy"}, "finns inte"),
        ({"name": ""}, "ditt namn"),
        ({"text": ""}, "din fråga"),
        ({"phone": "", "email": ""}, "telefonnummer eller en e-postadress"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_stored(
    change: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        ask(**change)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("field", ["text", "workplace", "name"])
def test_a_clients_number_is_refused_wherever_it_is_written(field: str) -> None:
    for is_confirmed in (False, True):
        with pytest.raises(ClientIdentity):
            actions.ask(
                asked=asked(**{field: "Exempel 900101-0017"}),
                is_confirmed=is_confirmed,
                token=os.urandom(32),
                now=NOW,
            )
    assert not Consultation.objects.exists()


def test_a_unit_whose_vault_is_closed_still_takes_questions_in(
    cast: SimpleNamespace, key_agent: Any
) -> None:
    from hamn.guards.vault import actions as vault

    vault.lock(unit="mika", by=cast.mika_head)
    assert ask().state == "waiting"
