"""Lists of any length: sorted by a column, a page at a time from where the last one ended.

Keyset pagination: each page is found by the place of its neighbour, so that page one thousand
costs what page one does, and a row that came in meanwhile moves nothing.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, QueryDict

PAGE = 50
Kind = Literal["text", "kr", "integer", "percent", "date", "moment", "tag", "html"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A state as a coloured label; the colour never says more than the text does."""

    text: str
    colour: str = "grey"


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, how a row's cell is read, and how it is sorted.

    heading: in the reader's language. sort: the field, never null; empty where none can.
    """

    key: str
    heading: str
    cell: Callable[[Any], Any]
    kind: Kind = "text"
    sort: str = ""


@dataclass(slots=True)
class Heading:
    """A column's heading as it is drawn."""

    text: str
    kind: Kind
    url: str = ""
    order: Literal["", "ascending", "descending"] = ""


@dataclass(slots=True)
class Listing:
    """One page of a list, ready to draw by `{% listing %}`."""

    caption: str
    headings: list[Heading]
    rows: list[list[tuple[str, Kind, Any]]]  # heading, kind, value of each cell
    previous_url: str = ""
    next_url: str = ""
    things: list[Any] = field(default_factory=list)  # the rows themselves


def listing(
    request: HttpRequest,
    rows: QuerySet[Any],
    columns: Sequence[Column],
    *,
    caption: str,
    default: str,
    size: int = PAGE,
    shown: Callable[[list[Any]], Sequence[Any]] = lambda things: things,
) -> Listing:
    """The page of the rows that the address asks for; the first one when it asks for no sense.

    default: the column's key that sorts when nobody chose, `-` before it for falling order.
    shown: what the cells are read from, for all rows of the page at once.
    """
    key, falling = _order(request.GET.get("sortera", default), columns, default)
    by = next(column.sort for column in columns if column.key == key)
    place, backwards = _place(request.GET, rows, by)
    found = _beyond(rows, by, place, falling != backwards)
    things = list(found[: size + 1])
    more = len(things) > size
    things = things[:size]
    if backwards:
        things.reverse()
    has_next = more if not backwards else True
    has_previous = place is not None and (not backwards or more)
    chosen = f"-{key}" if falling else key
    return Listing(
        caption=caption,
        headings=[_heading(request, column, key, falling=falling) for column in columns],
        rows=[[(c.heading, c.kind, c.cell(one)) for c in columns] for one in shown(things)],
        next_url=_url(request, chosen, efter=_mark(things[-1], by)) if has_next and things else "",
        previous_url=_url(request, chosen, fore=_mark(things[0], by))
        if has_previous and things
        else "",
        things=things,
    )


def table(rows: Sequence[Any], columns: Sequence[Column], *, caption: str) -> Listing:
    """Rows that are all there at once, as the same sort of table."""
    return Listing(
        caption=caption,
        headings=[Heading(column.heading, column.kind) for column in columns],
        rows=[[(c.heading, c.kind, c.cell(row)) for c in columns] for row in rows],
        things=list(rows),
    )


def _order(wanted: str, columns: Sequence[Column], default: str) -> tuple[str, bool]:
    """The key and whether it falls; the default for what is no sortable column."""
    if wanted.removeprefix("-") not in {column.key for column in columns if column.sort}:
        wanted = default
    return wanted.removeprefix("-"), wanted.startswith("-")


def _beyond(
    rows: QuerySet[Any], by: str, place: tuple[Any, Any] | None, falling: bool
) -> QuerySet[Any]:
    """The rows past the place, in order; the primary key decides between equals."""
    if place is not None:
        value, pk = place
        than = "lt" if falling else "gt"
        rows = rows.filter(Q(**{f"{by}__{than}": value}) | Q(**{by: value, f"pk__{than}": pk}))
    names = (by, "pk") if by != "pk" else ("pk",)
    return rows.order_by(*(F(name).desc() if falling else F(name).asc() for name in names))


def _place(asked: QueryDict, rows: QuerySet[Any], by: str) -> tuple[tuple[Any, Any] | None, bool]:
    """Where the page begins, and whether it is read backwards from there."""
    for name, backwards in (("efter", False), ("fore", True)):
        if text := asked.get(name):
            return _read_mark(text, rows.model, by), backwards
    return None, False


def _mark(thing: Any, by: str) -> str:
    value = thing
    for name in by.split("__"):
        value = getattr(value, name)
    if isinstance(value, date | datetime):
        value = value.isoformat()
    pk = str(thing.pk) if isinstance(thing.pk, UUID) else thing.pk
    plain = json.dumps([value, pk], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _read_mark(text: str, model: type[Model], by: str) -> tuple[Any, Any] | None:
    """The place that the mark names; None for one that somebody has changed."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value, pk = json.loads(plain)
        if not isinstance(pk, int | str) or not isinstance(value, int | str):
            return None
        if not (_is_text(value) and _is_text(pk)):
            return None
        return _field_of(model, by).to_python(value), _field_of(model, "pk").to_python(pk)
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError):
        return None


def _is_text(value: int | str) -> bool:
    """Whether a database takes it: a number, or a text without NUL and lone surrogates."""
    if isinstance(value, int):
        return abs(value) < 2**63
    return "\0" not in value and value.isprintable()


def _field_of(model: type[Model], by: str) -> Any:
    *path, last = by.split("__")
    for name in path:
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type)  # a column's sort is a path of foreign keys
        model = related
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _heading(request: HttpRequest, column: Column, key: str, *, falling: bool) -> Heading:
    if not column.sort:
        return Heading(column.heading, column.kind)
    if column.key != key:
        return Heading(column.heading, column.kind, _url(request, column.key))
    turned = column.key if falling else f"-{column.key}"
    order: Literal["ascending", "descending"] = "descending" if falling else "ascending"
    return Heading(column.heading, column.kind, _url(request, turned), order)


def _url(request: HttpRequest, order: str, **place: str) -> str:
    asked = request.GET.copy()
    for name in ("efter", "fore"):
        asked.pop(name, None)
    asked["sortera"] = order
    asked.update(place)
    return f"?{asked.urlencode()}"
