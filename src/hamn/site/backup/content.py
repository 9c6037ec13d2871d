"""What a table holds, as a number of rows and one hash, the same on either side of a restore."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

# Data that must not come back: a session that has been ended, a code that has been used. Their
# tables are in the backup, empty.
FLEETING = ("django_session", "usersessions_usersession", "site_cache")


class Content(NamedTuple):
    """A table's rows and their hash."""

    rows: int
    sha256: str


def content_of(rows: Iterable[bytes]) -> Content:
    """The count and the hash of the rows, in whatever order they come.

    The rows' own hashes are added together, so that nothing has to be sorted: sorting differs
    between machines, and a large table would have to be sorted on disk.
    """
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row).digest())
    return Content(count, f"{total % 2**256:064x}")


def differing(before: dict[str, Content], after: dict[str, Content]) -> list[str]:
    """The names of the tables that do not hold the same."""
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
