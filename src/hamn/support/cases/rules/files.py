"""What an attachment says of its file, and in how large parts its bytes are sealed. Pure.

Source: docs/adr/0020.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hamn.core.errors import Refusal, _
from hamn.core.text import clean_text

LONGEST_ABOUT = 200
# Together with its length a whole part fills its padding, so that parts differ in the last alone.
PART_BYTES = 1024 * 1024 - 4


class Copy(StrEnum):
    """Which of the two copies of a file."""

    ORIGINAL = "original"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it was sent, and its working copy without metadata.

    hash: SHA-256 of the original. original, working: ids of the parts in their order, so that no
    part can be left out, moved or put in from elsewhere without notice.
    """

    name: str
    media_type: str
    size: int
    hash: str
    working_size: int
    about: str = ""
    original: tuple[str, ...] = ()
    working: tuple[str, ...] = ()

    def parts(self, copy: Copy) -> tuple[str, ...]:
        """The ids of a copy's parts."""
        return self.original if copy is Copy.ORIGINAL else self.working

    def size_of(self, copy: Copy) -> int:
        """How many bytes a copy has."""
        return self.size if copy is Copy.ORIGINAL else self.working_size


class BrokenFile(Refusal):
    """A part of the file is missing, or is not what was sealed."""

    code = "cases.broken_file"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filen går inte att läsa: en del av den saknas eller är ändrad. Hämta den ur en "
                "säkerhetskopia, och säg till den som driver systemet."
            )
        )


def in_parts(data: bytes) -> Iterator[bytes]:
    """The bytes in parts as they are sealed."""
    for start in range(0, len(data), PART_BYTES):
        yield data[start : start + PART_BYTES]


def checked_about(text: str) -> str:
    """What the file shows, in a line. Raises BadInput."""
    return " ".join(clean_text(text, LONGEST_ABOUT).split())
