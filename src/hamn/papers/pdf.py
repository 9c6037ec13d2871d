"""Typed data in, an archivable and accessible PDF out (PDF/A-3a and PDF/UA-1, by Typst).

Knows nothing about who or why: a room owns its template and says what stands in it.
Data reaches the template as JSON and is never spliced into its text, so no text can become markup.
Nothing is fetched: fonts come from installed packages, files only from the template's folder.

A template reads `json(bytes(sys.inputs.data))` and `json(bytes(sys.inputs.attachments))`.
"""

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import typst
from font_source_sans_pro import font_directory

from hamn.core.errors import BadInput, _

# Each attempt learns one character; a text that needs more is in a writing no font here has.
MOST_ATTEMPTS = 50
LAST_SURE = 0x17F  # the end of Latin Extended-A: Source Sans Pro has all of it
FACES = tuple(f"SourceSansPro-{face}.ttf" for face in ("Regular", "Semibold", "Bold", "It"))

# Control characters except the line break, halves of surrogate pairs, code points that mean
# nothing outside one font, and the marks that turn text around: with those a page could show
# another name or amount than the data has.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\uf8ff"
    "\ufffe\uffff\U000f0000-\U0010ffff]"
)
_REFUSED_BY_TYPST = re.compile(r'the (?:text|codepoint) `"(?P<text>.*?)"`', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}")
_LONG_WORD = re.compile(r"\S{31,}")
_BREAK_EVERY = re.compile(r"(\S{8})(?=\S)")


class UnprintableText(BadInput):
    """A text holds a character that no paper of Hamn's can show."""

    code = "papers.unprintable_text"

    def __init__(self, text: str, character: str) -> None:
        super().__init__(
            _(
                "Tecknet {character} i ”{text}” går inte att skriva i ett dokument. "
                "Ta bort eller byt ut tecknet och försök igen."
            ),
            character=_shown(character),
            text=text.replace(character, "\N{WHITE SQUARE}") if character else text,
        )
        self.character = character


class UnreadableAttachment(BadInput):
    """An attachment is not text in UTF-8, the only kind that can be carried unchanged."""

    code = "papers.unreadable_attachment"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Bilagan {name} kan inte läggas i dokumentet, för den är inte text i UTF-8."),
            name=name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file carried inside the PDF, byte for byte.

    content: text in UTF-8.
    relationship: what the file is to the page: `alternative`, `source`, `data` or `supplement`.
    """

    name: str
    content: bytes
    mime_type: str
    description: str
    relationship: str = "alternative"


def render(
    template: Path,
    data: Mapping[str, object],
    *,
    dated: date,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The paper as PDF bytes; the same input always gives the same bytes.

    data: anything JSON can hold; what people wrote in it is shown, never run.
    dated: the document's own date; no clock is read, which is what makes the bytes repeatable.
    Raises UnprintableText for a character no font here has, UnreadableAttachment, and
    RuntimeError in a process forked after its parent had printed (Typst's threads do not follow).
    """
    inputs = {
        "data": json.dumps(_printable(data), ensure_ascii=False),
        "attachments": json.dumps([_as_text(a) for a in attachments], ensure_ascii=False),
    }
    try:
        try:
            return _press(template).compile(inputs, _moment(dated))
        except typst.TypstError as error:
            if _refusal(error, data) is None:
                raise
            # A character that Source Sans Pro lacks: only then are more fonts worth their memory.
            return _press(template, with_more_fonts=True).compile(inputs, _moment(dated))
    except typst.TypstError as error:
        refusal = _refusal(error, data)
        if refusal is None:
            raise
        raise refusal from None


def render_whole(template: Path, data: Mapping[str, object], *, dated: date) -> bytes:
    """The paper, also when a text holds characters that no page can show.

    For papers that the law demands now: such a character stands as its code, `[U+1F600]`, and the
    template learns of it as `data.shows_codes`, so that it can tell what the codes are.
    """
    for _attempt in range(MOST_ATTEMPTS):
        try:
            return _render_coded(template, data, _coded(data, _lacks_glyph), dated)
        except UnprintableText as refused:
            # In a cluster, the plain letter below a mark is not what is missing.
            _without_glyph.update(c for c in refused.character if ord(c) > LAST_SURE)
    return _render_coded(template, data, _coded(data, _may_lack_glyph), dated)


# What Typst has refused, so that each is tried once in a process and not once in a paper.
_without_glyph: set[str] = set()


def _render_coded(template: Path, data: Mapping[str, object], coded: object, dated: date) -> bytes:
    assert isinstance(coded, Mapping)
    is_changed = list(_texts(coded)) != list(_texts(data))
    return render(template, {**coded, "shows_codes": is_changed}, dated=dated)


def _coded(value: object, lacks: Callable[[str], bool]) -> object:
    """The same data with every character that lacks a glyph as its code."""
    match value:
        case str():
            return "".join(f"[U+{ord(c):04X}]" if lacks(c) else c for c in value)
        case Mapping():
            return {key: _coded(item, lacks) for key, item in value.items()}
        case list() | tuple():
            return [_coded(item, lacks) for item in value]
        case _:
            return value


def _lacks_glyph(character: str) -> bool:
    """Whether it hides or turns text, is as wide as Chinese and emoji are, or has been refused."""
    if character.isascii() and character.isprintable():
        return False
    is_wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return is_wide or character in _without_glyph or _UNPRINTABLE.match(character) is not None


def _may_lack_glyph(character: str) -> bool:
    """Whether it is outside the letters that Source Sans Pro is sure to have."""
    return _lacks_glyph(character) or ord(character) > LAST_SURE


class _Press:
    """One Typst compiler for one template; prints one paper at a time."""

    def __init__(self, template: Path, fonts: typst.Fonts) -> None:
        self._lock = Lock()
        self._compiler = typst.Compiler(
            template, root=template.parent, font_paths=fonts, ignore_system_fonts=True
        )

    def compile(self, inputs: dict[str, str], moment: datetime) -> bytes:
        """The PDF. The compiler's own cache ages out by itself: memory is flat over many papers."""
        if _printing_process() != os.getpid():
            # Typst would wait for ever for threads that stayed in the parent.
            raise RuntimeError("this process was forked after its parent had made a PDF")
        with self._lock:
            pdf = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=["ua-1", "a-3a"], timestamp=moment
            )
        assert isinstance(pdf, bytes)  # one file, not one for each page
        return pdf


@cache
def _printing_process() -> int:
    """The process that first printed; a fork inherits the answer."""
    return os.getpid()


@cache
def _press(template: Path, *, with_more_fonts: bool = False) -> _Press:
    return _Press(template, _fonts(with_more_fonts=with_more_fonts))


@cache
def _fonts(*, with_more_fonts: bool) -> typst.Fonts:
    """Source Sans Pro, and with more fonts those inside the typst package (8 MB).

    The font package holds every face twice (OTF, TTF), and Typst takes whichever the file system
    names first: another machine would give other bytes. Hence a folder with one file for each;
    Typst remembers where the links lead, so the folder is not needed afterwards.
    """
    with TemporaryDirectory() as folder:
        for face in FACES:
            (Path(folder) / face).symlink_to(Path(font_directory) / face)
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=with_more_fonts, font_paths=[folder]
        )


def _moment(day: date) -> datetime:
    """Noon, so that the PDF's metadata says the same date in every European time zone."""
    return datetime.combine(day, time(12), UTC)


def _as_text(attachment: Attachment) -> dict[str, str]:
    try:
        content = attachment.content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableAttachment(attachment.name) from None
    return {
        "name": attachment.name,
        "content": content,
        "mime_type": attachment.mime_type,
        "description": attachment.description,
        "relationship": attachment.relationship,
    }


def _printable(value: object) -> object:
    """The same data, with every text checked and its overlong words made breakable."""
    match value:
        case str():
            return _checked(value)
        case Mapping():
            return {key: _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value


def _checked(text: str) -> str:
    """The text; a word no line can hold gets invisible places where it may break."""
    found = _UNPRINTABLE.search(text)
    if found:
        raise UnprintableText(text, found[0])
    return _LONG_WORD.sub(lambda word: _BREAK_EVERY.sub("\\1\u200b", word[0]), text)


def _refusal(error: typst.TypstError, data: Mapping[str, object]) -> UnprintableText | None:
    """What to tell the person who wrote the text; None when the fault is the template's."""
    found = _REFUSED_BY_TYPST.search(error.message)
    if not found:
        return None
    refused = _ESCAPED.sub(lambda escape: chr(int(escape["code"], 16)), found["text"])
    whole = next((text for text in _texts(data) if refused in text), refused)
    return UnprintableText(whole, refused)


def _texts(value: object) -> Iterator[str]:
    """Every text in the data, in order."""
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)


def _shown(characters: str) -> str:
    """The characters with their code points, since some of them cannot be seen."""
    codes = " ".join(f"U+{ord(character):04X}" for character in characters)
    return f"{characters} ({codes})" if characters.isprintable() else codes
