"""A PDF comes out with its pages and nothing else, or is refused in one sentence."""

import io
import subprocess
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from hamn.papers.cleaning import Fault, Kind, UnfitFile, accept, examine, working_copy
from hamn.papers.cleaning.streams import bare_jpeg, bare_jpx
from hamn.papers.tests.attachments import MARK, document, photograph, talkative
from hamn.papers.tests.reading import words
from hamn.papers.tests.test_cleaning_pictures import opened, refused

pytestmark = pytest.mark.slow


def unpacked(data: bytes) -> bytes:
    """The document with every stream unpacked, so that nothing hides in packing."""
    with pikepdf.open(io.BytesIO(data)) as read:
        out = io.BytesIO()
        read.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def holds(data: bytes, word: str) -> bool:
    """Whether the word stands anywhere, also as PDF's own UTF-16 or hexadecimal."""
    plain = unpacked(data)
    forms = (word.encode(), word.encode("utf-16-be"), word.encode().hex().encode())
    return any(form.lower() in plain.lower() or form in data for form in forms)


def test_a_document_loses_everything_but_its_pages() -> None:
    before = document(talkative, pages=3)
    assert holds(before, MARK)
    cleaned = working_copy(before)
    assert (cleaned.kind, cleaned.suffix) == (Kind.PDF, ".pdf")
    assert not holds(cleaned.content, MARK)
    assert words(cleaned.content, raw=False) == "Sida 1 Sida 2 Sida 3"
    with pikepdf.open(io.BytesIO(cleaned.content)) as read:
        assert set(read.Root.keys()) == {"/Type", "/Pages"}
        assert not read.docinfo
        comment = read.pages[0].obj.Annots[0]
        assert str(comment.Contents) == "En synlig kommentar"
        assert len(read.pages[0].obj.Annots) == 1


def test_a_cleaned_document_is_whole_and_always_the_same() -> None:
    before = document(talkative)
    cleaned = working_copy(before).content
    assert cleaned == working_copy(before).content
    checked = subprocess.run(
        ["qpdf", "--check", "-"], input=cleaned, capture_output=True, check=False
    )
    assert checked.returncode in {0, 2}  # qpdf of old cannot read standard input
    assert working_copy(cleaned).content


def test_a_photograph_in_a_document_loses_its_place_but_no_pixel() -> None:
    with pikepdf.open(io.BytesIO(working_copy(document(talkative)).content)) as read:
        kept = read.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
    assert MARK.encode() not in kept and b"Exif" not in kept
    assert opened(kept).tobytes() == opened(photograph()).tobytes()


def test_a_photograph_packed_twice_is_cleaned_too() -> None:
    def packed(made: pikepdf.Pdf) -> None:
        talkative(made)
        image = made.pages[0].obj.Resources.XObject.Im0
        image.write(zlib.compress(photograph()), filter=Array([Name.FlateDecode, Name.DCTDecode]))

    assert not holds(working_copy(document(packed)).content, MARK)


def test_metadata_that_cannot_be_taken_away_is_refused() -> None:
    def inline(made: pikepdf.Pdf) -> None:
        picture = photograph()
        drawn = b"q 60 0 0 40 0 0 cm BI /W 60 /H 40 /BPC 8 /CS /RGB /F /DCT ID "
        made.pages[0].obj.Contents = made.make_stream(drawn + picture + b"\nEI Q")

    assert refused(document(inline)) is Fault.UNCLEANABLE


def scripted(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def scripted_by_name(made: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    tree = Dictionary(Names=Array([pikepdf.String("x"), made.make_indirect(action)]))
    made.Root.Names = Dictionary(JavaScript=tree)


def scripted_in_a_field(made: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, AA=Dictionary(K=action))
    made.pages[0].obj.Annots = Array([field])


def with_file(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ"


def with_xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (scripted, Fault.SCRIPT),
        (scripted_by_name, Fault.SCRIPT),
        (scripted_in_a_field, Fault.SCRIPT),
        (with_file, Fault.EMBEDDED_FILES),
        (with_xfa, Fault.XFA),
    ],
)
def test_a_document_that_runs_or_carries_something_is_refused(change: Any, fault: Fault) -> None:
    data = document(change)
    assert refused(data, "brev.pdf") is fault
    with pytest.raises(UnfitFile):
        examine(data, "brev.pdf")


@pytest.mark.parametrize("user", ["", "hemligt"])
def test_a_locked_document_is_refused(user: str) -> None:
    locked = document(encryption=pikepdf.Encryption(owner="ägare", user=user))
    assert refused(locked) is Fault.ENCRYPTED


def test_a_truncated_or_emptied_document_is_refused() -> None:
    whole = document(pages=3)
    assert refused(whole[: len(whole) * 2 // 3]) is Fault.DAMAGED
    assert refused(b"%PDF-1.7\n") is Fault.DAMAGED
    assert refused(document(pages=0)) is Fault.DAMAGED


def test_a_document_that_unpacks_to_a_flood_is_refused() -> None:
    def bomb(made: pikepdf.Pdf) -> None:
        packed = zlib.compress(bytes(400 * 1024 * 1024), 9)
        made.pages[0].obj.Contents = made.make_stream(packed, Filter=Name.FlateDecode)

    assert refused(document(bomb)) is Fault.BOMB


def test_a_document_that_unpacks_to_a_flood_in_two_steps_is_refused() -> None:
    def bomb(made: pikepdf.Pdf) -> None:
        packed = zlib.compress(zlib.compress(bytes(400 * 1024 * 1024), 9), 9)
        twice = Array([Name.FlateDecode, Name.FlateDecode])
        made.pages[0].obj.Contents = made.make_stream(packed, Filter=twice)

    # Kept packed as it is, or the library would unpack one step of it already here.
    data = document(
        bomb, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
    )
    assert len(data) < 10_000
    assert refused(data) is Fault.BOMB


def test_a_picture_of_too_many_pixels_in_a_document_is_refused() -> None:
    def vast(made: pikepdf.Pdf) -> None:
        talkative(made)
        image = made.pages[0].obj.Resources.XObject.Im0
        image.Width, image.Height = 60_000, 60_000

    assert refused(document(vast)) is Fault.BOMB


def test_what_is_filled_in_stays_on_the_page() -> None:
    def form(made: pikepdf.Pdf) -> None:
        look = made.make_stream(
            b"/Tx BMC BT /F1 12 Tf 2 5 Td (Ifyllt svar) Tj ET EMC",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 200, 20]),
            Resources=made.pages[0].obj.Resources,
        )
        field = made.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=pikepdf.String(f"{MARK}-field"),
                V=pikepdf.String("Ifyllt svar"),
                Rect=Array([20, 20, 220, 40]),
                F=4,
                AP=Dictionary(N=look),
                DA=pikepdf.String("/F1 12 Tf 0 g"),
            )
        )
        made.pages[0].obj.Annots = Array([field])
        made.Root.AcroForm = Dictionary(Fields=Array([field]), DA=pikepdf.String("/F1 12 Tf 0 g"))

    cleaned = working_copy(document(form)).content
    assert "Ifyllt svar" in words(cleaned, raw=False)
    assert not holds(cleaned, MARK)


def test_a_hidden_layer_stays_hidden_and_loses_its_name() -> None:
    def layered(made: pikepdf.Pdf) -> None:
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String(f"{MARK}-lager")))
        shown = Dictionary(OFF=Array([layer]), Creator=pikepdf.String(f"{MARK}-creator"))
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=shown)
        made.pages[0].obj.Resources.Properties = Dictionary(MC0=layer)

    cleaned = working_copy(document(layered)).content
    assert not holds(cleaned, MARK)
    with pikepdf.open(io.BytesIO(cleaned)) as read:
        off = read.Root.OCProperties.D.OFF[0]
        assert off.objgen == read.pages[0].obj.Resources.Properties.MC0.objgen


def test_what_stood_after_the_document_is_gone() -> None:
    cleaned = working_copy(document() + b"PK\x03\x04" + MARK.encode()).content
    assert MARK.encode() not in cleaned and b"PK\x03\x04" not in cleaned


def test_a_jpeg_with_parts_that_do_not_follow_is_refused() -> None:
    for broken in (b"", b"\xff\xd8\x00", b"\xff\xd8\xff\xe1\x00", b"\xff\xd8\xff\xe1\xff\xff12"):
        with pytest.raises(UnfitFile):
            bare_jpeg(broken)


def test_a_jpeg_2000_keeps_its_picture_and_loses_its_notes() -> None:
    def box(name: bytes, body: bytes) -> bytes:
        return (len(body) + 8).to_bytes(4, "big") + name + body

    picture = box(b"jP  ", b"\r\n\x87\n") + box(b"jp2h", b"h") + box(b"jp2c", b"\xff\x4f\xff\x51x")
    notes = box(b"xml ", MARK.encode()) + box(b"uuid", MARK.encode())
    assert bare_jpx(picture + notes) == picture
    assert bare_jpx(b"\xff\x4f\xff\x51x") == b"\xff\x4f\xff\x51x"
    with pytest.raises(UnfitFile):
        bare_jpx(b"\x00\x00\x00\x03abc")


def test_both_in_one_go_give_what_each_gives() -> None:
    data = document()
    assert accept(data, "brev.pdf") == working_copy(data)
