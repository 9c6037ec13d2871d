"""Who waits for an answer after an act at the inbox's pages, and when it is safe to call her."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hamn.support.door.models import Dialogue

from .inbox import NUMBER, body, call_wanted, of, write_more, written

pytestmark = pytest.mark.django_db
MORE = "Personen skrev något mer medan du skrev"


def waits(dialogue: Any) -> bool:
    return Dialogue.objects.get(pk=dialogue.pk).waits_since is not None


@pytest.mark.parametrize("name", ["dialogue", "answer"])
def test_who_writes_while_the_worker_types_waits_and_the_worker_is_told(
    name: str, cast: SimpleNamespace, desk: Any
) -> None:
    opened, client = written(), desk(cast.mika_worker)
    seen = re.search(r'name="seen" value="(\d+)"', body(client.get(of(name, opened.dialogue))))
    assert seen
    write_more(opened, "Ett tillägg")
    fields = {"text": "Påhittat svar", "seen": seen[1]}
    told = client.post(of("answer", opened.dialogue), fields, follow=True)
    assert MORE in body(told)
    assert waits(opened.dialogue)
    again = client.post(of("answer", opened.dialogue), fields | {"seen": "3"}, follow=True)
    assert MORE not in body(again)
    assert not waits(opened.dialogue)


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "x"}])
def test_an_answer_that_does_not_say_what_was_seen_ends_no_waiting(
    seen: dict[str, str], cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = written().dialogue
    desk(cast.mika_worker).post(of("answer", dialogue), {"text": "Påhittat svar"} | seen)
    assert dialogue.messages.count() == 2
    assert waits(dialogue)


def test_a_form_that_comes_back_has_seen_what_it_shows(cast: SimpleNamespace, desk: Any) -> None:
    opened = written()
    write_more(opened, "Ett tillägg")
    sent = {"text": " ", "seen": "1"}
    page = body(desk(cast.mika_worker).post(of("answer", opened.dialogue), sent))
    assert "Ett tillägg" in page
    assert 'name="seen" value="2"' in page


def test_a_call_that_was_the_answer_ends_the_waiting(cast: SimpleNamespace, desk: Any) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    call_wanted(dialogue)
    page = body(client.get(of("number", dialogue)))
    box = re.search(r'<input[^>]*name="was_answer"[^>]*>', page)
    assert box and "checked" in box[0]
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    client.post(of("called_back", dialogue), {"was_answer": "on", "seen": seen[1]})
    assert not waits(dialogue)


def test_a_call_before_the_person_wrote_more_is_not_the_answer_to_it(
    cast: SimpleNamespace, desk: Any
) -> None:
    opened, client = written(), desk(cast.mika_worker)
    call_wanted(opened.dialogue)
    write_more(opened, "Ett tillägg")
    sent = {"was_answer": "on", "seen": "1"}
    told = body(client.post(of("called_back", opened.dialogue), sent, follow=True))
    assert "Personen har skrivit något mer och väntar på svar" in told
    assert waits(opened.dialogue)
    assert client.get(of("number", opened.dialogue)).status_code == 422


def test_who_waits_for_no_answer_is_called_without_the_question(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = written().dialogue
    call_wanted(dialogue)
    Dialogue.objects.update(waits_since=None, answer_by=None)
    assert "was_answer" not in body(desk(cast.mika_worker).get(of("number", dialogue)))


@pytest.mark.parametrize("hours_ahead", [0, 2])
def test_a_number_says_when_now_is_no_safe_time(
    hours_ahead: int, cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, hour = written().dialogue, timezone.localtime().hour
    # Two hours long, so that it stands whichever second of the hour this is.
    since, until = (hour + hours_ahead) % 24, (hour + hours_ahead + 2) % 24
    call_wanted(dialogue, since=since, until=until)
    page = body(desk(cast.mika_worker).get(of("number", dialogue)))
    assert NUMBER in page
    warned = re.search(r"Nu är inte en säker tid\. Ring tidigast [0-9-]{10} (\d\d):00\.", page)
    assert (warned[1] if warned else None) == (f"{since:02}" if hours_ahead else None)
