"""Where drafts belong and how long they are kept. Pure."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

KEPT = timedelta(days=14)
# Bytes of a whole form; the desk reads no longer ones (2.5 MB). A text of 100 000 signs fits.
LARGEST = 2_000_000
# Bytes of a form that a page sends at all: what is longer stays on the page, to be shortened.
MOST_SENT = 2_500_000
_PLACE = re.compile(
    r"[a-z_]+(:[a-z_]+)?(:[0-9a-f-]{36})*(:[0-9]{1,4})?(@[a-z0-9_-]+)?(#[0-9a-f]{8})?"
)


class NoDraft(Refusal):
    """What came is no draft of ours, or not hers: the page was made for somebody else."""

    code = "cases.no_draft"


class Address(NamedTuple):
    """What a place tells of its page: the address's name and ids, and the service it is about."""

    name: str
    ids: tuple[str, ...] = ()
    service: str = ""


def place_of(view: str, ids: tuple[str, ...], *, service: str = "", key: str = "") -> str:
    """Where a form stands: its address's name and ids, `cases:write_note:<id of the case>`.

    service: where the same address has a form for each. key: of one opened form among several, so
    that what is typed in one never writes over what is typed in another.
    """
    place = ":".join((view, *ids)) + (f"@{service}" if service else "") + (f"#{key}" if key else "")
    if not _PLACE.fullmatch(place) or len(place) > 120:
        raise ValueError(place)
    return place


def page_of(place: str) -> str:
    """The place without the key of the form: what all drafts of a page have in common."""
    return place.partition("#")[0]


def address_of(place: str) -> Address:
    """The page of a place."""
    address, _at, service = page_of(place).partition("@")
    parts = address.split(":")
    ids = tuple(one for one in parts if (len(one) == 36 and "-" in one) or one.isdecimal())
    return Address(":".join(parts[: len(parts) - len(ids)]), ids, service)


def check_size(fields: str) -> None:
    """Pass what can be kept. Raises BadInput for more than the desk reads."""
    if len(fields.encode()) > LARGEST:
        raise BadInput(_("Det du har skrivit är för långt för att sparas som utkast. Korta det."))


def purge_before(now: datetime) -> datetime:
    """Drafts saved before this moment are thrown away."""
    return now - KEPT


def no_draft() -> NoDraft:
    """The refusal of a draft that is not hers, or whose page has been open for too long."""
    return NoDraft(
        _("Utkastet gäller inte längre. Öppna sidan igen; det som är sparat finns kvar.")
    )
