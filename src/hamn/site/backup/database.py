"""Which of the two databases the centre stands on, behind the same functions."""

from pathlib import Path
from typing import Protocol

from django.db import connection

from . import postgresql, sqlite
from .content import Content


class Database(Protocol):
    """What a backup asks of a database."""

    PART: str

    def engine(self) -> str:
        """The engine and its version."""

    def is_empty(self) -> bool:
        """Whether no table stands here yet."""

    def save(self, path: Path) -> dict[str, Content]:
        """Copy the live database to the file; what each table holds."""

    def load(self, path: Path, expected: dict[str, Content]) -> dict[str, Content] | None:
        """Lay out the file if it holds what is expected; what it holds."""


def database() -> Database:
    """The centre's own."""
    return postgresql if connection.vendor == "postgresql" else sqlite
