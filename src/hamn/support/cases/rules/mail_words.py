"""A letter in plain words: HTML read, what nobody sees taken out, addresses set apart. Pure.

Anyone may write to a unit. Every step takes time in proportion to the letter, whatever it holds.
"""

import re
from collections.abc import Iterator
from html import unescape

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, HiddenCharacter, clean_text

LONGEST_HTML = 500_000
LONGEST_TEXT = 2 * LONGEST_NOTE
LONGEST_ADDRESS = 200
MOST_ADDRESSES = 50
HIDDEN_ADDRESS = _("[avsändarens adress]")
OTHER_ADDRESS = _("[en adress]")
CUT = _("[Brevet var längre. Resten är inte med.]")
_UNSEEN = frozenset({"head", "title", "template"})
# What stands in these is no text, up to their end.
_RAW = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"})
_TAG = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_WORD = re.compile(r"[^\s<>\"(),;:\[\]|]+")
_AT = re.compile("[@\uff20\ufe6b]|%40")
_AROUND = ".'’!?*_-–…/"


def plain(text: str) -> str:
    """The text with nothing hidden in it, and no longer than is read.

    What cannot be seen is left out, not refused.
    """
    text = text[:LONGEST_TEXT]
    while True:
        try:
            return clean_text(text, 3 * LONGEST_NOTE)
        except HiddenCharacter as hidden:
            text = hidden.without
        except BadInput:
            text = text[:LONGEST_NOTE]


def cut(text: str) -> str:
    """The text as long as a note may be; one that was longer says so."""
    text = text.strip()
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - len(CUT) - 2] + "\n\n" + CUT


def from_html(html: str) -> str:
    """What a reader sees of an HTML letter: its words, a new line for each block."""
    words: list[str] = []
    depth = 0
    for text, tag in _parts(html[:LONGEST_HTML]):
        if not depth:
            words.append(re.sub(r"\s+", " ", _unescaped(text)))
        name = tag.removeprefix("/")
        if tag == "body":
            depth = 0  # a letter may leave out the end of its head
        elif name in _UNSEEN:
            depth = max(0, depth + (-1 if tag.startswith("/") else 1))
        elif name in _BLOCKS and tag != "/br":
            words.append("\n")
    lines = [line.strip() for line in "".join(words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_addresses(text: str, own: str) -> tuple[str, tuple[str, ...]]:
    """The text with a mark for each e-mail address, and those that are not the sender's own."""
    if own:
        whole = rf"(?<![\w.+-]){re.escape(own)}(?!\.?[\w-])"
        text = re.sub(whole, HIDDEN_ADDRESS, text, flags=re.IGNORECASE)
    found: dict[str, str] = {}

    def mark(word: re.Match[str]) -> str:
        address = word[0].strip(_AROUND)
        if not _is_address(address):
            return word[0]
        if address.casefold() == own.casefold():
            return word[0].replace(address, HIDDEN_ADDRESS)
        found.setdefault(address.casefold(), address[:LONGEST_ADDRESS])
        return word[0].replace(address, OTHER_ADDRESS)

    marked = _WORD.sub(mark, text)
    return marked, tuple(found.values())[:MOST_ADDRESSES]


def address_in(text: str) -> tuple[str, int, int]:
    """The first address in a line and where it stands; empty when there is none."""
    for word in _WORD.finditer(text):
        address = word[0].strip(_AROUND)
        if _is_address(address):
            start = word.start() + word[0].find(address)
            return address, start, start + len(address)
    return "", len(text), len(text)


def _is_address(word: str) -> bool:
    """Whether the word holds an address: something at a place, also of a name in quotation."""
    at = _AT.search(word)
    if at is None or at.end() == len(word):
        return False
    return at.start() > 0 or "." in word[at.end() :]


def _parts(html: str) -> Iterator[tuple[str, str]]:
    """Text and the name of the tag that follows it, `p` or `/p`; each sign is passed once."""
    at, end = 0, 0
    while (start := html.find("<", end)) >= 0:
        after = html[start + 1 : start + 2]
        if not (after.isalpha() or (after and after in "/!?")):
            end = start + 1  # a sign like that in "<3", which is text
            continue
        mark = "-->" if html.startswith("<!--", start) else ">"
        end = html.find(mark, start + 2)
        if end < 0:
            break
        found = _TAG.match(html, start + 1)
        tag = found[0].lower() if found else ""
        yield html[at:start], tag
        at = end = end + len(mark)
        if tag in _RAW:
            close = _RAW[tag].search(html, at)
            at = end = close.start() if close else len(html)
    yield html[at:], ""


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number for a character with thousands of digits
        return text
