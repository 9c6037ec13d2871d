"""`hamn entitlement`: one answer with its clause and what can be said, for a program to read."""

import json
from datetime import date
from typing import Any

import pytest

from hamn.guards.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(hamn: Any, in_force: Any) -> Any:
    """A function that asks, with Österåker affiliated from June 2024, and reads the answer."""
    in_force("0117", date(2024, 5, 30), start=date(2024, 6, 1))

    def answer(*more: str, service: str = "mika", on: str = "2024-06-01") -> dict[str, str]:
        found = hamn("entitlement", "--service", service, "--on", on, *more, "--format", "json")
        assert (found.status, found.err) == (0, "")
        read: dict[str, str] = json.loads(found.out)
        assert list(read) == ["result", "clause", "say"]
        return read

    return answer


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (["--municipality", "0117"], "entitled"),
        (["--municipality", "0180"], "entitled"),
        (["--municipality", "0188"], "not_affiliated"),
        (["--municipality", "unknown"], "unknown_served"),
        (["--municipality", "declined"], "unknown_served"),
        ([], "unknown_served"),
        (["--municipality", "0188", "--acute"], "always_served"),
        (["--municipality", "0188", "--suspected-trafficking"], "always_served"),
        (["--municipality", "0188", "--age", "child"], "refer_child_coordinator"),
        (["--municipality", "0188", "--age", "child", "--acute"], "always_served"),
        (["--municipality", "0188", "--age", "young_adult"], "not_affiliated"),
        (["--municipality", "0188", "--age", "adult"], "not_affiliated"),
    ],
)
def test_the_five_answers_at_the_command_line(words: list[str], result: str, asked: Any) -> None:
    assert asked(*words)["result"] == result


def test_affiliation_counts_on_the_date_that_was_asked_about(asked: Any) -> None:
    assert asked("--municipality", "0117", on="2024-05-31")["result"] == "not_affiliated"
    assert asked("--municipality", "0117", on="2024-06-01") == {
        "result": "entitled",
        "clause": "avtalet § 4",
        "say": "Du är välkommen. Din kommun har avtal med oss, så hjälpen är till för dig och "
        "kostar ingenting.",
    }


@pytest.mark.parametrize("service", ["coordinator_adult", "coordinator_child"])
def test_a_coordinator_serves_everyone(service: str, asked: Any) -> None:
    assert asked("--municipality", "0188", service=service)["result"] == "always_served"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--service", "mikan", "--on", "2024-06-01"], 1, "Ingen verksamhet har koden ”mikan”"),
        (["--service", "mika", "--on", "juni"], 1, "juni"),
        (["--service", "mika", "--on", "2017-01-01"], 1, "2018-01-01"),
        (["--service", "mika", "--on", "2024-06-01", "--municipality", "9999"], 1, "9999"),
        (["--service", "mika", "--on", "2024-06-01", "--municipality", "Täby"], 1, "fyra"),
        (["--service", "mika", "--on", "2024-06-01", "--age", "17"], 2, "--age"),
        (["--service", "mika"], 2, "--on"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    words: list[str], status: int, told: str, hamn: Any
) -> None:
    answer = hamn("entitlement", *words)
    assert (answer.status, answer.out) == (status, "")
    assert told in answer.err
    if status == 1:
        assert answer.err.count("\n") == 1


def test_a_question_is_answered_in_words_and_leaves_no_trace(asked: Any, hamn: Any) -> None:
    before = Entry.objects.count()
    answer = hamn("entitlement", "--service", "kast", "--on", "2024-06-01")
    assert answer.out.startswith("KAST: får hjälp utan att säga hemkommun (avtalet § 3)")
    assert Entry.objects.count() == before


def test_a_stranger_gets_no_answer(hamn: Any) -> None:
    answer = hamn(
        "entitlement", "--service", "mika", "--on", "2024-06-01", "--as", "stranger@test.example"
    )
    assert (answer.status, answer.out) == (1, "")
