"""A PDF taken apart and written anew with its pages alone.

What goes: document information, XMP, embedded thumbnails and files, scripts, actions that run by
themselves, links, who wrote a comment and when, form fields (what is filled in stays, as ink),
bookmarks, private data of other programs, and metadata inside pictures. A new document is built
and only what is named here is carried over. Runs in the child process only.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from hamn.papers.cleaning.faults import Fault, UnfitFile
from hamn.papers.cleaning.streams import bare_jpeg, bare_jpx

MOST_UNPACKED = 300 * 1024 * 1024
MOST_PICTURE_PIXELS = 600_000_000
_PAGE = {
    *("/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/UserUnit", "/Group"),
    *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Annots"),
}
_COMMENTS = {
    *("/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Stamp"),
    *("/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Ink", "/Caret"),
}
_COMMENT = {
    *("/Type", "/Subtype", "/Rect", "/Contents", "/AP", "/AS", "/F", "/C", "/CA", "/Border"),
    *("/BS", "/BE", "/IC", "/RD", "/QuadPoints", "/InkList", "/L", "/LE", "/Vertices", "/DA"),
    *("/DS", "/Q", "/Name", "/OC"),
}
_LAYERS = {"/OCGs", "/D"}
_LAYERS_SHOWN = {"/BaseState", "/ON", "/OFF", "/Intent"}
_LAYER = {"/Type", "/Name", "/Intent"}
# In the dictionary of a stream; in others, resources may bear such names.
_NOT_IN_STREAMS = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/AF", "/Ref", "/Alternates"),
    *("/F", "/FFilter", "/FDecodeParms", "/StructParent", "/StructParents", "/Name"),
)
_PACKING = {
    *("/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"),
}
_METADATA = re.compile(rb"Exif\x00\x00|<x:xmpmeta|<\?xpacket|http://ns\.adobe\.com/xap/")
_BARE = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpx}


def check_document(data: bytes) -> None:
    """Raises UnfitFile: encrypted, damaged, with scripts or files inside, XFA, or a bomb."""
    _opened(data).close()


def clean_document(data: bytes) -> bytes:
    """The pages alone, as a new PDF; the same input gives the same bytes.

    Raises UnfitFile as check_document, and for metadata that could not be taken away.
    """
    with _opened(data) as source, pikepdf.new() as clean:
        _settle_forms(source)
        clean.pages.extend(source.pages)
        _carry_layers(source, clean)
        for page in clean.pages:
            _keep(page.obj, _PAGE)
            _keep_comments(clean, page.obj)
        for thing in list(_dictionaries(clean)):
            _clean_dictionary(thing)
        out = io.BytesIO()
        clean.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        pages = len(source.pages)
    _prove(out.getvalue(), pages)
    return out.getvalue()


def _opened(data: bytes) -> Pdf:
    """The document, read without repair and found harmless."""
    try:
        document = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise UnfitFile(Fault.ENCRYPTED) from None
    except pikepdf.PdfError:
        raise UnfitFile(Fault.DAMAGED) from None
    if document.is_encrypted:
        raise UnfitFile(Fault.ENCRYPTED)
    if not len(document.pages):
        raise UnfitFile(Fault.DAMAGED)
    for thing in _dictionaries(document):
        _refuse_danger(thing)
    _refuse_bomb(document)
    return document


def _refuse_danger(thing: Any) -> None:
    """Raises UnfitFile when a dictionary runs something or carries a file."""
    if thing.get("/S") == Name.JavaScript or ("/JS" in thing and "/S" in thing):
        raise UnfitFile(Fault.SCRIPT)
    is_file = "/EF" in thing and ("/F" in thing or "/UF" in thing)
    if is_file or thing.get("/Subtype") == Name.FileAttachment:
        raise UnfitFile(Fault.EMBEDDED_FILES)
    if "/XFA" in thing and "/Fields" in thing:
        raise UnfitFile(Fault.XFA)


def _refuse_bomb(document: Pdf) -> None:
    """Raises UnfitFile when the streams together unpack to more than a viewer can take."""
    left = MOST_UNPACKED
    for thing in document.objects:
        if isinstance(thing, Stream):
            if _number(thing, "/Width") * _number(thing, "/Height") > MOST_PICTURE_PIXELS:
                raise UnfitFile(Fault.BOMB)
            left -= len(_unpacked(thing))
            if left < 0:
                raise UnfitFile(Fault.BOMB)


def _number(thing: Any, key: str) -> int:
    value = thing.get(key, 0)
    return abs(value) if isinstance(value, int) else 0


def _unpacked(stream: Stream) -> bytes:
    """What the stream holds; for a picture in a format of its own, the picture's file.

    Raises UnfitFile for a bomb, and for packing that cannot be undone.
    """
    filters = _filters(stream)
    if filters and set(filters) <= {"/FlateDecode"}:
        content = stream.read_raw_bytes()
        for _packed in filters:
            content = _inflated(content)
        return content
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        if set(filters) <= _PACKING:
            raise UnfitFile(Fault.DAMAGED) from None
        return stream.read_raw_bytes()


def _filters(stream: Stream) -> list[str]:
    """How the stream is packed, outermost first."""
    names = stream.get("/Filter")
    return [str(name) for name in (names if isinstance(names, Array) else [names]) if name]


def _dictionaries(document: Pdf) -> Iterator[Any]:
    """Every dictionary in the document, also those inside others, and those of streams."""
    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Dictionary | Stream):
            yield thing
            inside: list[Any] = [value for _key, value in thing.items()]
        elif isinstance(thing, Array):
            inside = list(thing)
        else:
            continue
        # What stands as an object of its own comes by itself.
        waiting += [
            part for part in inside if isinstance(part, Dictionary | Array) and not part.is_indirect
        ]


def _settle_forms(document: Pdf) -> None:
    """Draw what is filled in onto the pages; comments stay as they are."""
    if "/AcroForm" not in document.Root:
        return
    comments = {}
    for number, page in enumerate(document.pages):
        parts = [part for part in page.obj.get("/Annots", ()) if isinstance(part, Dictionary)]
        comments[number] = [part for part in parts if part.get("/Subtype") != Name.Widget]
        page.obj["/Annots"] = Array([p for p in parts if p.get("/Subtype") == Name.Widget])
    document.generate_appearance_streams()
    document.flatten_annotations("all")
    for number, page in enumerate(document.pages):
        page.obj["/Annots"] = Array(comments[number])


def _carry_layers(source: Pdf, clean: Pdf) -> None:
    """Which layers are shown, so that a hidden one stays hidden; their names are not needed."""
    layers = source.Root.get("/OCProperties")
    if not isinstance(layers, Dictionary):
        return
    copied: Any = clean.copy_foreign(source.make_indirect(layers))
    _keep(copied, _LAYERS)
    _keep(copied.get("/D", Dictionary()), _LAYERS_SHOWN)
    for layer in copied.get("/OCGs", Array()):
        _keep(layer, _LAYER)
        layer["/Name"] = pikepdf.String("Lager")
    clean.Root["/OCProperties"] = copied


def _keep(thing: Any, keys: set[str]) -> None:
    """Take every other key away."""
    for key in [key for key in thing.keys() if key not in keys]:  # noqa: SIM118 - not a mapping
        del thing[key]


def _keep_comments(clean: Pdf, page: Any) -> None:
    """Comments with what they say and how they look; nothing that leads, runs or tells who."""
    comments = [
        part
        for part in page.get("/Annots", ())
        if isinstance(part, Dictionary) and str(part.get("/Subtype")) in _COMMENTS
    ]
    for comment in comments:
        _keep(comment, _COMMENT)
    if comments:
        page["/Annots"] = clean.make_indirect(Array(comments))
    elif "/Annots" in page:
        del page["/Annots"]


def _clean_dictionary(thing: Any) -> None:
    """Take away metadata, wherever it hangs, and what a picture says about itself."""
    for key, value in list(thing.items()):
        if isinstance(value, Stream) and value.get("/Type") == Name.Metadata:
            del thing[key]
    if isinstance(thing, Stream):
        for key in _NOT_IN_STREAMS:
            if key in thing:
                del thing[key]
        _clean_picture(thing)


def _clean_picture(stream: Stream) -> None:
    """Free a picture in a format of its own from its metadata."""
    filters = _filters(stream)
    bare = _BARE.get(filters[-1]) if filters else None
    if bare is None:
        return
    content = stream.read_raw_bytes()
    for packed in filters[:-1]:
        if packed != "/FlateDecode":
            raise UnfitFile(Fault.UNCLEANABLE)
        content = _inflated(content)
    parms = stream.get("/DecodeParms")
    last = parms[-1] if isinstance(parms, Array) and len(parms) else parms
    stream.write(
        bare(content),
        filter=Name(filters[-1]),
        decode_parms=last if isinstance(last, Dictionary) else None,
    )


def _inflated(content: bytes) -> bytes:
    """Unpacked with a bound.

    Raises UnfitFile for more than a viewer can take, and for what is not packed at all.
    """
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, MOST_UNPACKED)
    except zlib.error:
        raise UnfitFile(Fault.DAMAGED) from None
    if unpacking.unconsumed_tail:
        raise UnfitFile(Fault.BOMB)
    return plain


def _prove(data: bytes, pages: int) -> None:
    """Raises UnfitFile unless the new document has every page and no trace of metadata."""
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as clean:
        if len(clean.pages) != pages or "/Info" in clean.trailer or "/Metadata" in clean.Root:
            raise UnfitFile(Fault.UNCLEANABLE)
        for thing in clean.objects:
            if isinstance(thing, Stream) and _METADATA.search(_unpacked(thing)):
                raise UnfitFile(Fault.UNCLEANABLE)
