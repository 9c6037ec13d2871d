"""The words of the public pages stand in every language of the door, and nothing stays Swedish."""

import re
from collections import Counter
from string import Formatter
from typing import Any

import polib
import pytest
from tools import public_words

from hamn.support.door.actions import limits
from hamn.support.door.rules.languages import LANGUAGES
from hamn.support.door.tests.reading import Somebody

FURTHER = public_words.LANGUAGES
PAGES = (
    *("/", "/vag/1/", "/vag/2/", "/vag/3/", "/vag/4/", "/vag/5/", "/mika/", "/kast/"),
    *("/regionkoordinator/", "/om-svar/", "/dolj-spar/", "/tillganglighet/"),
    *("/kontakt/", "/svar/", "/none/"),
)
INSIDE = (
    *("dialog/", "dialog/namn/", "dialog/annan/", "dialog/meddelande/", "dialog/ring/"),
    *("dialog/kod/", "dialog/radera/", "dialog/avsluta/"),
)
SWEDISH = re.compile("[^ ]*[åäöÅÄÖ][^ ]*")


@pytest.fixture(scope="module")
def marked() -> dict[str, str]:
    """Each sentence of the public face, with a place where it stands."""
    return public_words.public_sentences()


def catalogue(language: str) -> dict[str, str]:
    path = public_words.CATALOGUES / language / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}


def test_the_further_languages_are_those_of_the_door() -> None:
    assert set(FURTHER) == set(LANGUAGES) - {"sv", "en"}


def test_the_public_face_is_found_with_its_pages_and_not_with_the_desks(
    marked: dict[str, str],
) -> None:
    assert {"Lämna sidan", "Jag är under 18", "Din kod", "Välj en tid"} <= set(marked)
    assert {"Webbplatsens texter", "Dialog läst."}.isdisjoint(marked)


@pytest.mark.parametrize("language", FURTHER)
def test_every_sentence_of_the_public_face_has_a_translation(
    language: str, marked: dict[str, str]
) -> None:
    told = catalogue(language)
    lacking = {one: place for one, place in marked.items() if not told.get(one, "").strip()}
    assert not lacking, "run tools/catalogues.py collect, and translate"


@pytest.mark.parametrize("language", FURTHER)
def test_a_catalogue_holds_no_sentence_that_the_face_has_dropped(
    language: str, marked: dict[str, str]
) -> None:
    assert sorted(catalogue(language).keys() - marked.keys()) == []


@pytest.mark.parametrize("language", FURTHER)
def test_a_translation_keeps_every_placeholder_and_no_swedish_letter(language: str) -> None:
    def facts(sentence: str) -> Counter[str]:
        return Counter(name for _text, name, _form, _as in Formatter().parse(sentence) if name)

    told = catalogue(language)
    assert not {one: text for one, text in told.items() if facts(one) != facts(text)}
    assert not {one: text for one, text in told.items() if SWEDISH.search(text)}


def test_every_public_template_marks_its_words_so_that_they_are_collected() -> None:
    templates = [path for path in public_words.public_files() if path.suffix == ".html"]
    assert len(templates) > 10
    for path in templates:
        assert "blocktrans" not in path.read_text(encoding="utf-8"), path


def swedish_in(text: str) -> list[str]:
    """The words with a Swedish letter that a reader or a screen reader meets on the page."""
    # What is marked as Swedish is meant to be: its own name, and the spelling alphabet.
    body = re.sub(r'(?s)<(\w+)[^>]* lang="sv"[^>]*>.*?</\1>', "", text.partition("<body")[2])
    labels = re.findall(r'(?:aria-label|placeholder|data-[a-z-]+)="([^"]*)"', body)
    return SWEDISH.findall(" ".join([re.sub("<[^>]+>", " ", body), *labels]))


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", *FURTHER])
def test_no_swedish_remains_on_a_public_page(language: str, door: Any) -> None:
    client = door()
    for address in PAGES:
        text = client.get(f"/{language}{address}").content.decode()
        assert not swedish_in(text), address


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", *FURTHER])
def test_no_swedish_remains_in_a_whole_conversation(language: str, door: Any) -> None:
    limits.forget()
    she = Somebody(door())
    for number in (1, 5):
        assert not swedish_in(she.visits(f"/{language}/kontakt/{number}/"))
        assert not swedish_in(she.sends(f"/{language}/kontakt/{number}/", text=""))
    assert not swedish_in(she.sends(f"/{language}/kontakt/5/", text="hello", age="child"))
    code = she.code
    assert not swedish_in(she.visits(f"/{language}/svar/"))
    assert not swedish_in(she.sends(f"/{language}/svar/", code="wrong"))
    assert not swedish_in(she.sends(f"/{language}/svar/", code=code))
    assert "hello" in she.text
    for part in INSIDE:
        assert not swedish_in(she.visits(f"/{language}/svar/{part}")), part
        assert she.status == 200
    assert not swedish_in(she.visits(f"/{language}/tider/"))
