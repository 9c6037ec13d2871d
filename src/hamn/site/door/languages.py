"""In which languages the door answers, and where each is found: Swedish at `/`, others `/en/` …"""

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from django.conf import settings
from django.db import Error

DEFAULT = "sv"
RIGHT_TO_LEFT = {"ar"}

_latest: list[str] = [DEFAULT]


def published() -> Sequence[str]:
    """Codes of the languages whose texts a native reader has approved; Swedish always, first.

    While the database is away: those of the last time.
    """
    with suppress(Error):
        _latest[:] = [DEFAULT, *(code for code in _approved() if code != DEFAULT)]
    return list(_latest)


def of_path(path: str) -> str:
    """The language whose pages stand at the path, published or not."""
    first = path.lstrip("/").partition("/")[0]
    others = {code for code, _name in settings.LANGUAGES} - {DEFAULT}
    return first if first in others else DEFAULT


def beside(path: str, code: str) -> str:
    """The address of the same page in another language."""
    here = of_path(path)
    bare = path if here == DEFAULT else path.removeprefix(f"/{here}")
    # "//host" and "/\\host" would lead to another site.
    bare = "/" + quote(bare.lstrip("/\\"))
    return bare if code == DEFAULT else f"/{code}{bare}"


def _approved() -> Sequence[str]:
    from hamn.support.door.queries.texts import published_languages

    return published_languages()
