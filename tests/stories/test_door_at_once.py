"""The same form sent several times at once, and several forms in one dialogue: on a real door.

People press twice, and browsers send again what had no answer. Nothing becomes two, nothing is
lost, and nobody is shut out by the other answer.
"""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tools.centres import new_centre
from tools.doors import Answer, Door, Visitor, door_centre

pytestmark = pytest.mark.slow
MANY = 5
CHANGE = "/svar/dialog/kod/"
WORDS = "Påhittade ord nummer"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("at-once")
    centre = new_centre(folder / "home")
    door_centre(centre, folder)
    made = Door(centre)
    made.start()
    yield made
    made.stop()
    centre.remove()


def at_once(door: Door, act: Callable[[Visitor, int], Answer], **cookies: str) -> list[Answer]:
    """What so many browsers are answered that do it at the same time, each until it is taken."""

    def one(number: int) -> Answer:
        visitor = door.visitor()
        visitor.cookies.update(cookies)
        for _each in range(100):
            answer = act(visitor, number)
            if not answer.is_calm:
                return answer
            time.sleep(0.1)
        return answer

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def written(door: Door) -> tuple[Visitor, str]:
    """Somebody who has written and opened her dialogue, and her code."""
    visitor = door.visitor()
    code = visitor.write(f"{WORDS} noll").code
    assert visitor.come_back(code).status == 302
    return visitor, code


def hidden(page: Answer) -> dict[str, str]:
    """The hidden fields of the first form on the page."""
    form = page.text.partition("<form")[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def count_of(page: Answer, words: str) -> int:
    return page.text.count(words)


def test_the_first_form_sent_at_once_is_one_dialogue_with_one_code(door: Door) -> None:
    token = door.visitor().token()
    answers = at_once(door, lambda visitor, _number: visitor.send(token, f"{WORDS} ett"))
    assert {one.status for one in answers} == {200}
    codes = {one.code for one in answers}
    assert len(codes) == 1
    reader = door.visitor()
    reader.come_back(codes.pop())
    assert count_of(reader.read(), f"{WORDS} ett") == 1


def test_one_message_sent_at_once_is_one_message(door: Door) -> None:
    visitor, _code = written(door)
    form = {**hidden(visitor.read()), "text": f"{WORDS} två"}
    answers = at_once(
        door, lambda other, _number: other.ask("POST", "/svar/dialog/", form), **visitor.cookies
    )
    assert {one.status for one in answers} == {302}
    assert count_of(visitor.read(), f"{WORDS} två") == 1


def test_messages_sent_at_once_in_one_dialogue_are_all_there(door: Door) -> None:
    visitor, _code = written(door)
    answers = at_once(
        door, lambda other, number: other.add(f"{WORDS} {number}."), **visitor.cookies
    )
    assert {one.status for one in answers} == {302}
    page = visitor.read()
    assert [count_of(page, f"{WORDS} {number}.") for number in range(MANY)] == [1] * MANY


def test_the_change_of_code_sent_at_once_shows_everyone_the_code_that_opens(door: Door) -> None:
    visitor, old = written(door)
    form = hidden(visitor.ask("GET", CHANGE))
    answers = at_once(
        door, lambda other, _number: other.ask("POST", CHANGE, form), **visitor.cookies
    )
    assert {one.status for one in answers} == {200}
    codes = {one.code for one in answers}
    assert len(codes) == 1
    reader = door.visitor()
    assert reader.come_back(old).status == 422
    assert reader.come_back(codes.pop()).status == 302
    assert count_of(reader.read(), f"{WORDS} noll") == 1
