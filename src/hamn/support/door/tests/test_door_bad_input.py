"""What comes broken, too long or where it does not belong: told calmly, and nothing is lost."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.support.door.models import Dialogue, Message
from hamn.support.door.queries import person
from hamn.support.door.tests.inbox import opened_by
from hamn.support.door.tests.reading import TEXT, Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


@pytest.mark.parametrize(
    "text",
    [
        "😀👩‍👩‍👧 påhittat 🏳️‍🌈",
        "أكتب بالعربية",
        "ฉันเขียนภาษาไทย",
        "Scriu în română: șț",
        "<script>alert(1)</script> & \"citat\" 'så'",
        "Rad ett\nrad två\n\n\nrad fem",
        "😀" * 20_000,
    ],
    ids=["emoji", "arabic", "thai", "romanian", "markup", "lines", "long emoji"],
)
def test_what_she_writes_comes_back_as_she_wrote_it(she: Somebody, text: str) -> None:
    code = she.writes(text)
    assert person.messages_of(opened_by(code))[0].text == text


def test_markup_is_shown_as_text(she: Somebody) -> None:
    she.comes_back(she.writes("<b>fet</b><script>alert(1)</script>"))
    assert she.page is not None
    shown = she.page.content.decode()
    assert "<b>fet" not in shown
    assert "<script>alert" not in shown
    assert "&lt;b&gt;fet" in shown


def test_a_hundred_kilobytes_are_told_to_be_too_long_and_are_all_there(she: Somebody) -> None:
    text = "påhittat " * 11_000
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=text, age="adult")
    assert she.status == 422
    assert "får vara högst 20000" in page
    assert text.strip() in page.replace("\r\n", "\n")
    assert not Dialogue.objects.exists()


@pytest.mark.parametrize("text", ["före\x00efter", "före\u202eefter"], ids=["null", "turning"])
def test_a_hidden_character_is_named_and_the_text_comes_back_without_it(
    she: Somebody, text: str
) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=text, age="adult")
    assert she.status == 422
    assert "dolt tecken" in page
    assert "föreefter" in page
    assert not Dialogue.objects.exists()


def test_nothing_written_and_no_number_is_asked_for(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text="  \n ", age="adult")
    assert she.status == 422
    assert "Skriv några ord, eller ett nummer att ringa." in page


def test_a_file_where_none_is_asked_for_does_no_harm(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    picture = BytesIO(b"\x89PNG made up")
    picture.name = "bild.png"
    she.page = she.browser.post(
        "/kontakt/1/", {**she.carried, "text": TEXT, "age": "adult", "bild": picture}
    )
    assert she.status in (200, 422)
    assert TEXT in she.text or len(she.code) == 20


def test_a_wrong_number_and_half_hours_are_told_and_the_words_kept(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT, age="adult", phone="hej", since="9")
    assert she.status == 422
    assert "inget telefonnummer" in page
    assert "Skriv både från vilken timme och till vilken" in page
    assert TEXT in page


@pytest.mark.parametrize("number", [0, 10, 11, 99])
def test_a_situation_that_nobody_has_is_not_there(she: Somebody, number: int) -> None:
    she.visits(f"/kontakt/{number}/")
    assert she.status == 404


@pytest.mark.parametrize("path", ["/kontakt/", "/kontakt/1/", "/svar/", "/svar/dialog/"])
def test_other_methods_are_refused(she: Somebody, path: str) -> None:
    assert she.browser.put(path).status_code in (403, 405)
    assert she.browser.delete(path).status_code in (403, 405)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "token",
                "text",
                "age",
                "phone",
                "since",
                "until",
                "days",
                "told",
                "code",
                "proof",
                "receipt",
                "again",
            ]
        ),
        st.text(max_size=80),
    )
)
def test_no_form_however_broken_breaks_the_page(door: Any, fields: dict[str, str]) -> None:
    she = Somebody(door())
    for path in (
        "/kontakt/1/",
        "/kontakt/5/",
        "/svar/",
        "/kontakt/kvitto/",
        "/svar/dialog/",
        "/svar/dialog/kod/",
        "/svar/dialog/avsluta/",
    ):
        answer = she.browser.post(path, fields)
        assert answer.status_code in (200, 302, 422)
    assert not Message.objects.exists()
