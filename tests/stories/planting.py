"""Unique words to plant, and a search for them in bytes however those are written or packed.

Every word begins with the same random letters and digits, new for each run, so that a few patterns
find them all. They are looked for as UTF-8, UTF-16, hex and base64, inside whatever zlib, gzip, zip
or PDF streams hold, and in the rows of a database one by one, where no page's end cuts them.
"""

import base64
import io
import re
import secrets
import sqlite3
import string
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from PIL import Image, PngImagePlugin

_SIGNS = string.ascii_lowercase + string.digits
_WORD = 8  # signs after those that all words share
_SHORTEST_CODED = 9  # of a shorter one too little of its base64 is sure
_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")
_IN_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_DEEPEST = 4
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Find:
    """A planted word where none may stand: in what, and where it was typed."""

    place: str
    typed: str


@dataclass
class Words:
    """The words of one run. typed: where each was typed, by word."""

    start: str = field(default_factory=lambda: _random(12))
    typed: dict[str, str] = field(default_factory=dict)

    def new(self, typed: str) -> str:
        """One more word, different from all others."""
        word = self.start + _random(_WORD)
        self.typed[word] = typed
        return word

    def also(self, word: str, typed: str) -> str:
        """A word that had to have another form: a number."""
        self.typed[word] = typed
        return word

    def within(self, data: bytes) -> set[str]:
        """Where those words were typed that stand in the bytes, whatever they are packed in."""
        return {found for layer in layers(data) for found in self._in_layer(layer)}

    def _in_layer(self, data: bytes) -> Iterator[str]:
        low = data.lower()
        for pattern, codec in self._patterns():
            at = (low if codec != "base64" else data).find(pattern)
            while at >= 0:
                yield self._named(low, at, codec)
                at = (low if codec != "base64" else data).find(pattern, at + 1)

    def _patterns(self) -> Iterator[tuple[bytes, str]]:
        """What to look for, and how it would be written there."""
        numbers = [word for word in self.typed if not word.startswith(self.start)]
        for text in (self.start, *numbers):
            for codec in ("utf-8", "utf-16-le", "utf-16-be"):
                yield text.lower().encode(codec), codec
            yield text.lower().encode().hex().encode(), "hex"
            if len(text) >= _SHORTEST_CODED:
                yield from ((inner, "base64") for inner in _in_base64(text.encode()))

    def _named(self, data: bytes, at: int, codec: str) -> str:
        """Where the word that begins there was typed."""
        if codec == "base64":
            return "(base64)"
        span = data[at : at + 4 * (len(self.start) + _WORD)]
        plain = bytes.fromhex(_even_hex(span)) if codec == "hex" else span
        text = plain.decode(codec if codec != "hex" else "utf-8", "replace")
        found = (typed for word, typed in self.typed.items() if text.startswith(word.lower()))
        return next(found, "(a part of a word)")


def layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and everything that is packed in them."""
    yield data
    if depth == _DEEPEST:
        return
    view = memoryview(data)
    for packed in _PACKED.finditer(data):
        if inner := _unpacked(view, packed.start(), packed[0]):
            yield from layers(inner, depth + 1)
    for coded in _IN_BASE64.finditer(data):
        # Packed before it was coded, as Django's sessions are; the plain is found as it stands.
        head = coded[0][:4].translate(_URL_SAFE)
        if _PACKED.match(base64.b64decode(head)):
            text = coded[0].translate(_URL_SAFE)
            yield from layers(base64.b64decode(text[: len(text) // 4 * 4] + b""), depth + 1)


def files_with(words: Words, folders: Iterable[Path]) -> list[Find]:
    """Every word in every file, and in the files' names. folders: a file may stand for one."""
    found = []
    for path in (path for folder in folders for path in (folder, *sorted(folder.rglob("*")))):
        typed = words.within(str(path).encode())
        if path.is_file() and not path.is_symlink():
            typed |= words.within(path.read_bytes())
        found += [Find(str(path), one) for one in sorted(typed)]
    return found


def rows_with(words: Words, tables: Iterable[tuple[str, Iterable[tuple[Any, ...]]]]) -> list[Find]:
    """Every word in every value of the tables."""
    found: set[Find] = set()
    for table, rows in tables:
        for row in rows:
            for value in row:
                data = (
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                )
                found |= {Find(table, typed) for typed in words.within(data)}
    return sorted(found, key=lambda one: (one.place, one.typed))


def sqlite_tables(path: Path) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every table of the file with its rows."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            yield name, connection.execute(f'SELECT * FROM "{name}"').fetchall()


def postgresql_tables(address: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every table of the database with its rows."""
    with psycopg.connect(address) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            yield name, connection.execute(f'SELECT * FROM "{name}"').fetchall()


def picture(word: str, *, noise: int = 0) -> bytes:
    """A PNG whose texts and EXIF hold the word; noise: the side of a large one."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", word)
    notes.add_itxt("XML:com.adobe.xmp", word, zip=True)
    exif = Image.Exif()
    exif[0x010F] = word
    out = io.BytesIO()
    drawn = Image.effect_noise((noise, noise), 90) if noise else Image.new("RGB", (40, 30), "white")
    drawn.save(out, "PNG", pnginfo=notes, exif=exif)
    return out.getvalue()


def _random(length: int) -> str:
    """A letter, then letters and digits: nothing that occurs by chance."""
    return secrets.choice("ghjkqvwxz") + "".join(secrets.choice(_SIGNS) for _ in range(length - 1))


def _in_base64(word: bytes) -> Iterator[bytes]:
    """What of the word's base64 stands there wherever in the text it begins."""
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + word)
        first = (offset * 8 + 5) // 6
        yield coded[first : (offset + len(word)) * 8 // 6]


def _even_hex(span: bytes) -> str:
    found = re.match(rb"[0-9a-f]*", span)
    text = found[0].decode() if found else ""
    return text[: len(text) // 2 * 2]


def _unpacked(view: memoryview, at: int, magic: bytes) -> bytes:
    """What a packed stream that begins there holds; nothing where none does."""
    bits = 47
    if magic == b"PK\x03\x04":
        names = sum(
            int.from_bytes(view[at + place : at + place + 2], "little") for place in (26, 28)
        )
        at, bits = at + 30 + names, -15
    try:
        return zlib.decompressobj(bits).decompress(view[at:], _LARGEST)
    except zlib.error:
        return b""
