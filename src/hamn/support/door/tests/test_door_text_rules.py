"""A public text's few marks: what they become, and that nothing else comes through."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.door.rules import languages, pages, texts

SHIPPED = Path(texts.__file__).parents[1] / "data" / "texts"
TODAY = date(2026, 11, 22)
PIECES = st.sampled_from(
    ["## ", "- ", "[a](/kontakt/)", "[a](tel:112)", "[", "](", ")", "<", ">", '"', "'", "&", "\n"]
)
MARKED_UP = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)


class Tags(HTMLParser):
    """Which elements and attributes a text came out with."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_paragraphs_headings_and_lists_are_what_a_text_is_made_of() -> None:
    html = texts.to_html("Ett\nstycke\n\n## Rubrik\n- en\n- två\nSlut")
    assert html == (
        "<p>Ett stycke</p>\n<h2>Rubrik</h2>\n<ul><li>en</li><li>två</li></ul>\n<p>Slut</p>"
    )


def test_two_headings_in_a_row_are_two() -> None:
    assert texts.to_html("## Ett\n## Två") == "<h2>Ett</h2>\n<h2>Två</h2>"


def test_a_link_leads_to_the_same_page_in_the_readers_language() -> None:
    assert texts.to_html("[Skriv](/kontakt/)") == '<p><a href="/kontakt/">Skriv</a></p>'
    assert 'href="/ar/kontakt/"' in texts.to_html("[Skriv](/kontakt/)", prefix="/ar")
    assert 'href="tel:112"' in texts.to_html("Ring [112](tel:112).", prefix="/ar")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "//example.org/",
        "javascript:void",
        "/kontakt/?q=1",
        "/../etc/",
        "tel:112;ext=1",
        "mailto:a@test.example",
        "/KONTAKT/",
    ],
)
def test_a_link_to_elsewhere_is_refused_when_saved_and_is_text_when_shown(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        texts.check_body(f"[här]({address})")
    assert address in str(refused.value)
    assert "<a" not in texts.to_html(f"[här]({address})")


@given(MARKED_UP)
def test_whatever_is_written_no_html_of_its_own_comes_out(body: str) -> None:
    parser = Tags()
    parser.feed(texts.to_html(body))
    assert parser.tags <= {"p", "h2", "ul", "li", "a"}
    assert all(
        name == "href" and value in ("/kontakt/", "tel:112") for name, value in parser.attributes
    )


@given(st.text(alphabet=st.characters(exclude_characters="\r\n[]()-#", categories=["L", "P", "S"])))
def test_no_letter_of_what_was_written_is_lost(text: str) -> None:
    class Words(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    parser = Words()
    parser.feed(texts.to_html(text))
    parser.close()
    assert parser.said.split() == text.split()


def test_a_text_is_read_through_again_within_two_years() -> None:
    assert texts.check_review(date(2027, 11, 22), today=TODAY) == date(2027, 11, 22)
    for day in (TODAY, date(2026, 1, 1), date(2029, 1, 1)):
        with pytest.raises(BadInput):
            texts.check_review(day, today=TODAY)


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_every_page_comes_in_every_language(code: str) -> None:
    shipped = texts.read_shipped((SHIPPED / f"{code}.md").read_text(encoding="utf-8"))
    assert list(shipped) == list(pages.PAGES)
    for title, body in shipped.values():
        assert 0 < len(title) <= texts.LONGEST_TITLE
        assert 100 < len(body) <= texts.LONGEST_BODY


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_a_translation_has_the_same_headings_points_paragraphs_and_links_as_the_swedish(
    code: str,
) -> None:
    def shape(body: str) -> tuple[list[int], list[str]]:
        html = texts.to_html(body)
        counts = [html.count(mark) for mark in ("<h2>", "<li>", "<p>")]
        return counts, [part.split('"')[0] for part in links(html)]

    def links(html: str) -> list[str]:
        return html.split('href="')[1:]

    swedish = texts.read_shipped((SHIPPED / "sv.md").read_text(encoding="utf-8"))
    translated = texts.read_shipped((SHIPPED / f"{code}.md").read_text(encoding="utf-8"))
    for page in pages.PAGES:
        assert shape(translated[page][1]) == shape(swedish[page][1]), page


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_the_young_are_told_the_duty_to_act_and_everyone_in_danger_the_alarm(code: str) -> None:
    shipped = texts.read_shipped((SHIPPED / f"{code}.md").read_text(encoding="utf-8"))
    for page in ("situation:exploited", "situation:child", "situation:relative", "answers"):
        assert "(tel:112)" in shipped[page][1]
    assert "(tel:116111)" in shipped["situation:child"][1]


def test_how_we_answer_promises_no_erasure_without_a_decision_and_tells_of_handing_over() -> None:
    shipped = texts.read_shipped((SHIPPED / "sv.md").read_text(encoding="utf-8"))
    body = shipped["answers"][1]
    assert "tas bort först när det finns ett beslut" in body
    assert "när beslutade dagar har gått" not in body
    assert "också utan att du har sagt ja" in body.partition("## När du får svar")[0]
    assert "läses bara av" not in body


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_the_accessibility_statement_names_what_is_not_met_and_why(code: str) -> None:
    shipped = texts.read_shipped((SHIPPED / f"{code}.md").read_text(encoding="utf-8"))
    body = shipped["accessibility"][1]
    assert "2.4.2" in body and "2.2.1" in body
    assert "Vi känner inte till någon brist" not in body


def test_no_text_says_that_anybody_is_turned_away() -> None:
    for path in SHIPPED.glob("*.md"):
        text = path.read_text(encoding="utf-8").lower()
        assert "hänvisad bort" not in text and "turned away" not in text
        assert "prostituerad" not in text and "prostitute" not in text


def test_every_language_says_why_it_is_one_of_them() -> None:
    assert {"sv", "en"} < set(languages.LANGUAGES) and len(languages.LANGUAGES) >= 6
    assert all(one.why for one in languages.LANGUAGES.values())
    assert [one.code for one in languages.LANGUAGES.values() if one.is_right_to_left] == ["ar"]
    with pytest.raises(BadInput):
        languages.language("xx")


def test_an_address_counts_the_situations_and_says_none() -> None:
    assert pages.numbered(1) is pages.Situation.COMPENSATION
    assert pages.numbered(5) is pages.Situation.CHILD
    assert pages.numbered(0) is None and pages.numbered(10) is None


def test_a_centre_has_the_pages_of_the_services_it_offers_and_of_no_others() -> None:
    found = pages.pages_of({"mika": "Mikamottagningen", "ankar": "Ankaret {nytt}"})
    assert {"service:mika", "service:ankar", "start", "tracks"} <= found.keys()
    assert found.keys().isdisjoint({"service:kast", "service:coordinator"})
    assert found["service:ankar"].name.format() == "Ankaret {nytt}"
    assert not found["service:ankar"].is_needed


def shown(body: str, day: int) -> texts.Shown:
    """A version that was published on that day of March."""
    return texts.Shown("Rubrik", body, datetime(2026, 3, day, tzinfo=UTC))


def test_a_text_is_as_old_as_its_last_change_not_as_its_last_reading() -> None:
    versions = [shown("Ny", 20), shown("Ny", 10), shown("Gammal", 5), shown("Ny", 1)]
    assert texts.changed_at(versions) == versions[1].published_at
    assert texts.changed_at(versions[2:]) == versions[2].published_at
    other_title = texts.Shown("Annan", "Ny", versions[1].published_at)
    assert texts.changed_at([versions[0], other_title]) == versions[0].published_at


@pytest.mark.parametrize(("day", "is_older"), [(9, True), (10, False), (11, False)])
def test_a_translation_is_older_when_the_swedish_changed_after_it(day: int, is_older: bool) -> None:
    changed = shown("Ny", 10).published_at
    assert texts.is_older(shown("Translation", day).published_at, changed) is is_older


def test_a_translation_without_an_original_is_not_called_old() -> None:
    assert not texts.is_older(shown("Translation", 1).published_at, None)
