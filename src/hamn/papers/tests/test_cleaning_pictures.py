"""A picture comes out upright, with its pixels and nothing else, or is refused in one sentence."""

import io
import struct
import zlib

import pytest
from PIL import Image

from hamn.papers.cleaning import Fault, Kind, UnfitFile, accept, examine, file_name, working_copy
from hamn.papers.tests.attachments import MARK, document, photograph, picture, screenshot

pytestmark = pytest.mark.slow


def refused(data: bytes, name: str = "") -> Fault:
    with pytest.raises(UnfitFile) as unfit:
        accept(data, name)
    assert str(unfit.value).endswith(".")
    return unfit.value.fault


def opened(data: bytes) -> Image.Image:
    read = Image.open(io.BytesIO(data))
    read.load()
    return read


def test_a_photograph_loses_its_place_camera_and_comments_and_stands_upright() -> None:
    taken = photograph((60, 40), orientation=6)
    assert taken.count(MARK.encode()) >= 4
    cleaned = working_copy(taken)
    assert (cleaned.media_type, cleaned.suffix) == ("image/jpeg", ".jpg")
    assert MARK.encode() not in cleaned.content
    read = opened(cleaned.content)
    assert read.size == (40, 60)
    assert not read.getexif()
    assert set(read.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # The black corner was up to the left; held turned, it is up to the right.
    assert read.getpixel((35, 5)) < (60, 60, 60) and read.getpixel((5, 5)) > (200, 200, 200)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "LA", "I;16"])
def test_a_png_of_every_mode_loses_its_texts_and_keeps_its_pixels(mode: str) -> None:
    taken = screenshot(mode)
    assert MARK.encode() in taken
    cleaned = working_copy(taken)
    assert cleaned.kind is Kind.PNG
    assert MARK.encode() not in cleaned.content
    read = opened(cleaned.content)
    assert not read.info
    if mode == "RGB":
        assert read.tobytes() == picture().tobytes()
    if mode == "I;16":
        assert read.getpixel((1, 1)) == 40_000 // 256


def test_a_transparent_palette_stays_transparent() -> None:
    drawn = Image.new("P", (8, 8))
    drawn.putpalette([0, 0, 0, 255, 255, 255])
    out = io.BytesIO()
    drawn.save(out, "PNG", transparency=0)
    assert opened(working_copy(out.getvalue()).content).getpixel((1, 1))[3] == 0


def test_a_photograph_in_print_colours_is_shown_in_screen_colours() -> None:
    out = io.BytesIO()
    picture(mode="CMYK").save(out, "JPEG")
    assert opened(working_copy(out.getvalue()).content).mode == "RGB"


def test_what_stood_after_the_picture_is_gone() -> None:
    archive = b"PK\x03\x04" + MARK.encode()
    for taken in (photograph() + archive, screenshot() + document()):
        cleaned = working_copy(taken).content
        assert MARK.encode() not in cleaned
        assert b"PK\x03\x04" not in cleaned and b"%PDF-" not in cleaned


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        (b"", "tom.jpg", Fault.EMPTY),
        (b"\xff\xd8\xff" + bytes(25 * 1024 * 1024), "stor.jpg", Fault.TOO_LARGE),
        (b"GIF89a" + bytes(50), "bild.gif", Fault.UNKNOWN_KIND),
        (b"MZ" + bytes(50), "bild.jpg", Fault.UNKNOWN_KIND),
        (b"<svg onload=alert(1)>", "bild.svg", Fault.UNKNOWN_KIND),
        (b"<html>%PDF-1.7", "sida.pdf", Fault.UNKNOWN_KIND),
        (b"PK\x03\x04" + bytes(50), "brev.docx", Fault.UNKNOWN_KIND),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "IMG_1.HEIC", Fault.HEIC),
        (b"\xff\xd8\xff" + bytes(500), "bild.jpg", Fault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "bild.png", Fault.DAMAGED),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(data: bytes, name: str, fault: Fault) -> None:
    assert refused(data, name) is fault


@pytest.mark.parametrize(
    "name", ["bild.pdf", "bild.png", "bild.exe", "bild.html", "x/bild.PDF", "IMG_1.HEIC", "a.svg"]
)
def test_a_name_that_promises_another_kind_is_refused(name: str) -> None:
    assert refused(photograph(), name) is Fault.LYING_NAME


@pytest.mark.parametrize(
    "name", ["bild.jpg", "B.JPEG", "skanning", "", "möte 2024.12.01 slut", ".x"]
)
def test_a_name_that_promises_nothing_else_is_accepted(name: str) -> None:
    assert examine(photograph(), name) is Kind.JPEG


def test_a_truncated_picture_is_refused() -> None:
    assert refused(photograph((600, 400))[:-2_000]) is Fault.DAMAGED
    assert refused(screenshot()[:-60]) is Fault.DAMAGED


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is huge, with a few bytes of packed zeros."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (7_100, 7_100), (2**31 - 1, 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    size: tuple[int, int],
) -> None:
    assert refused(huge_png(*size)) is Fault.BOMB


def test_packed_text_that_unpacks_to_a_flood_is_refused() -> None:
    packed = zlib.compress(bytes(300_000_000), 9)
    body = b"Author\x00\x00" + packed
    chunk = (
        struct.pack(">I", len(body))
        + b"zTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    )
    plain = screenshot()
    assert refused(plain[:33] + chunk + plain[33:]) in {Fault.DAMAGED, Fault.BOMB}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("foto.jpeg", "foto.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\system.ini", "system.ini.jpg"),
        ("\\\\server\\share\\foto.jpg", "foto.jpg"),
        ("foto\x00.jpg", "foto.jpg"),
        ("foto\u202egpj.exe", "fotogpj.exe.jpg"),
        ('<img src=x onerror="alert(1)">.jpg', "img src=x onerror=alert(1).jpg"),
        ("", "bilaga.jpg"),
        ("....", "bilaga.jpg"),
        ("å" * 300 + ".jpg", "å" * 96 + ".jpg"),
        ("C:foto.jpg", "Cfoto.jpg"),
    ],
)
def test_a_stored_name_is_one_harmless_part_with_the_right_ending(name: str, kept: str) -> None:
    assert file_name(name, Kind.JPEG) == kept
