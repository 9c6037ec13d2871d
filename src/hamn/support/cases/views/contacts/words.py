"""What a contact says in words, and who wrote it when: for `cases/contact_text.html`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from hamn.guards.access.queries import titles

from ...rules.contacts import is_locked, writers_of

if TYPE_CHECKING:
    from ...models import Contact
    from ...rules.content import ContactContent


@dataclass(frozen=True, slots=True)
class Signed:
    """A text with the name of whoever wrote it, and its day or moment."""

    text: str
    by: str
    at: date | None


@dataclass(frozen=True, slots=True)
class Words:
    """The text that stands, signed where a colleague has rewritten it, and what belongs to it."""

    latest: Signed
    earlier: list[Signed]
    additions: list[Signed]
    is_locked: bool


def names_of(people: Iterable[int | None]) -> dict[str, str]:
    """The workers' titles, as `titles` has them."""
    return titles({f"access.person:{pk}" for pk in people if pk})


def words_of(row: "Contact", content: "ContactContent", names: dict[str, str]) -> Words:
    """The contact's words with their writers. names: as of `names_of`."""

    def signed(text: str, by: int | None, at: date | None) -> Signed:
        return Signed(text, names.get(f"access.person:{by}", ""), at)

    return Words(
        latest=signed(content.text, content.text_by, content.text_at),
        earlier=[signed(one.text, one.by, one.at) for one in content.earlier],
        additions=[signed(one.text, one.by, one.on) for one in content.additions],
        is_locked=is_locked(row.logged_at, timezone.now()),
    )


def signed_words(row: "Contact", content: "ContactContent") -> Words:
    """The same for one contact alone, its writers' names looked up."""
    return words_of(row, content, names_of((row.logged_by_id, *writers_of(content))))
