"""The key files: one for each unit, written whole or not at all, readable by the agent alone."""

import os
import re
from pathlib import Path

from ..rules import NoKey

UNIT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_END = ".json"
LARGEST = 1024 * 1024


class KeyFiles:
    """A folder of key files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def units(self) -> list[str]:
        """The units that have a key file."""
        if not self.folder.is_dir():
            return []
        names = (path.stem for path in self.folder.glob(f"*{_END}"))
        return sorted(name for name in names if UNIT.fullmatch(name))

    def read(self, unit: str) -> bytes:
        """The unit's key file. Raises NoKey when there is none."""
        try:
            with self._path(unit).open("rb") as stream:
                return stream.read(LARGEST)
        except FileNotFoundError:
            raise NoKey(unit) from None

    def write(self, unit: str, content: bytes) -> None:
        """Replace the unit's key file; a power cut leaves the old one or the new one."""
        path = self._path(unit)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
        self._settle()

    def _path(self, unit: str) -> Path:
        if not UNIT.fullmatch(unit):
            raise NoKey("?")
        return self.folder / f"{unit}{_END}"

    def _settle(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
