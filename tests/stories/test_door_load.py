"""The door when far more come than it has room for, and when somebody sends wrong codes.

Real processes; figures beside the bare work are `make bench`'s (bench/door.py). What is bounded
here is so far from what holds that only a door without fair turns would miss it.
"""

import random
import re
import statistics
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tools.centres import new_centre
from tools.doors import CONVERSATION, Answer, Door, Said, Visitor, checked, door_centre

from hamn.support.door.rules import codes

pytestmark = pytest.mark.slow

HERS, ANOTHERS = "198.51.100.7", "203.0.113.5"
WORDS = "Jag undrar en sak."
# New with every page: what a form carries, and how long it took is no part of the page either.
CARRIED = re.compile(r'name="token" value="[^"]+"|value="[0-9A-Za-z -]{20,40}"')
BUSY = 503


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("load")


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[Door]:
    """A door that all these stories share."""
    centre = new_centre(folder / "home")
    door_centre(centre, folder)
    made = Door(centre)
    made.start()
    yield made
    made.stop()
    centre.remove()


@pytest.fixture
def code(door: Door) -> str:
    """The code of a dialogue that is open."""
    return door.visitor().write(WORDS).code


def at_once(count: int, act: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_a_full_house_is_told_so_calmly_and_nothing_that_was_accepted_is_lost(
    door: Door, folder: Path
) -> None:
    answers: list[tuple[Visitor, str, str, Answer]] = []
    together = threading.Barrier(100)

    def send(number: int) -> None:
        visitor, text = door.visitor(f"198.51.100.{number}"), f"{WORDS} {number}"
        token = visitor.token()
        together.wait()
        answers.append((visitor, token, text, visitor.send(token, text)))

    at_once(100, send)
    rough = [one for *_more, one in answers if not (one.is_receipt or one.is_calm)]
    assert not rough, (rough[0].status, rough[0].text[-2000:])
    said = [Said(one.code, text) for _by, _token, text, one in answers if one.is_receipt]
    for visitor, token, text, one in answers:
        if not one.is_receipt:
            # What she wrote stands on the page; the same form is taken when she sends it again.
            assert text in one.text
            said.append(Said(visitor.send(token, text).code, text))
    found = checked(door.centre, folder, said)
    assert {name: found[name] for name in ("said", "lost", "unread", "doubled")} == {
        **{"said": 100, "lost": 0, "unread": 0, "doubled": 0}
    }
    assert "Traceback" not in door.told()


@pytest.mark.once
@pytest.mark.parametrize("address", [ANOTHERS, ""])
def test_a_right_code_gets_its_turn_while_somebody_sends_two_hundred_wrong_ones(
    door: Door, code: str, address: str
) -> None:
    reader = door.visitor(HERS if address else "")
    idle = [reading(reader, code) for _turn in range(10)]
    # Known by her address, whatever forms she opens; where no proxy tells it, by her form.
    pages = 200 if address else 1
    tokens = [door.visitor(address).token("/svar/") for _page in range(pages)]
    left = [(codes.new_code(), tokens[number % pages]) for number in range(200)]
    told: Counter[int] = Counter()

    def send(_number: int) -> None:
        visitor = door.visitor(address)
        while left:
            wrong, token = left.pop()
            answer = visitor.come_back(wrong, token)
            told[answer.status] += 1
            assert answer.status == 422 or answer.is_calm

    flood = threading.Thread(target=at_once, args=(40, send))
    flood.start()
    meanwhile = []
    while flood.is_alive():
        meanwhile.append(reading(reader, code))
    flood.join()
    assert told.total() == 200
    assert set(told) <= {422, BUSY}
    assert statistics.median(meanwhile) < 6 * statistics.median(idle) + 0.5


def reading(visitor: Visitor, code: str) -> float:
    """Seconds from the code to the dialogue on the screen."""
    visitor.cookies.clear()
    opened = visitor.come_back(code)
    assert opened.status == 302, (opened.status, opened.text[-1500:])
    page = visitor.ask("GET", CONVERSATION)
    assert WORDS in page.text
    return opened.taken_s + page.taken_s


@pytest.mark.once
def test_a_code_of_none_of_an_ended_and_of_a_blocked_dialogue_are_answered_alike(
    door: Door, code: str
) -> None:
    ended = door.visitor().write(WORDS).code
    end(door, ended)
    door.centre.run("-m", "tools.door_centre", "block", code)
    asked = {"none": codes.new_code(), "ended": ended, "blocked": code}
    visitor = door.visitor()
    taken: dict[str, list[float]] = {name: [] for name in asked}
    pages = set()
    for _turn in range(40):
        # In another order each time, so that what else the machine does falls on all alike.
        for name, one in random.sample([*asked.items()], len(asked)):
            answer = visitor.come_back(one)
            taken[name].append(answer.taken_s)
            pages.add((answer.status, CARRIED.sub("", answer.text).replace(one, "")))
            assert visitor.cookies == {}
    assert len(pages) == 1
    # The quickest tenth of each: beside other work the middle is that work's time, not the door's.
    quickest = [statistics.mean(sorted(one)[:4]) for one in taken.values()]
    # One hash each: a dialogue that was found and not opened would take a tenth more at most.
    assert max(quickest) < 1.25 * min(quickest)


def end(door: Door, code: str) -> None:
    visitor = door.visitor()
    assert visitor.come_back(code).status == 302
    path = f"{CONVERSATION}avsluta/"
    [proof] = set(re.findall(r'name="proof" value="([^"]+)"', visitor.ask("GET", path).text))
    ended = visitor.ask("POST", path, {"proof": proof, "wants_erased": "keep"})
    assert ended.status == 200 and "avslutad" in ended.text


def test_a_form_sent_by_ten_at_the_same_moment_is_one_dialogue(door: Door, folder: Path) -> None:
    token, answers = door.visitor().token(), list[Answer]()
    before = checked(door.centre, folder, [])["dialogues"]
    at_once(10, lambda _number: answers.append(door.visitor().send(token, WORDS)))
    assert all(one.is_receipt or one.is_calm for one in answers)
    assert len({one.code for one in answers if one.is_receipt}) == 1
    assert checked(door.centre, folder, [])["dialogues"] == before + 1


@pytest.mark.soak
def test_ten_thousand_wrong_codes_end_in_calm_words_and_the_door_is_well(
    door: Door, code: str
) -> None:
    told: Counter[int] = Counter()

    def send(number: int) -> None:
        # The first sender is one address that goes on; the others cannot be told apart.
        visitor = door.visitor(ANOTHERS if number == 0 else "")
        token = visitor.token("/svar/")
        for _turn in range(1_250):
            answer = visitor.come_back(codes.new_code(), token)
            told[answer.status] += 1
            assert answer.status == 422 or answer.is_calm

    at_once(8, send)
    assert told.total() == 10_000
    assert told[422] > 1_000
    reading(door.visitor(HERS), code)
    assert "Traceback" not in door.told()
