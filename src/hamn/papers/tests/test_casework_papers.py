"""What every paper of the casework promises, read back by another program."""

import io
import json
import unicodedata
from collections.abc import Callable
from datetime import date
from time import monotonic

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.papers.casework.child_report import Child
from hamn.papers.casework.data_extract import data_extract_json
from hamn.papers.casework.disclosure import Outcome
from hamn.papers.casework.page import paragraphs
from hamn.papers.tests.casework_papers import (
    PAPERS,
    case_copy,
    child_report,
    data_extract,
    disclosure,
    disposal_certificate,
    extract,
    referral,
)
from hamn.papers.tests.reading import words

pytestmark = pytest.mark.slow

Paper = Callable[[str], bytes]
every_paper = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)


def tags(content: bytes) -> list[str]:
    """The structure's elements, in order of reading."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for part in node:
                walk(part)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K"))

    with pikepdf.open(io.BytesIO(content)) as read:
        walk(read.Root.StructTreeRoot.get("/K"))
    return found


@every_paper
def test_a_paper_is_archivable_accessible_and_in_swedish(paper: Paper) -> None:
    with pikepdf.open(io.BytesIO(paper("Text"))) as read:
        assert str(read.Root.Lang).startswith("sv")
        assert str(read.docinfo["/CreationDate"]).startswith("D:20261120")
        with read.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
            assert xmp["pdfuaid:part"] == "1"


@every_paper
def test_a_paper_has_one_first_heading_and_sections_below_it(paper: Paper) -> None:
    headings = [tag for tag in tags(paper("Text")) if tag.startswith("/H") and tag != "/H"]
    assert headings[0] == "/H1" and headings.count("/H1") == 1
    assert "/H2" in headings


@pytest.mark.parametrize(
    "name", ["case_copy", "data_extract", "disposal_certificate", "disclosure"]
)
def test_a_table_tells_its_headers(name: str) -> None:
    found = tags(PAPERS[name]("Text"))
    assert "/Table" in found and "/TH" in found and "/TD" in found


@every_paper
def test_the_same_data_give_the_same_bytes(paper: Paper) -> None:
    assert paper("Text med 😀") == paper("Text med 😀")


@every_paper
@pytest.mark.parametrize(
    "text",
    [
        '#import "other.typ"',
        '#read("/etc/passwd")',
        "<script>alert(1)</script>",
        "<img src=http://127.0.0.1:1>",
        "$ x^2 $ *fet* _kursiv_ @ref",
        "= Rubrik",
        '"}; #panic("nej")',
    ],
)
def test_markup_in_a_text_is_only_text(paper: Paper, text: str) -> None:
    assert text in words(paper(text))


@every_paper
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("glad 😀 nu", "glad [U+1F600] nu"),
        ("ett \u202eknep", "ett [U+202E]knep"),
        ("noll \x00 slut", "noll [U+0000] slut"),
        ("namn ไท", "namn [U+0E44][U+0E17]"),
        ("中文", "[U+4E2D][U+6587]"),
    ],
)
def test_a_character_that_cannot_be_shown_stands_as_its_code(
    paper: Paper, text: str, shown: str
) -> None:
    read = words(paper(text))
    assert shown in read
    assert "visas med sin kod" in read


@every_paper
def test_a_paper_of_ordinary_text_says_nothing_of_codes(paper: Paper) -> None:
    assert "med sin kod" not in words(paper("Åäö – Łódź, Москва;\tindrag"))


@every_paper
def test_ten_thousand_signs_are_all_printed(paper: Paper) -> None:
    assert words(paper("ö" * 10_000)).replace(" ", "").count("ö") >= 10_000
    assert words(paper("ord " * 2_500)).count("ord ") >= 2_500


def test_a_text_in_every_writing_of_the_world_is_printed_within_seconds() -> None:
    letters = (chr(code) for code in range(0x100, 0x20000))
    text = " ".join(letter for letter in letters if letter.isalpha() and not letter.isupper())
    began = monotonic()
    assert "[U+1200]" in words(child_report(f"Åsa {text[::20]} \u1200"))
    assert monotonic() - began < 15


def test_every_letter_of_europes_latin_alphabets_is_shown_as_itself() -> None:
    letters = [chr(code) for code in range(0xC0, 0x180)]
    read = words(child_report(" ".join(letters)))
    assert "visas med sin kod" not in read
    assert "å ä ö" in words(child_report("å ä ö å\u0353"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_printed(text: str) -> None:
    assert child_report(text).startswith(b"%PDF-")


def test_lines_and_paragraphs_are_kept_as_written() -> None:
    assert paragraphs("ett\ntvå\n\n  \ntre\tfyra\n") == [["ett", "två"], ["tre fyra"]]
    assert paragraphs(" \n ") == []


def test_a_child_report_says_what_the_law_wants() -> None:
    read = words(child_report())
    for told in (
        "Socialnämnden i Exempelköping",
        "20 november 2026 kl. 14.05",
        "Barnet kan behöva skydd nu",
        "Påhittad Ungson",
        "Barnet har setts ensamt ute flera nätter.",
        "Alva Påhitt",
        "Socionom",
        "08-465 004 01",
        "19 kap. 1 § socialtjänstlagen (2025:400)",
        "19 kap. 6 § socialtjänstlagen",
    ):
        assert told in read.replace("\u00a0", " "), told


def test_a_marking_names_provision_authority_and_day() -> None:
    for content in (child_report(), referral()):
        read = words(content).replace("\u00a0", " ")
        assert "enligt 26 kap. 1 § offentlighets- och sekretesslagen (2009:400)" in read
        assert "Exempelstads socialnämnd, Mikamottagningen" in read
        assert "Antecknat den 20 november 2026" in read


def test_a_child_report_from_an_anonymous_case_says_what_is_not_known() -> None:
    read = words(child_report(children=(), is_client_anonymous=True, needs_protection_now=False))
    assert read.count("Okänt") >= 5
    assert "inte har uppgett namn" in read
    assert "Barnet kan behöva skydd nu" not in read


def test_each_child_of_a_report_is_told_apart() -> None:
    read = words(child_report(children=(Child(name="Ett Barn"), Child(name="Annat Barn"))))
    assert read.index("Ett Barn") < read.index("Annat Barn")
    assert read.count("Vårdnadshavare") == 3


def test_a_copy_for_the_person_does_not_say_whose_paper_it_is() -> None:
    content = case_copy()
    read = words(content)
    assert "Jag vill kunna sova en hel natt." in read
    assert "Jag sov faktiskt bra i måndags." in read
    assert "Tillägg: Tiden hos" in read
    assert "Mika" not in read and "nämnd" not in read
    with pikepdf.open(io.BytesIO(content)) as file:
        assert str(file.docinfo["/Title"]) == "Dina anteckningar"
        assert "/Author" not in file.docinfo or not str(file.docinfo["/Author"])


def test_a_copy_without_anything_has_no_empty_sections() -> None:
    read = words(case_copy(goals=(), meetings=(), notes=(), decisions=(), withheld=()))
    assert "Din plan" not in read and "Anteckningar" not in read and "inte lämnats ut" not in read


def test_an_extract_says_what_was_withheld_and_on_which_provision() -> None:
    read = words(data_extract())
    for told in ("26 kap. 1 § OSL", "Den handlar om en annan person", "imy.se", "artikel 15"):
        assert told in read.replace("\u00a0", " "), told


def test_an_extract_without_data_says_so() -> None:
    from hamn.papers.casework.data_extract import data_extract_pdf

    assert "Vi har inga uppgifter om dig." in words(data_extract_pdf(extract(sections=())))


def test_the_json_of_an_extract_holds_the_same_as_its_page() -> None:
    told = json.loads(data_extract_json(extract("Rad\n😀 ett \u202e \x00")))
    assert told["format"] == "hamn.data_extract" and told["version"] == 1
    assert told["made_on"] == date(2026, 11, 20).isoformat()
    assert told["sections"][0]["fields"][1] == {
        "label": "Anteckning",
        "value": "Rad\n😀 ett \u202e \x00",
    }
    assert told["withheld"][0]["provision"] == "26 kap. 1 § OSL"


def test_a_referral_holds_only_what_was_chosen_and_how_to_reach_the_person() -> None:
    read = words(referral(person="", birth="", texts=(), wish=""))
    assert "En person som inte har uppgett namn" in read
    assert "Bakgrund" not in read and "Vi ber er om" not in read
    assert "Ring inte och skicka inga brev hem." in read


def test_a_certificate_counts_by_rule_and_names_the_destroyed_key() -> None:
    read = words(disposal_certificate()).replace("\u00a0", " ")
    for told in ("GALL-2026-2", "Summa 41 3", "version 3", "version 4", "Bo Chef", "Cia Drift"):
        assert told in read, told


@pytest.mark.parametrize(
    ("outcome", "conditions", "can_be_appealed"),
    [
        (Outcome.REFUSED, "", True),
        (Outcome.PARTLY, "", True),
        (Outcome.GRANTED, "Får inte föras vidare.", True),
        (Outcome.GRANTED, "", False),
    ],
)
def test_a_decision_that_denies_anything_says_how_to_appeal(
    outcome: Outcome, conditions: str, can_be_appealed: bool
) -> None:
    read = words(disclosure(outcome=outcome, conditions=conditions))
    assert ("Kammarrätten i Exempelstad" in read) is can_be_appealed
    assert ("tre veckor" in read) is can_be_appealed


def test_letters_are_read_back_composed() -> None:
    read = words(child_report("Åsa Öberg"))
    assert unicodedata.normalize("NFC", read) == read and "Åsa Öberg" in read
