"""What a file is, by its first bytes and never by its name.

Three kinds are taken in: JPEG, PNG and PDF. The first bytes only choose which parser shall prove
it: a file is one of them when that parser has read it to its end (pictures.py, documents.py).
"""

import re
from enum import StrEnum
from mimetypes import MimeTypes
from pathlib import PurePosixPath

from hamn.papers.cleaning.faults import Fault, UnfitFile

MOST_MEGABYTES = 25
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
LONGEST_NAME = 100
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_NOT_IN_A_NAME = re.compile(
    '[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff<>:"|?*]'
)
# Only what Python itself knows, so that every machine gives the same answer.
_KNOWN_TYPES = MimeTypes(filenames=())


class Kind(StrEnum):
    """The kinds of file that can be attached; the value is the media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"

    @property
    def suffix(self) -> str:
        """What its name ends in."""
        return _SUFFIXES[self][0]

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_SUFFIXES = {
    Kind.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    Kind.PNG: (".png", ".apng"),
    Kind.PDF: (".pdf",),
}
_LABELS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.PDF: "PDF"}
_STARTS = {Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n", Kind.PDF: b"%PDF-"}


def kind_of(data: bytes) -> Kind:
    """Which parser shall prove the file.

    Raises UnfitFile: empty, larger than 25 MB, or none of the three kinds.
    """
    if not data:
        raise UnfitFile(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        raise UnfitFile(Fault.TOO_LARGE, most=MOST_MEGABYTES)
    for kind, start in _STARTS.items():
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise UnfitFile(Fault.HEIC)
    raise UnfitFile(Fault.UNKNOWN_KIND)


def check_name(name: str, kind: Kind) -> None:
    """Raises UnfitFile when the name promises another kind than the content is.

    A name without an ending, or with one that means nothing, promises nothing.
    """
    suffix = _suffix(name)
    is_known = _KNOWN_TYPES.guess_type(f"x{suffix}", strict=False) != (None, None)
    if suffix in _SUFFIXES[kind] or not (is_known or suffix in {".heic", ".heif"}):
        return
    raise UnfitFile(Fault.LYING_NAME, suffix=suffix, kind=kind.label)


def file_name(name: str, kind: Kind) -> str:
    """A name to store, show and download by: one part, no hidden characters, the right ending.

    Stops path traversal, names that turn themselves around, and double endings such as `.pdf.exe`.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join(_NOT_IN_A_NAME.sub("", last).split()).strip(". ")
    stem = plain[: -len(_suffix(plain))] if _suffix(plain) in _SUFFIXES[kind] else plain
    stem = stem.strip(". ")[: LONGEST_NAME - len(kind.suffix)].strip(". ")
    return (stem or "bilaga") + kind.suffix


def _suffix(name: str) -> str:
    """The name's ending in small letters, with its dot; empty when it has none."""
    return PurePosixPath(name.replace("\\", "/").replace("\x00", "")).suffix.lower()
