"""What people write, made safe to keep: one form of each letter, no characters that hide or lie.

A pasted line break of any kind becomes a plain one. A character that cannot be seen but changes
what others see is refused and named with its place; what was written comes back without it, so
that nothing is lost and nothing is changed behind anyone's back.
Source: docs/adr/0009.
"""

import re
import unicodedata
from functools import cache

from hamn.core.errors import BadInput, _

LONGEST_NOTE = 100_000
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and line feed, halves of surrogate pairs, and code points that no
# writing uses.
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
# Embeddings, overrides and isolates: the page then shows another order than what is stored.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_HIDDEN = re.compile(f"[{_CONTROL}{_TURNING}]")
_NEARBY = 20
_CONTROL_NAMES = {"\x00": "NULL", "\x07": "BELL", "\x08": "BACKSPACE", "\x1b": "ESCAPE"}


class HiddenCharacter(BadInput):
    """A text holds a character that cannot be seen, or that turns the text around.

    without: the same text with every such character taken away, to show and to save again.
    """

    code = "text.hidden_character"

    def __init__(self, character: str, *, line: int, near: str, without: str) -> None:
        super().__init__(
            _(
                "Rad {line} innehåller ett dolt tecken, {character}, vid ”{near}”. Sådana följer "
                "ibland med när text klistras in och kan ändra vad andra ser. Ta bort det, eller "
                "spara texten som den står här, utan det."
            ),
            character=_named(character),
            line=line,
            near=near,
        )
        self.without = without


class TooLong(BadInput):
    """A text is longer than its field holds; nothing was cut."""

    code = "text.too_long"

    def __init__(self, length: int, longest: int) -> None:
        super().__init__(
            _(
                "Texten är {length} tecken lång och får vara högst {longest}. "
                "Korta den, eller dela den på flera."
            ),
            length=length,
            longest=longest,
        )
        self.length = length


def clean_text(text: str, longest: int) -> str:
    """The text with plain line breaks, in Unicode's composed form (NFC), without a leading BOM.

    longest: most characters, counted in the text that comes out. Blanks stay as they were written.
    Raises TooLong, or HiddenCharacter for the first character that hides or turns text.
    """
    # Composing a text can shorten it, but never to a third: a flood is refused before it is read.
    if len(text) > 3 * longest:
        raise TooLong(len(text), longest)
    plain = _LINE_BREAKS.sub("\n", text.removeprefix("\ufeff"))
    hidden = _HIDDEN.search(plain) or _piled().search(plain)
    if hidden:
        raise _found(plain, hidden)
    composed = unicodedata.normalize("NFC", plain)
    if len(composed) > longest:
        raise TooLong(len(composed), longest)
    return composed


def _found(text: str, hidden: re.Match[str]) -> HiddenCharacter:
    """The refusal, with the few words around the character."""
    start, end = hidden.span()
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)]
    before = text[line_start:start]
    return HiddenCharacter(
        hidden[0][0],
        line=text.count("\n", 0, start) + 1,
        near=_HIDDEN.sub("", before[-_NEARBY:] + after[:_NEARBY]).strip(),
        without=unicodedata.normalize("NFC", _piled().sub("", _HIDDEN.sub("", text))),
    )


@cache
def _piled() -> re.Pattern[str]:
    """Accents beyond the thirtieth on one letter (Unicode's stream-safe text has no more).

    No language has them. They cover the lines above, and composing a pile of them takes time that
    grows with its square: minutes for one note.
    """
    accents = "".join(sign for sign in map(chr, range(0x300, 0x1F000)) if _is_accent(sign))
    return re.compile(f"[{accents}](?<=[{accents}]{{31}})[{accents}]*")


def _is_accent(sign: str) -> bool:
    return unicodedata.combining(sign) != 0


def _named(character: str) -> str:
    """The code point and its name in Unicode: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = unicodedata.name(character, _CONTROL_NAMES.get(character, ""))
    return f"U+{ord(character):04X} {name}".rstrip()
