"""Pictures inside a PDF, freed from their metadata without touching a pixel.

A photograph laid into a PDF keeps its EXIF, with the place it was taken, inside the picture's own
stream. The formats are lists of parts: those that hold the picture are kept, all others left out.
Source: ITU-T T.81 annex B (JPEG), ITU-T T.800 annex I (JPEG 2000).
"""

import re

from hamn.papers.cleaning.faults import Fault, UnfitFile

_SOI, _EOI, _SOS, _COMMENT, _ADOBE = 0xD8, 0xD9, 0xDA, 0xFE, 0xEE
_APPLICATION = range(0xE0, 0xF0)
# A marker inside the picture's data; stuffed bytes, restarts and fill bytes are not.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPX_BOXES = {b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jp2c"}
_JPX_BARE = b"\xff\x4f\xff\x51"


def bare_jpeg(data: bytes) -> bytes:
    """The JPEG without application data and comments; how its colours are coded (APP14) stays.

    Raises UnfitFile when its parts do not follow on each other.
    """
    kept, place = [b"\xff\xd8"], 2
    if data[:2] != b"\xff\xd8":
        raise UnfitFile(Fault.DAMAGED)
    while place < len(data):
        marker, part, place = _part(data, place)
        if marker == _EOI:
            break
        if marker == _ADOBE or not (marker in _APPLICATION or marker == _COMMENT):
            kept.append(part)
    return b"".join(kept) + b"\xff\xd9"


def _part(data: bytes, start: int) -> tuple[int, bytes, int]:
    """The marker at a place, its whole part (with the picture's data after SOS), and where next."""
    while data[start : start + 2] == b"\xff\xff":
        start += 1
    if data[start : start + 1] != b"\xff" or start + 2 > len(data):
        raise UnfitFile(Fault.DAMAGED)
    marker = data[start + 1]
    if marker == _EOI:
        return marker, b"", len(data)
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    if end < start + 4 or end > len(data):
        raise UnfitFile(Fault.DAMAGED)
    if marker == _SOS:
        found = _NEXT_MARKER.search(data, end)
        end = found.start() if found else len(data)
    return marker, data[start:end], end


def bare_jpx(data: bytes) -> bytes:
    """The JPEG 2000 picture with the boxes that hold it, and no others.

    Raises UnfitFile when its boxes do not follow on each other.
    """
    if data.startswith(_JPX_BARE):
        return data
    kept, place = [], 0
    while place < len(data):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        end = place + size if size else len(data)
        if len(name) < 4 or end < place + 8 or end > len(data):
            raise UnfitFile(Fault.DAMAGED)
        if name in _JPX_BOXES:
            kept.append(data[place:end])
        place = end
    return b"".join(kept)
