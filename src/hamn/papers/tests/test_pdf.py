"""What every paper promises, whatever room its template comes from."""

import io
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.papers import pdf
from hamn.papers.pdf import Attachment, UnprintableText, UnreadableAttachment, render
from hamn.papers.tests.reading import words

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#let attachments = json(bytes(sys.inputs.attachments))
#set document(title: data.title)
#set page(width: 120mm, height: 80mm)
#set text(lang: "sv", font: "Source Sans Pro")
#for file in attachments {
  pdf.attach(file.name, bytes(file.content), relationship: file.relationship,
    mime-type: file.mime_type, description: file.description)
}
= #data.title
#data.text
"""
DAY = date(2024, 6, 3)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "room" / "paper.typ"
    path.parent.mkdir()
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def attached(content: bytes = b"<a/>") -> Attachment:
    return Attachment(
        name="bilaga.xml", content=content, mime_type="text/xml", description="En bilaga"
    )


def paper(template: Path, text: str, **more: object) -> bytes:
    return render(template, {"title": "Papper", "text": text, **more}, dated=DAY)


def test_the_same_input_gives_the_same_bytes_from_another_compiler(template: Path) -> None:
    data = {"title": "Papper", "text": "Hej"}
    first = render(template, data, dated=DAY, attachments=[attached()])
    paper(template, "Något annat")
    pdf._press.cache_clear()
    pdf._fonts.cache_clear()
    assert render(template, data, dated=DAY, attachments=[attached()]) == first


def test_the_date_in_the_metadata_is_the_documents_own(template: Path) -> None:
    with pikepdf.open(io.BytesIO(paper(template, "Hej"))) as read:
        assert str(read.docinfo["/CreationDate"]).startswith("D:20240603")
        assert str(read.Root.Lang) == "sv"


def test_both_standards_are_declared(template: Path) -> None:
    with pikepdf.open(io.BytesIO(paper(template, "Hej"))) as read, read.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert xmp["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "other.typ"',
        "$ x^2 $ \\ *fet* _kursiv_",
        "<img src=file:///etc/passwd>",
        '"}; #panic("nej")',
        "= Rubrik",
        "{character} %s",
    ],
)
def test_markup_in_a_text_is_only_text(template: Path, text: str) -> None:
    assert text in words(paper(template, text))


@pytest.mark.parametrize("character", ["😀", "中", "𓀀", "\u0e01"])
def test_a_character_without_a_glyph_is_refused_with_its_text(
    template: Path, character: str
) -> None:
    with pytest.raises(UnprintableText) as refused:
        paper(template, f"Bästa {character} kommun")
    assert "Bästa" in str(refused.value)
    assert f"U+{ord(character):04X}" in str(refused.value) or character in str(refused.value)


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x85", "\u202e", "\ud800", "\t", "\ue000"]
)
def test_a_character_that_hides_or_turns_text_is_refused(template: Path, character: str) -> None:
    with pytest.raises(UnprintableText) as refused:
        paper(template, "Hej", rows=[{"name": f"a{character}b"}])
    assert f"U+{ord(character):04X}" in str(refused.value)
    assert character not in str(refused.value)


@pytest.mark.parametrize("text", ["Łódź", "Ωmega", "Москва", "שלום", "e\u0301", "½ × 2 → 1 − 0 ✓"])
def test_other_alphabets_are_printed(template: Path, text: str) -> None:
    assert len(paper(template, text)) > 1_000


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_either_printed_or_refused_in_swedish(template: Path, text: str) -> None:
    try:
        assert paper(template, text).startswith(b"%PDF-")
    except UnprintableText as refusal:
        assert "går inte att skriva" in str(refusal)


def test_a_fault_in_the_template_is_not_blamed_on_the_text(tmp_path: Path) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#nothing-here", encoding="utf-8")
    with pytest.raises(RuntimeError, match="unknown variable"):
        render(broken, {}, dated=DAY)


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hemligt", encoding="utf-8")
    curious = tmp_path / "room" / "curious.typ"
    curious.parent.mkdir()
    curious.write_text('#read("../secret.txt")', encoding="utf-8")
    with pytest.raises(RuntimeError):
        render(curious, {}, dated=DAY)


def test_a_word_longer_than_a_line_stays_on_the_page(template: Path) -> None:
    content = paper(template, "x" * 400)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    ends = [float(part.split('"')[1]) for part in boxes.split("xMax=")[1:]]
    assert max(ends) <= 120 / 25.4 * 72
    assert words(content).replace(" ", "").count("x") == 400


@pytest.mark.parametrize(
    "content", [b"<a/>", "<n>Österåker 😀</n>\r\n".encode(), b"\xef\xbb\xbf<a/>", b"a\x00b", b""]
)
def test_an_attachment_is_carried_byte_for_byte(template: Path, content: bytes) -> None:
    data = {"title": "Papper", "text": "Hej"}
    made = render(template, data, dated=DAY, attachments=[attached(content)])
    with pikepdf.open(io.BytesIO(made)) as read:
        assert read.attachments["bilaga.xml"].get_file().read_bytes() == content


def test_an_attachment_that_is_not_utf8_is_refused(template: Path) -> None:
    with pytest.raises(UnreadableAttachment, match=r"bilaga\.xml"):
        render(template, {}, dated=DAY, attachments=[attached("å".encode("latin-1"))])


def test_many_threads_get_their_own_papers(template: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(lambda n: paper(template, f"nummer {n}"), range(24)))
    assert all(f"nummer {n}" in words(content) for n, content in enumerate(papers))


def test_a_fork_after_printing_is_told_off_and_does_not_hang(template: Path) -> None:
    paper(template, "Hej")
    child = os.fork()
    if child == 0:
        try:
            paper(template, "Hej")
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
