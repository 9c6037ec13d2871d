"""Drafts: hers alone, offered and opened where she typed them."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import QueryDict
from django.urls import reverse

from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import Place
from hamn.ui import once

from ..models import Draft
from ..rules.drafts import address_of, page_of
from .walls import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


FIELD = "draft"  # the hidden field with the signed place of the form
WANTED = "utkast"  # in the address: the draft to lay in
ASKED = "verksamhet"  # in the address: which service the form is about
LIVES_S = 24 * 3600
NOT_TYPED = ("csrfmiddlewaretoken", once.FIELD, FIELD, "steg", "form")
_THINGS: dict[str, Callable[[UUID, str, str], bool]] = {}
_signing_salt = "hamn.cases.draft"


class Token(NamedTuple):
    """What the hidden field of a form says: whose draft, where, sealed to which unit."""

    owner: int
    place: str
    unit: str
    case_id: UUID | None
    mark: str = ""  # of a thing of a room above: what it was when the form was opened


class OpenDraft(NamedTuple):
    """What she had typed, URL-encoded, where, and when it was kept."""

    fields: str
    saved_at: datetime
    place: str


def drafts_of(viewer: "Person", page: str) -> list[Draft]:
    """Her own drafts of the page, the newest first; while she belongs to their unit. None opened.

    page: as of `rules.drafts.page_of`.
    """
    rows = Draft.objects.filter(owner=viewer, unit__in=units_of(viewer), place__startswith=page)
    found = rows.order_by("-saved_at").defer("sealed")
    return [one for one in found if page_of(one.place) == page]


def draft_of(viewer: "Person", page: str, draft_id: UUID) -> OpenDraft | None:
    """That draft of hers, when it is of the page; None when it is gone. Raises Locked."""
    draft = next((one for one in drafts_of(viewer, page) if one.pk == draft_id), None)
    if draft is None:
        return None
    box = vaults.open_boxes([draft.box], [draft.unit]).get(draft.box)
    if box is None:
        return None
    fields = cast(str, json.loads(box.open(place_in(draft), bytes(draft.sealed))))
    return OpenDraft(fields, draft.saved_at, draft.place)


def place_in(draft: Draft) -> Place:
    """What the draft's ciphertext is bound to."""
    return Place(draft._meta.db_table, "sealed", str(draft.pk))


def register_things(room: str, is_same: Callable[[UUID, str, str], bool]) -> None:
    """A room above this one tells whether a thing of its own still is the unit's and the same.

    is_same: takes its id, the unit and the mark that the form was opened with; in a transaction.
    """
    _THINGS[room] = is_same


def is_current(place: str, unit: str, mark: str) -> bool:
    """Whether what the form is about has neither been erased nor gone to another unit since."""
    address = address_of(place)
    is_same = _THINGS.get(address.name.partition(":")[0])
    # Without an id it is about nothing that is there yet.
    return is_same is None or not address.ids or is_same(UUID(address.ids[0]), unit, mark)


def token_of(owner: int, place: str, unit: str, case_id: UUID | None, mark: str = "") -> str:
    """The hidden field of a form, signed; given to her behind the walls."""
    parts = [owner, place, unit, str(case_id) if case_id else "", mark]
    return signing.dumps(parts, salt=_signing_salt)


def read_token(text: str) -> Token | None:
    """What the hidden field says; None for what is no token of ours, or older than a day."""
    try:
        parts = signing.loads(text, salt=_signing_salt, max_age=LIVES_S)
        owner, place, unit, case, mark = parts
    except (signing.BadSignature, ValueError):  # ValueError: of a form from before an upgrade
        return None
    return Token(owner, place, unit, UUID(case) if case else None, mark)


def typed_in(sent: QueryDict) -> str:
    """What was typed in a form that was sent, URL-encoded, without what belongs to the page."""
    fields = sent.copy()
    for name in NOT_TYPED:
        fields.pop(name, None)
    return fields.urlencode()


def url_of(place: str, draft_id: UUID | None = None) -> str:
    """The page of the place; with the draft laid in, where one is named."""
    address = address_of(place)
    query = {ASKED: address.service} if address.service else {}
    if draft_id:
        query[WANTED] = str(draft_id)
    url = reverse(address.name, args=address.ids)
    return f"{url}?{urlencode(query)}" if query else url
