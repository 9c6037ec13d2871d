"""A text is kept as it was written, in one form, or refused with a way out."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.core.text import LONGEST_NOTE, HiddenCharacter, TooLong, clean_text

TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
CONTROL = [n for n in (*range(0x20), *range(0x7F, 0xA0)) if chr(n) not in "\t\n\r\x0b\x0c\x85"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hej\r\npå\rdig", "Hej\npå\ndig"),
        ("Word\x0bbryter\x0cså\x85här\u2028och\u2029så", "Word\nbryter\nså\nhär\noch\nså"),
        ("\ufeffHej", "Hej"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("\tkolumn\t", "\tkolumn\t"),
        ("  blanka  \n", "  blanka  \n"),
        ("", ""),
        ("😀 中文 ไทย العربية", "😀 中文 ไทย العربية"),
        ("en\u200dhel familj 👩\u200d👧", "en\u200dhel familj 👩\u200d👧"),
        ("<script>alert(1)</script> #import", "<script>alert(1)</script> #import"),
    ],
)
def test_what_people_write_is_kept_in_one_form(text: str, kept: str) -> None:
    assert clean_text(text, 100) == kept


@pytest.mark.parametrize("code", [*CONTROL, *TURNING, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_a_character_that_hides_or_turns_text_is_refused_by_its_code(code: int) -> None:
    with pytest.raises(HiddenCharacter) as refused:
        clean_text(f"Första raden\nEtt belopp {chr(code)}000 1 kr", 100)
    said = str(refused.value)
    assert "Rad 2 " in said and f"U+{code:04X}" in said and "”Ett belopp 000 1 kr”" in said
    assert chr(code) not in said
    assert refused.value.without == "Första raden\nEtt belopp 000 1 kr"


def test_the_text_without_its_hidden_characters_can_be_saved_at_once() -> None:
    with pytest.raises(HiddenCharacter) as refused:
        clean_text("\u202eRing \u202a08-508 00 000\u202c\x00\r\ni morgon", 100)
    assert clean_text(refused.value.without, 100) == "Ring 08-508 00 000\ni morgon"


def test_a_text_is_counted_in_composed_characters_and_the_limit_itself_is_allowed() -> None:
    assert clean_text("a\u030a" * 10, 10) == "å" * 10
    with pytest.raises(TooLong, match="11 tecken lång och får vara högst 10"):
        clean_text("å" * 11, 10)


def test_a_note_of_ten_million_characters_is_told_its_length_and_the_limit() -> None:
    with pytest.raises(TooLong) as refused:
        clean_text("x" * 10_000_000, LONGEST_NOTE)
    assert "10000000" in str(refused.value) and "100000" in str(refused.value)


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_is_kept_or_refused_and_what_is_kept_stays_the_same(text: str) -> None:
    try:
        kept = clean_text(text, 1_000)
    except HiddenCharacter as refused:
        kept = clean_text(refused.without, 1_000)
    assert clean_text(kept, 1_000) == kept
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode("utf-8")


@given(st.text(alphabet="ab\n\u202e\x00å", max_size=40), st.integers(1, 30))
def test_every_refusal_is_bad_input_with_one_sentence(text: str, longest: int) -> None:
    try:
        assert len(clean_text(text, longest)) <= longest
    except BadInput as refused:
        assert str(refused).rstrip().endswith(".")


def test_a_pile_of_accents_is_refused_at_once_and_given_back_without_it() -> None:
    began = time.process_time()
    with pytest.raises(HiddenCharacter, match=r"U\+0301 COMBINING ACUTE ACCENT") as refused:
        clean_text("Hej a" + "\u0301" * 250_000 + " då", LONGEST_NOTE)
    assert time.process_time() - began < 1
    kept = clean_text(refused.value.without, LONGEST_NOTE)
    assert kept.startswith("Hej á\u0301")
    assert kept.endswith(" då")
    assert len(kept) < 50


def test_accents_that_languages_pile_are_kept() -> None:
    for text in ("e\u0302\u0301\u0323", "שָׁלוֹם", "क्षि", "a" + "\u0323" * 30):
        assert clean_text(text, 100)
