"""The database engine that settings name; PostgreSQL gets the same collation by a migration."""

import unicodedata
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

# Å, Ä and Ö come last in that order; the three signs after z in ASCII stand in for them.
_LAST = str.maketrans("åäö", "{|}")


@lru_cache(20_000)
def sort_key(text: str) -> str:
    """The key by which Swedish sorts a text: A…Z Å Ä Ö, other accents as their base letter."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_LAST)
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _compare(one: str, other: str) -> int:
    first, second = (sort_key(one), one), (sort_key(other), other)
    return (first > second) - (first < second)


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with the Swedish collation on each connection."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that can sort Swedish."""
        connection = super().get_new_connection(conn_params)
        connection.create_collation("swedish", _compare)
        return connection
