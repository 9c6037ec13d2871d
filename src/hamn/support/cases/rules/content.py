"""What sealed records say, as typed data, and the JSON in which it is sealed.

A field that an older record lacks takes its default; one that no longer exists is left out.
"""

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hamn.core.errors import _
from hamn.support.services.rules import CHANNELS, CONTACT_KINDS, FORMS

from .notes import Addition, Wording

T = TypeVar("T")


class IdentityLevel(StrEnum):
    """How much the person has said about who she is; her choice, changed both ways (Z7)."""

    ANONYMOUS = "anonymous"
    PSEUDONYMOUS = "pseudonymous"
    NAMED = "named"


IDENTITY_LEVELS = {
    IdentityLevel.ANONYMOUS: _("anonym"),
    IdentityLevel.PSEUDONYMOUS: _("kallar sig något annat"),
    IdentityLevel.NAMED: _("namngiven"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One identity-free fact that was written about the record, by its random id."""

    fact: str
    kind: str
    year: int


@dataclass(frozen=True, slots=True)
class CaseContent:
    """What a case says about its person; nothing of it is demanded but its own number (B5)."""

    number: str
    called: str = ""  # the name she chooses to be called by
    identity_level: str = IdentityLevel.ANONYMOUS
    personal_number: str = ""  # twelve digits
    named_on: date | None = None  # earlier notes are never filled in with the name
    grounds: tuple[str, ...] = ()
    municipality: str = ""  # code, "unknown" or "declined"
    residence: str = "unknown"
    age_group: str = "adult"
    birth_year: int | None = None
    form: str = "individual"  # individual, couple, relative
    source: str = "own_contact"
    language: str = ""
    wishes: str = ""
    safe_channels: tuple[str, ...] = ()  # empty: any
    forbidden_channels: tuple[str, ...] = ()
    safe_from: int | None = None  # hour of the day
    safe_until: int | None = None
    safe_days: tuple[int, ...] = ()  # 0 is Monday; empty: any
    safe_note: str = ""
    is_protected: bool = False  # protected identity: nothing that leads to her is stored or printed
    informed_of_right_on: date | None = None  # SoL 11:6, told that she may apply (11:1)
    reported_on: date | None = None  # concern for her, a child, was reported (SoL 19:1)
    closure_reason: str = ""
    closure_outcome: str = ""
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactContent:
    """What one contact was about; a contact may belong to no case.

    text_by, text_at: who wrote the wording that stands, and when; none: who logged it, as she did.
    earlier: wordings that another worker has replaced. additions: later text.
    """

    channel: str
    kind: str  # counselling, motivational_talk, practical_support, accompaniment
    form: str = "individual"
    minutes: int | None = None
    grounds: tuple[str, ...] = ()
    municipality: str = "unknown"
    residence: str = "unknown"
    age_group: str = "adult"
    source: str = "own_contact"
    is_acute: bool = False
    is_trafficking: bool = False
    service: str = ""
    entitlement: str = ""  # the answer that was given, one of five
    called: str = ""
    text: str = ""
    text_by: int | None = None
    text_at: datetime | None = None
    earlier: tuple[Wording, ...] = ()
    additions: tuple[Addition, ...] = ()
    counterpart: str = ""
    spoke: tuple[int, ...] = ()  # ids of the workers who did; none: who logged it
    is_informed: bool = False  # told that she may apply for help (SoL 11:1, 11:6)
    joint_with: str = ""  # the same talk in the other's case, for a couple
    subject: str = ""  # of an e-mail
    left_out: int = 0  # attachments of an e-mail that were not kept
    answer_offer: str = ""  # how an answer was offered
    answered_on: date | None = None
    handed_to: tuple[str, ...] = ()  # units that were asked to take over
    handed_from: str = ""  # the unit that asked; then no contact with the person is counted here
    handed_ground: str = ""  # consent or need_to_know
    handed_words: str = ""
    counted: tuple[Counted, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """How and what it was, as sentences to translate."""
        return CHANNELS[self.channel], CONTACT_KINDS[self.kind], FORMS[self.form]


def to_json(content: Any) -> bytes:
    """The content as it is sealed."""
    return json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":")).encode()


def from_json(kind: type[T], plain: bytes) -> T:
    """The content as the dataclass that the kind of record has."""
    return cast(T, _read(kind, json.loads(plain)))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    """The plain value as the type that the field is declared with."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(
            **{name: _read(hints[name], one) for name, one in value.items() if name in hints}
        )  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value
