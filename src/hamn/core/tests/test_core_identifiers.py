"""Every way in which a number with a check digit can be wrong has one sentence."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.core.identifiers import (
    digits_of,
    giro_number,
    hyphenated,
    ocr_reference,
    organisation_number,
    participant_id,
    personal_number,
    phone,
)

STOCKHOLM = "2120000142"
TODAY = date(2026, 11, 22)


def luhn_sum(digits: str) -> int:
    """The weighted sum of the Luhn rule, written from its description."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        doubled = int(sign) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total


def with_check_digit(body: str) -> str:
    return next(body + str(n) for n in range(10) if luhn_sum(body + str(n)) % 10 == 0)


@pytest.mark.parametrize(
    "text", ["212000-0142", "2120000142", " 212000 0142 ", "212000\u00a00142", "21 20 00-01 42"]
)
def test_an_organisation_number_is_ten_digits_however_it_is_spaced(text: str) -> None:
    assert organisation_number(text) == STOCKHOLM


@given(st.text("0123456789", min_size=6, max_size=6), st.sampled_from("23456789"))
def test_every_number_with_its_check_digit_is_an_organisation_number(tail: str, third: str) -> None:
    number = with_check_digit(f"21{third}{tail}")
    assert organisation_number(number) == number
    assert organisation_number(hyphenated(number)) == number


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_changed_digit_never_passes(place: int, change: int) -> None:
    wrong = str((int(STOCKHOLM[place]) + change) % 10)
    with pytest.raises(BadInput):
        organisation_number(STOCKHOLM[:place] + wrong + STOCKHOLM[place + 1 :])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ska ha tio siffror"),
        ("212000-014", "ska ha tio siffror"),
        ("162120000142", "ska ha tio siffror"),
        ("SE212000014201", "ska ha tio siffror"),
        ("212000–0142", "ska ha tio siffror"),
        ("２１２０００0142", "ska ha tio siffror"),
        ("tjugoett", "ska ha tio siffror"),
        ("212000-0143", "kontrollsiffran stämmer inte"),
        ("210200-0142", "kontrollsiffran stämmer inte"),
        ("900101-0017", "ser ut som ett personnummer"),
        ("811228-9874", "ser ut som ett personnummer"),
    ],
)
def test_a_wrong_organisation_number_is_told_how_it_is_wrong(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        organisation_number(text)
    assert says in str(refused.value) and f"”{text}”" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("  ", ""),
        ("0007:2120000142", "0007:2120000142"),
        (" 0007:2120000142 ", "0007:2120000142"),
        ("0088:7300010000001", "0088:7300010000001"),
    ],
)
def test_a_peppol_id_of_the_organisation_is_kept(text: str, read: str) -> None:
    assert participant_id(text, organisation_number=STOCKHOLM) == read


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2120000142", "ska skrivas 0007:"),
        ("0007", "ska skrivas 0007:"),
        ("0007:", "ska skrivas 0007:"),
        ("7:2120000142", "ska skrivas 0007:"),
        ("ABCD:2120000142", "ska skrivas 0007:"),
        ("0007;2120000142", "ska skrivas 0007:"),
        ("０００７:5560360793", "ska skrivas 0007:"),
        ("0088:7300 010000001", "ska skrivas 0007:"),
        ("0007:212000-0142", "hör inte till organisationsnumret 212000-0142"),
        ("0007:5560360793", "Det ska vara 0007:2120000142"),
        ("0007: 2120000142", "ska skrivas 0007:"),
    ],
)
def test_a_wrong_peppol_id_is_told_how_it_is_wrong(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        participant_id(text, organisation_number=STOCKHOLM)
    assert says in str(refused.value)


def test_a_bankgiro_number_keeps_its_digits_only() -> None:
    assert giro_number("9999-9997", name="Bankgirot", shortest=7) == "99999997"
    assert giro_number("", name="Bankgirot", shortest=7) == ""


@pytest.mark.parametrize(
    "text", ["9999-9998", "999-997", "9999-99970", "bankgiro", "９９９９-9997", "²²²²²²²²"]
)
def test_a_wrong_bankgiro_number_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(BadInput, match=f"Bankgirot ”{text}” är felskrivet"):
        giro_number(text, name="Bankgirot", shortest=7)


@given(st.text("0123456789", min_size=1, max_size=22), st.booleans())
def test_an_ocr_reference_checks_and_tells_its_own_length(number: str, with_length: bool) -> None:
    reference = ocr_reference(number, with_length=with_length)
    assert luhn_sum(reference) % 10 == 0
    assert reference.startswith(number)
    assert len(reference) == len(number) + 1 + with_length
    if with_length:
        assert int(reference[-2]) == len(reference) % 10


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("08-508 00 000", "+46850800000"),
        ("(08) 508 00 000", "+46850800000"),
        ("+46 8 508 00 000", "+46850800000"),
        ("0046 8 508 00 000", "+46850800000"),
        ("08-50 80 00 00", "+46850800000"),
        ("+47 22 86 44 00", "+4722864400"),
        ("", ""),
        (" \u00a0", ""),
    ],
)
def test_a_phone_number_is_normalised_however_it_is_grouped(text: str, read: str) -> None:
    assert phone(text) == read


@pytest.mark.parametrize("text", ["ring mig", "08", "112", "0" * 30, "+999 123", "-", "1" * 300])
def test_what_can_be_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="är inget telefonnummer"):
        phone(text)


def test_digits_of_takes_away_the_blanks_and_hyphens_that_people_write() -> None:
    assert digits_of(" 184\u00a086-1\u202f2\t3 ") == "18486123"


def personal(birth: str, serial: str = "001") -> str:
    """Twelve digits of an invented number, its check digit from the rule above."""
    return birth[:2] + with_check_digit(birth[2:] + serial)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("19900101-0017", "199001010017"),
        ("900101-0017", "199001010017"),
        ("9001010017", "199001010017"),
        (" 1990\u00a00101 0017 ", "199001010017"),
        ("121212-1212", "201212121212"),
        ("121212+1212", "191212121212"),
        ("19121212+1212", "191212121212"),
        ("701063-2391", "197010632391"),
        ("19701063-2391", "197010632391"),
    ],
)
def test_a_personal_number_is_twelve_digits_however_it_is_written(text: str, read: str) -> None:
    assert personal_number(text, today=TODAY) == read


@pytest.mark.parametrize("text", ["191500882392", "191503882399", "191500722390"])
def test_a_coordination_number_without_month_is_read_as_the_tax_agency_gives_it(text: str) -> None:
    assert personal_number(text, today=TODAY) == text


def test_a_coordination_number_without_day_is_read() -> None:
    number = personal("19850060")
    assert personal_number(number, today=TODAY) == number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "har tolv eller tio siffror"),
        ("800101", "har tolv eller tio siffror"),
        ("2120000142x", "har tolv eller tio siffror"),
        ("17900101-0017", "har tolv eller tio siffror"),
        ("９００１０１-0017", "har tolv eller tio siffror"),
        ("1" * 10_000, "har tolv eller tio siffror"),
        ("900101-0018", "kontrollsiffran stämmer inte"),
        ("701063-2390", "kontrollsiffran stämmer inte"),
        (personal("19900230"), "ett datum som inte finns"),
        (personal("19901301"), "ett datum som inte finns"),
        (personal("19900001"), "ett datum som inte finns"),
        (personal("19900100"), "ett datum som inte finns"),
        (personal("19900292"), "ett datum som inte finns"),
        (personal("19900101", "000"), "ett datum som inte finns"),
        (STOCKHOLM, "ett datum som inte finns"),
        (personal("20261123"), "en födelsedag som inte har varit än"),
        (personal("20270101"), "en födelsedag som inte har varit än"),
        (personal("20270060"), "en födelsedag som inte har varit än"),
        (personal("20261123")[2:], "en födelsedag som inte har varit än"),
    ],
)
def test_a_wrong_personal_number_is_told_how_it_is_wrong_but_not_repeated(
    text: str, says: str
) -> None:
    with pytest.raises(BadInput) as refused:
        personal_number(text, today=TODAY)
    assert says in str(refused.value)
    assert not text or text not in str(refused.value)


def test_a_child_born_today_has_a_number() -> None:
    number = personal("20261122")
    assert personal_number(number, today=TODAY) == number
    assert personal_number(number[2:], today=TODAY) == number


@given(st.dates(date(1870, 1, 1), TODAY), st.integers(1, 999), st.sampled_from([0, 60]))
def test_every_day_that_has_been_gives_numbers_that_are_read_back(
    born: date, serial: int, added: int
) -> None:
    number = personal(f"{born:%Y%m}{born.day + added:02}", f"{serial:03}")
    assert personal_number(number, today=TODAY) == number
    assume(TODAY - born < timedelta(days=99 * 365))
    assert personal_number(f"{number[2:8]}-{number[8:]}", today=TODAY) == number


@given(st.text(max_size=16))
def test_any_text_is_a_personal_number_or_bad_input(text: str) -> None:
    try:
        assert len(personal_number(text, today=TODAY)) == 12
    except BadInput as refused:
        assert str(refused).endswith(".")
