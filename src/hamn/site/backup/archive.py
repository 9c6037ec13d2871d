"""The file of a backup: a plain tar with the manifest first, read as if it came from an enemy.

Only the names below, only ordinary files, each within its limit and each once: a path out of the
folder, a link, a sparse file, a compressed bomb has no way in. Every byte of the file counts, so
that any flipped one is found: content by its hash, headers by their sum, the rest must be zero.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from hamn.core.errors import _
from hamn.guards.audit.rules import canonical

from .content import Content
from .refusals import Damaged, NotRestored

MANIFEST = "manifest.json"
FORMAT = 1
MEGABYTE = 1024 * 1024
# None: as large as the manifest says.
LIMITS: dict[str, int | None] = {
    "centre.toml": MEGABYTE,
    "trail-heads.jsonl": 64 * MEGABYTE,
    "secret-key": 4096,
    "database.sqlite3": None,
    "database.dump": None,
}
BLOCK = tarfile.BLOCKSIZE


class Part(NamedTuple):
    """A file in the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself."""

    hamn: str
    made_at: str
    vendor: str
    engine: str
    migrations: list[list[str]]
    parts: dict[str, Part]
    tables: dict[str, Content]
    format: int = FORMAT


def pack(target: Path, parts: Mapping[str, Path], manifest: Manifest) -> None:
    """Write the archive, readable by its owner alone, and see it safe on the disk."""
    content = asdict(manifest)
    told = json.dumps({"content": content, "sha256": _hash(content)}, ensure_ascii=False, indent=1)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
            encoded = told.encode()
            tar.addfile(_header(MANIFEST, len(encoded)), io.BytesIO(encoded))
            for name, path in parts.items():
                with path.open("rb") as source:
                    tar.addfile(_header(name, path.stat().st_size), source)
        stream.flush()
        os.fsync(stream.fileno())


def unpack(file: Path, folder: Path) -> Manifest:
    """Lay out the parts of the archive in the folder, each held against the manifest.

    Raises Damaged when anything at all is not as it was written, NotRestored for a file that a
    newer Hamn has written.
    """
    length = file.stat().st_size
    with file.open("rb") as stream:
        members = _members(stream, length)
        first = None if length % tarfile.RECORDSIZE else next(members, None)
        if first is None or first.name != MANIFEST or first.size > MEGABYTE:
            raise damaged(file)
        manifest = _manifest(stream.read(first.size), file)
        waiting = dict(manifest.parts)
        for member in members:
            part = waiting.pop(member.name, None)
            if part is None or part.size != member.size:
                raise damaged(file)
            if _copy(stream, member.size, folder / member.name) != part.sha256:
                raise damaged(file)
    if waiting:
        raise damaged(file)
    return manifest


def damaged(file: Path) -> Damaged:
    """The refusal of a file that is not a whole backup."""
    return Damaged(
        _(
            "Filen {name} är ingen hel säkerhetskopia från Hamn, så ingenting har återställts. "
            "Ta en annan kopia."
        ),
        name=file.name,
    )


def hash_of(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


def _members(stream: IO[bytes], length: int) -> Iterator[tarfile.TarInfo]:
    """Each member, with the stream where its content begins; the reader takes all of it.

    tarfile's own reader follows what headers ask for (links, sparse maps, names of any length);
    this one knows ordinary files only.
    """
    while (block := stream.read(BLOCK)) != bytes(BLOCK):
        try:
            member = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            raise damaged(Path(stream.name)) from None
        end = stream.tell() + member.size
        if member.type != tarfile.REGTYPE or not 0 <= member.size <= length or end > length:
            raise damaged(Path(stream.name))
        yield member
        _zeros(stream, -member.size % BLOCK)
    _zeros(stream, min(length - stream.tell(), tarfile.RECORDSIZE))
    if stream.read(1):
        raise damaged(Path(stream.name))


def _zeros(stream: IO[bytes], count: int) -> None:
    if stream.read(count) != bytes(count):
        raise damaged(Path(stream.name))


def _copy(stream: IO[bytes], size: int, target: Path) -> str:
    """Copy so many bytes to the file; their SHA-256."""
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        while size:
            chunk = stream.read(min(size, MEGABYTE))
            if not chunk:
                break
            size -= len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _manifest(text: bytes, file: Path) -> Manifest:
    try:
        told = json.loads(text)
        content = told["content"]
        if _hash(content) != told["sha256"]:
            raise damaged(file)
        if content["format"] > FORMAT:
            raise newer(file)
        return _read(content, file)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(file) from None


def _read(content: dict[str, Any], file: Path) -> Manifest:
    parts = {name: Part(*map(_plain, part)) for name, part in content.pop("parts").items()}
    tables = {name: Content(*map(_plain, table)) for name, table in content.pop("tables").items()}
    for name, part in parts.items():
        limit = LIMITS[name]
        if part.size < 0 or (limit is not None and part.size > limit):
            raise damaged(file)
    if datetime.fromisoformat(content["made_at"]).tzinfo is None:
        raise damaged(file)
    if not all(isinstance(content[name], str) for name in ("hamn", "vendor", "engine")):
        raise TypeError(file)
    for migration in content["migrations"]:
        app, name = migration
        if not (isinstance(app, str) and isinstance(name, str)):
            raise TypeError(migration)
    return Manifest(parts=parts, tables=tables, **content)


def _plain(value: object) -> Any:
    if not isinstance(value, int | str):
        raise TypeError(value)
    return value


def newer(file: Path) -> NotRestored:
    """The refusal of a file from a later version."""
    return NotRestored(
        _(
            "Filen {name} är skriven av en nyare Hamn än den som är installerad, så ingenting har "
            "återställts. Uppgradera Hamn och kör igen."
        ),
        name=file.name,
    )


def _hash(content: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()
