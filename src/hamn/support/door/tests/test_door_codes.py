"""A person's code: read as people write, and checked so that no slip passes for another code."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.support.door.rules import codes
from hamn.support.door.rules.codes import BadCode

CODE = "7K3F92WM0ABCDEFG"
signs = st.integers(0, 31)
randoms = st.lists(signs, min_size=16, max_size=16)


def code_of(random: list[int]) -> str:
    return "".join(codes.SIGNS[sign] for sign in (*random, *codes._checks(random)))


def test_a_code_has_twenty_signs_in_five_groups_of_four() -> None:
    code = codes.new_code()
    assert len(code) == 20
    assert [len(group) for group in codes.shown(code).split("-")] == [4] * 5


def test_the_alphabet_has_no_sign_that_looks_like_another() -> None:
    assert len(set(codes.SIGNS)) == 32
    assert not set("OILU") & set(codes.SIGNS)


def test_no_code_comes_twice_and_every_sign_of_it_varies() -> None:
    made = [codes.new_code() for _each in range(2000)]
    assert len(set(made)) == 2000
    assert all(len({code[place] for code in made}) == 32 for place in range(20))


def test_sixteen_signs_are_random_and_four_follow_from_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[int] = []

    def below(most: int) -> int:
        drawn.append(most)
        return len(drawn) % most

    monkeypatch.setattr(secrets, "randbelow", below)
    first = codes.new_code()
    assert drawn == [32] * 16
    assert codes.read(first) == first


@given(randoms)
def test_a_code_is_read_as_it_was_made(random: list[int]) -> None:
    code = code_of(random)
    assert codes.read(code) == code
    assert codes.read(codes.shown(code)) == code


@given(randoms, st.sampled_from(" \u00a0\u2009\t\n-\u2013\u2014.,:/\u200b\u200e\u200f\ufeff_"))
def test_what_stands_between_the_groups_does_not_matter(random: list[int], between: str) -> None:
    code = code_of(random)
    assert codes.read(between.join(codes.groups(code)) + between) == code


@given(randoms)
def test_small_letters_and_look_alikes_are_read_as_what_is_meant(random: list[int]) -> None:
    code = code_of(random)
    assert codes.read(code.lower()) == code
    assert codes.read(code.replace("0", "O").replace("1", "l").replace("V", "u")) == code
    assert codes.read(code.replace("0", "o").replace("1", "I").replace("V", "U")) == code


@given(randoms)
def test_digits_of_other_scripts_and_full_width_signs_are_read(random: list[int]) -> None:
    code = code_of(random)
    assert codes.read(code.translate({48 + n: 0x660 + n for n in range(10)})) == code
    assert codes.read(code.translate({48 + n: 0xE50 + n for n in range(10)})) == code
    assert codes.read("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == code


@given(randoms, st.lists(st.tuples(st.integers(0, 19), st.integers(1, 31)), min_size=1, max_size=4))
def test_up_to_four_wrong_signs_never_make_another_code(
    random: list[int], wrong: list[tuple[int, int]]
) -> None:
    whole = [codes.SIGNS.index(sign) for sign in code_of(random)]
    changed = list(whole)
    for place, by in wrong:
        changed[place] = whole[place] ^ by
    with pytest.raises(BadCode):
        codes.read("".join(codes.SIGNS[sign] for sign in changed))


@given(randoms, st.integers(0, 18))
def test_two_neighbours_that_changed_places_are_found(random: list[int], place: int) -> None:
    code = list(code_of(random))
    code[place], code[place + 1] = code[place + 1], code[place]
    if code[place] == code[place + 1]:
        assert codes.read("".join(code))
    else:
        with pytest.raises(BadCode):
            codes.read("".join(code))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Här står 0."),
        ("7K3F-92WM", "Här står 8."),
        ("*" * 20, "Här står 0."),
        ("§" * 20, "Här står 0."),
        ("=" * 20, "Något tecken"),
        ("ÅÄÖÅÄÖÅÄÖÅÄÖÅÄÖÅÄÖÅÄ", "Något tecken"),
        ("😀" * 20, "Något tecken"),
        ("\x00" * 20, "Här står 0."),
        ("0" * 65, "för långt"),
        ("0" * 1_000_000, "för långt"),
    ],
)
def test_what_is_no_code_is_told_in_one_calm_sentence(text: str, told: str) -> None:
    with pytest.raises(BadCode) as refused:
        codes.read(text)
    assert told in str(refused.value)


@given(st.text(max_size=64))
def test_any_text_is_a_code_or_told_not_to_be(text: str) -> None:
    try:
        code = codes.read(text)
    except BadCode:
        return
    assert len(code) == 20
    assert set(code) <= set(codes.SIGNS)


def test_a_code_is_spelled_with_the_swedish_spelling_alphabet() -> None:
    spelled = codes.spelled("0123456789ABCDEFGHJK")
    assert spelled[0] == ["nolla", "etta", "tvåa", "trea"]
    assert spelled[2] == ["åtta", "nia", "Adam", "Bertil"]
    assert spelled[4] == ["Gustav", "Helge", "Johan", "Kalle"]


def test_every_sign_has_a_word_of_its_own() -> None:
    words = [codes.spelled(sign * 20)[0][0] for sign in codes.SIGNS]
    assert len(set(words)) == 32
    letters = codes.SIGNS[10:]
    assert [word[0].upper() for word in words[10:]] == list(letters)
