"""A box: one record's data key, opened. The one module that reads what is sealed.

Permission comes before a box is opened (queries.open_box), never in here.
"""

import hmac
from typing import Never
from uuid import UUID

from . import rules
from .rules import Place


class Box:
    """A record's data key as far as it is needed: to seal, to open, and to be named in the trail.

    Never stored, never copied to another process, and silent about its key.
    """

    __slots__ = ("_fields", "_key", "id", "units")

    def __init__(self, box_id: UUID, units: frozenset[str], key: bytes) -> None:
        self.id = box_id
        # Those through which it was opened, or for which it was made.
        self.units = units
        self._key = key
        self._fields = rules.subkey(key, "fields 1")

    def seal(self, place: Place, plain: bytes) -> bytes:
        """The text as this box alone opens it, at this place alone."""
        return rules.sealed(self._fields, place, plain)

    def open(self, place: Place, sealed: bytes) -> bytes:
        """The text that was sealed. Raises Unreadable when moved, changed, or of another box."""
        return rules.opened(self._fields, place, bytes(sealed))

    @property
    def trail_name(self) -> str:
        """The name under which the trail knows the record; dies with the key."""
        return self._named(self.id.bytes)

    def name_of(self, row_id: UUID) -> str:
        """The name under which the trail knows one row that is sealed here; dies with the key."""
        # Longer than an id, so that no row ever has the name of a box.
        return self._named(b"row " + row_id.bytes)

    def key_for(self, public: bytes, *, to: str) -> bytes:
        """The box's key, sealed to one more public key."""
        return rules.seal_key(public, self._key, to=to)

    def key_for_person(self, public: bytes) -> bytes:
        """The box's key, sealed to somebody who is no unit and holds her own key pair."""
        return self.key_for(public, to=person_of(self.id))

    def _named(self, what: bytes) -> str:
        key = rules.subkey(self._key, "trail 1")
        return "sealed:" + hmac.digest(key, what, "sha256").hex()[:32]

    def __repr__(self) -> str:
        return f"<Box {self.id}>"

    def __reduce__(self) -> Never:
        raise TypeError("a box is never copied or stored")


def person_of(box_id: UUID) -> str:
    """What a data key is sealed for when it is a person's own: for another box it does not open."""
    return f"hamn vault person 1:{box_id}"
