"""Invented pictures and documents full of what must not follow along."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, PngImagePlugin

# Every hidden text made here begins so, and is looked for in what comes out.
MARK = "HEMLIGT"
_EXIF_GPS, _EXIF_ORIENTATION = 0x8825, 0x0112


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    drawn = Image.new(mode, size, "white" if mode != "I;16" else 40_000)
    if mode in {"RGB", "RGBA", "CMYK", "L"}:
        ImageDraw.Draw(drawn).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=0)
    return drawn


def photograph(size: tuple[int, int] = (60, 40), *, orientation: int = 6) -> bytes:
    """A JPEG as a telephone makes it: place, camera, comment, thumbnail-like text, profile."""
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION] = orientation
    exif[0x010F] = f"{MARK}-kamera"
    exif[0x9286] = f"{MARK}-kommentar"
    exif[_EXIF_GPS] = {1: "N", 2: (59.0, 19.0, 30.0), 29: f"{MARK}-plats"}
    out = io.BytesIO()
    picture(size).save(
        out,
        "JPEG",
        exif=exif,
        comment=f"{MARK}-com".encode(),
        icc_profile=f"{MARK}-icc".encode() + bytes(200),
        xmp=f"<x:xmpmeta>{MARK}-xmp</x:xmpmeta>".encode(),
    )
    return out.getvalue()


def screenshot(mode: str = "RGB") -> bytes:
    """A PNG with text, packed text, EXIF and a palette's transparency where it can have one."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", f"{MARK}-text")
    notes.add_itxt("XML:com.adobe.xmp", f"{MARK}-xmp", zip=False)
    exif = Image.Exif()
    exif[0x010F] = f"{MARK}-exif"
    out = io.BytesIO()
    picture(mode=mode).save(out, "PNG", pnginfo=notes, exif=exif, dpi=(72, 72))
    return out.getvalue()


def document(
    change: Callable[[pikepdf.Pdf], Any] | None = None, pages: int = 1, **save: Any
) -> bytes:
    """A PDF of pages that say "Sida N", changed as asked."""
    made = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in range(1, pages + 1):
        page = made.add_blank_page(page_size=(300, 200))
        page.obj.Contents = made.make_stream(
            f"BT /F1 20 Tf 20 100 Td (Sida {number}) Tj ET".encode()
        )
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **save)
    return out.getvalue()


def talkative(made: pikepdf.Pdf) -> None:
    """Metadata everywhere a PDF can hold any."""
    made.docinfo["/Author"] = f"{MARK}-author"
    made.Root.Metadata = _metadata(made, "xmp")
    made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])
    made.Root.Lang = pikepdf.String(f"{MARK}-lang")
    page = made.pages[0].obj
    page.Metadata = _metadata(made, "page-xmp")
    page.PieceInfo = Dictionary(Maker=Dictionary(Private=pikepdf.String(f"{MARK}-piece")))
    page.LastModified = pikepdf.String(f"{MARK}-modified")
    page.Thumb = _image(made, f"{MARK}-thumb".encode())
    page.AA = Dictionary(O=Dictionary(S=Name.URI, URI=pikepdf.String(f"http://{MARK}.example")))
    page.Resources.XObject = Dictionary(Im0=_jpeg(made))
    page.Annots = made.make_indirect(Array([_comment(made), _link()]))
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"{MARK}-outline", 0))


def _metadata(made: pikepdf.Pdf, what: str) -> Any:
    told = f"<?xpacket begin?><x:xmpmeta>{MARK}-{what}</x:xmpmeta>".encode()
    return made.make_stream(told, Type=Name.Metadata, Subtype=Name.XML)


def _image(made: pikepdf.Pdf, data: bytes) -> Any:
    return made.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=len(data),
        Height=1,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )


def _jpeg(made: pikepdf.Pdf) -> Any:
    image = _image(made, photograph())
    image.Width, image.Height, image.ColorSpace = 60, 40, Name.DeviceRGB
    image.Filter = Name.DCTDecode
    image.Metadata = _metadata(made, "image-xmp")
    return image


def _comment(made: pikepdf.Pdf) -> Any:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([10, 10, 30, 30]),
        Contents=pikepdf.String("En synlig kommentar"),
        T=pikepdf.String(f"{MARK}-annotator"),
        M=pikepdf.String(f"{MARK}-when"),
        NM=pikepdf.String(f"{MARK}-name"),
        RC=pikepdf.String(f"{MARK}-rich"),
    )


def _link() -> Any:
    action = Dictionary(S=Name.URI, URI=pikepdf.String(f"http://{MARK}-spy.example/"))
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
