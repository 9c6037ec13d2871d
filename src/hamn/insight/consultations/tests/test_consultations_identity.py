"""What looks like a client's identity is found, and what is none is left alone."""

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from hamn.core.errors import BadInput
from hamn.insight.consultations.rules.identity import ClientIdentity, Sign, check_no_client, signs

# A shared machine may be slow; what is found does not depend on it.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TELLING = [
    ("Hon har 19900101-0017 och bor kvar.", Sign.PERSONAL_NUMBER),
    ("Hon har 900101-0017.", Sign.PERSONAL_NUMBER),
    ("199001010017", Sign.PERSONAL_NUMBER),
    ("19 900101 0017", Sign.PERSONAL_NUMBER),
    ("1990 01 01-0017", Sign.PERSONAL_NUMBER),
    ("1990.01.01-0017", Sign.PERSONAL_NUMBER),
    ("1990\u00a001\u00a001\u00a00017", Sign.PERSONAL_NUMBER),
    ("samordningsnummer 900161-0017", Sign.PERSONAL_NUMBER),
    ("fel siffra men formen är ett nummers: 900101-0018", Sign.PERSONAL_NUMBER),
    ("dnr 12 19900101-0017", Sign.PERSONAL_NUMBER),
    ("19900101-XXXX", Sign.PERSONAL_NUMBER),
    ("900101xxxx", Sign.PERSONAL_NUMBER),
    ("١٩٩٠٠١٠١-٠٠١٧", Sign.PERSONAL_NUMBER),
    ("１９９００１０１－００１７", Sign.PERSONAL_NUMBER),
    ("Hon är född 1999-03-12 i Rumänien", Sign.BIRTHDAY),
    ("född den 12 mars 1999", Sign.BIRTHDAY),
    ("född 19990312", Sign.BIRTHDAY),
    ("Nås på 070-174 06 05.", Sign.PHONE),
    ("ring +46 70 174 06 05", Sign.PHONE),
    ("(0046) 70-1740605 eller 0701740605", Sign.PHONE),
    ("hennes e-post är exempel.person@post.example", Sign.EMAIL),
    ("Hon heter Exempla och vill ha hjälp", Sign.NAME),
    ("en kvinna vid namn Påhitt", Sign.NAME),
    ("hon kallas för ”Exempla”", Sign.NAME),
    ("klienten Exempla vill inte", Sign.NAME),
    ("Her name is Exempla", Sign.NAME),
    ("the girl Exempla", Sign.NAME),
    ("Exempla Påhittsson sökte oss", Sign.NAME),
    ("hon bor på Påhittade vägen 12", Sign.ADDRESS),
    ("bor på Exempelgatan 3", Sign.ADDRESS),
]
INNOCENT = [
    "Hur kan vi fråga om sex mot ersättning utan att det blir fel?",
    "Hon är 24 år, född 1999, och kom hit 2024-11-22.",
    "Vi ses kl. 08.00-16.00, eller 9–16 på vardagar.",
    "Lagen (2018:1197) och SoL 19 kap. 1 §, dnr 1.7-0753/2009.",
    "Ring 112, 114 14 eller 020-390 000.",
    "Jag heter Exempla och arbetar i Österåker.",
    "Vad heter lagen? Vad kallas en sådan insats?",
    "Klienten vill inte polisanmäla. Kvinnan har två barn.",
    "Vi har 12 enheter, 300 elever och 1 500 kronor.",
    "Personen nämnde Mika Hälsa och Region Stockholm.",
    "",
]


@pytest.mark.parametrize(("text", "sign"), TELLING, ids=[text for text, _sign in TELLING])
def test_what_tells_of_somebody_is_found(text: str, sign: Sign) -> None:
    assert sign in {found.sign for found in signs(text)}


@pytest.mark.parametrize("text", INNOCENT)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert list(signs(text)) == []


@UNHURRIED
@given(
    born=st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    serial=st.integers(1, 999),
    is_coordination=st.booleans(),
    between=st.sampled_from(["", "-", " ", "+", " - ".strip()]),
    has_century=st.booleans(),
)
def test_every_right_personal_or_coordination_number_is_found_in_any_form(
    born: date, serial: int, is_coordination: bool, between: str, has_century: bool
) -> None:
    day = born.day + 60 if is_coordination else born.day
    nine = f"{born:%y%m}{day:02}{serial:03}"
    number = (f"{born:%Y}"[:2] if has_century else "") + nine[:6] + between + nine[6:]
    text = f"Personen har {number}{luhn.calc_check_digit(nine)} enligt akten."
    assert any(found.is_certain for found in signs(text))


@UNHURRIED
@given(st.text(max_size=400))
def test_any_text_is_read_to_its_end(text: str) -> None:
    for found in signs(text):
        assert 1 <= found.line <= text.count("\n") + 1 + len(text)


def test_the_writers_own_name_and_ways_to_be_reached_are_no_sign() -> None:
    own = ("Exempla Påhittsson", "+46701740605", "exempla@kommun.example")
    text = "Exempla Påhittsson, 070-174 06 05, exempla@kommun.example"
    assert list(signs(text, own=own)) == []
    assert {found.sign for found in signs(text)} == {Sign.NAME, Sign.PHONE, Sign.EMAIL}


def test_what_is_in_doubt_may_be_confirmed_and_a_personal_number_never() -> None:
    doubt = "Hon heter Exempla."
    with pytest.raises(ClientIdentity) as refused:
        check_no_client(doubt, own=(), is_confirmed=False)
    assert not refused.value.is_certain
    check_no_client(doubt, own=(), is_confirmed=True)
    with pytest.raises(ClientIdentity) as refused:
        check_no_client("900101-0017", own=(), is_confirmed=True)
    assert refused.value.is_certain


def test_the_refusal_names_line_and_kind_and_repeats_nothing() -> None:
    with pytest.raises(BadInput) as refused:
        check_no_client("En fråga.\n\nHon heter Exempla, 900101-0017", own=(), is_confirmed=False)
    told = str(refused.value)
    assert "ett personnummer eller samordningsnummer, ett namn (rad 3)" in told
    assert "Exempla" not in told and "0017" not in told


@pytest.mark.parametrize(
    "flood", ["1" * 100_000, "0 " * 50_000, "heter " * 20_000, "a-" * 50_000, "a.b@" * 25_000]
)
def test_a_flood_of_signs_is_read_in_its_length(flood: str) -> None:
    began = time.process_time()
    list(signs(flood))
    assert time.process_time() - began < 5
