"""A picture read to its last pixel and written anew, with nothing but the pixels.

What goes: EXIF with place and camera, comments, text, thumbnails, colour profiles, further
frames, and anything that stood before, between or after. Runs in the child process only.
"""

import io
import warnings

from PIL import Image, ImageOps

from hamn.papers.cleaning.faults import Fault, UnfitFile
from hamn.papers.cleaning.kinds import Kind

MOST_PIXELS = 50_000_000
QUALITY = 90
_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG"}


def clean_picture(data: bytes, kind: Kind) -> bytes:
    """The same picture, upright, with its pixels alone.

    Raises UnfitFile: too many pixels, truncated, or not what its first bytes say.
    """
    bare = _upright(_decoded(data, kind))
    bare.info.clear()
    out = io.BytesIO()
    if kind is Kind.JPEG:
        bare.save(out, "JPEG", quality=QUALITY)
    else:
        bare.save(out, "PNG")
    return out.getvalue()


def _decoded(data: bytes, kind: Kind) -> Image.Image:
    """The first frame, with every pixel decoded."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise UnfitFile(Fault.BOMB) from None
    # Pillow's decoders raise errors of many kinds on garbled bytes.
    except Exception:
        raise UnfitFile(Fault.DAMAGED) from None
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """A copy turned as the camera was held, in a mode that needs no notes beside the pixels."""
    try:
        turned = ImageOps.exif_transpose(picture)
    except Exception:
        turned = picture.copy()
    if turned.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are what a screen shows.
        grey: Image.Image = turned.convert("I").point(lambda value: value / 256)
        return grey.convert("L")
    if "transparency" in turned.info or "A" in turned.getbands():
        return turned.convert("RGBA")
    return turned.copy() if turned.mode in {"1", "L", "RGB"} else turned.convert("RGB")
