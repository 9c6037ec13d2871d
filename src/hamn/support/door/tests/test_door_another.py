"""Who asks for another worker is told when she has got one, and not before."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from hamn.support.door.actions.answers import write_as_staff
from hamn.support.door.actions.inbox import assign_dialogue, block_dialogue
from hamn.support.door.actions.person import ask_other_worker
from hamn.support.door.models import Dialogue, Message
from hamn.support.door.queries.person import Opened, messages_of
from hamn.support.door.rules.told import ANOTHER_ANSWERS
from hamn.support.door.tests.inbox import NOW, written
from hamn.support.door.tests.reading import Somebody
from hamn.ui.words import said

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW_ANOTHER = "Nu svarar någon annan, så som du bad om."
ASKED = "Du har bett att någon annan ska svara."


@pytest.fixture
def asked(cast: SimpleNamespace) -> Opened:
    """A dialogue that a worker answers, whose person has asked for somebody else."""
    opened = written()
    answer(opened, cast.mika_worker)
    return ask_other_worker(opened, wants=True, now=NOW)


def answer(opened: Opened, by: Any, visibility: str = "person") -> None:
    given = {"dialogue_id": opened.dialogue.pk, "by": by, "now": NOW}
    write_as_staff(text="Påhittat svar", visibility=visibility, **given)


def told(opened: Opened) -> list[str]:
    return [one.text for one in messages_of(opened) if one.author == "system"]


def asks(opened: Opened) -> bool:
    return Dialogue.objects.get(pk=opened.dialogue.pk).asks_other_worker


def test_she_is_told_when_somebody_else_is_put_in_charge(
    asked: Opened, cast: SimpleNamespace
) -> None:
    assert told(asked) == [] and asks(asked)
    given = {"dialogue_id": asked.dialogue.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    assert told(asked) == [NOW_ANOTHER] and not asks(asked)
    assign_dialogue(person_id=cast.mika_worker.pk, **given)
    assert told(asked) == [NOW_ANOTHER], "told once, of what she asked for"


def test_the_same_worker_is_not_somebody_else_however_it_is_put(
    asked: Opened, cast: SimpleNamespace
) -> None:
    given = {"dialogue_id": asked.dialogue.pk, "by": cast.mika_second}
    for person_id in (cast.mika_worker.pk, None, cast.mika_worker.pk, None):
        assign_dialogue(person_id=person_id, **given)
        assert told(asked) == [] and asks(asked)
    answer(asked, cast.mika_worker)
    assert told(asked) == [] and asks(asked)


def test_somebody_else_who_answers_what_is_nobodys_is_told_of_before_the_answer(
    asked: Opened, cast: SimpleNamespace
) -> None:
    assign_dialogue(dialogue_id=asked.dialogue.pk, person_id=None, by=cast.mika_worker)
    answer(asked, cast.mika_second, "unit")
    assert told(asked) == []
    answer(asked, cast.mika_second)
    authors = [one.author for one in messages_of(asked)]
    assert authors == ["person", "staff", "system", "staff"]
    assert not asks(asked)


def test_who_has_asked_for_nobody_else_is_told_nothing(cast: SimpleNamespace) -> None:
    opened = written()
    answer(opened, cast.mika_worker)
    given = {"dialogue_id": opened.dialogue.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    assert told(opened) == []


def test_who_has_taken_it_back_is_told_nothing(asked: Opened, cast: SimpleNamespace) -> None:
    ask_other_worker(asked, wants=False, now=NOW)
    assign_dialogue(
        dialogue_id=asked.dialogue.pk, person_id=cast.mika_second.pk, by=cast.mika_worker
    )
    assert told(asked) == []


def test_it_is_told_in_her_language_whoever_assigns(cast: SimpleNamespace) -> None:
    opened = written(language="en")
    ask_other_worker(opened, wants=True, now=NOW)
    with override("sv"):
        assign_dialogue(
            dialogue_id=opened.dialogue.pk, person_id=cast.mika_second.pk, by=cast.mika_second
        )
    with override("en"):
        assert told(opened) == [said(ANOTHER_ANSWERS)]


def test_who_is_blocked_meanwhile_reads_it_when_she_is_let_in(
    asked: Opened, cast: SimpleNamespace
) -> None:
    given = {"dialogue_id": asked.dialogue.pk, "by": cast.mika_worker}
    block_dialogue(reason="threats", now=NOW, **given)
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    assert Message.objects.filter(author="system").count() == 1 and not asks(asked)


def test_her_page_says_that_she_has_asked_until_it_says_that_she_has_got(
    door: Any, cast: SimpleNamespace
) -> None:
    she = Somebody(door())
    code = she.writes()
    row = Dialogue.objects.get()
    given = {"dialogue_id": row.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_worker.pk, **given)
    she.comes_back(code)
    she.visits("/svar/dialog/annan/")
    page = she.sends("/svar/dialog/annan/")
    assert ASKED in page and NOW_ANOTHER not in page
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    page = she.visits("/svar/dialog/")
    assert ASKED not in page and NOW_ANOTHER in page
    assert "Automatiskt meddelande" in page
