"""A refusal is one sentence that can be told in the reader's language."""

from datetime import date
from pathlib import Path

import pytest

from hamn.core.errors import (
    BadInput,
    FaultsInFile,
    NotVisible,
    PermissionDenied,
    Refusal,
    _,
    in_words,
)

ENGLISH = {
    "Avtalet är {state} den {day}.": "The agreement is {state} on {day}.",
    "uppsagt": "under notice",
    "gäller": "in force",
    "Rad {row}: {fault}": "Row {row}: {fault}",
}


def in_english(sentence: str, **facts: object) -> str:
    return in_words(sentence, facts, lambda text: ENGLISH.get(text, text))


def test_a_refusal_says_its_sentence_with_its_facts() -> None:
    refusal = Refusal("Avtalet är {state} den {day}.", state=_("uppsagt"), day=date(2024, 6, 1))
    assert str(refusal) == "Avtalet är uppsagt den 2024-06-01."


def test_facts_that_are_texts_are_translated_with_the_sentence() -> None:
    told = in_english("Avtalet är {state} den {day}.", state=_("uppsagt"), day=date(2024, 6, 1))
    assert told == "The agreement is under notice on 2024-06-01."


def test_what_a_person_typed_is_never_translated() -> None:
    assert in_english("Avtalet är {state} den {day}.", state="uppsagt", day=1) == (
        "The agreement is uppsagt on 1."
    )


def test_a_refusal_inside_a_refusal_is_translated_too() -> None:
    inner = BadInput("Avtalet är {state} den {day}.", state=_("gäller"), day=3)
    assert in_english("Rad {row}: {fault}", row=7, fault=inner) == (
        "Row 7: The agreement is in force on 3."
    )


@pytest.mark.parametrize("states", [["gäller", "uppsagt"], ("gäller", "uppsagt")])
def test_a_list_is_told_with_commas_and_each_part_translated(states: object) -> None:
    assert in_english("{states}", states=states) == "in force, under notice"


def test_braces_in_what_a_person_wrote_are_only_text() -> None:
    assert str(BadInput("”{text}” är fel.", text="{row} {0} {x!r}")) == "”{row} {0} {x!r}” är fel."


def test_a_path_is_shown_as_it_is() -> None:
    assert in_english("{name}", name=Path("parter.csv")) == "parter.csv"


def test_each_kind_of_refusal_has_a_code_of_its_own() -> None:
    kinds = [Refusal, BadInput, FaultsInFile, NotVisible, PermissionDenied]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_a_file_is_told_with_its_number_of_faults() -> None:
    refusal = FaultsInFile("parter.csv", [BadInput("a"), BadInput("b")])
    assert "parter.csv har 2 fel och ingenting har sparats" in str(refusal)
    assert [str(fault) for fault in refusal.faults] == ["a", "b"]


def test_a_file_of_another_kind_is_told_its_true_number_of_faults_and_shown_a_thousand() -> None:
    refusal = FaultsInFile("fel.csv", [BadInput("fel")] * 1500)
    assert refusal.facts["count"] == 1500
    assert len(refusal.faults) == 1000
