"""The lines above a letter, as programs write them: its own, or of one that it brings along. Pure.

A colleague forwards what a person wrote: the person's lines then stand in the middle of the text.
Only lines with known names are taken; any other is the letter's and stays in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .mail_words import address_in

FROM, DATE, SUBJECT = "From", "Date", "Subject"
DEEPEST = 5
# How programs name the lines, in Swedish and in English; what none of us needs has no name.
_NAMES = {
    **{"från": FROM, "from": FROM, "avsändare": FROM, "sender": FROM},
    **dict.fromkeys(("skickat", "sent", "datum", "date"), DATE),
    **{"ämne": SUBJECT, "subject": SUBJECT},
    **{"till": "To", "to": "To", "kopia": "Cc", "cc": "Cc", "hemlig kopia": "Bcc", "bcc": "Bcc"},
    **{"svara till": "Reply-To", "reply-to": "Reply-To"},
    **{"bifogade filer": "Files", "attachments": "Files"},
    **{"prioritet": "Priority", "priority": "Priority", "importance": "Priority"},
}
_MACHINE = re.compile(
    r"x-[a-z0-9-]+|arc-[a-z-]+|list-[a-z-]+|content-[a-z-]+|received(-spf)?|return-path|"
    r"message-id|meddelande-id|mime-version|dkim-signature|authentication-results|delivered-to|"
    r"thread-(topic|index)|references|in-reply-to|user-agent|accept-language"
)
_NAME = "[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö0-9-]*(?: [a-zåäö]+)?"
_LINE = re.compile(rf"([>*_|\s]{{0,20}})({_NAME}) ?:[*_]*\s*(.*)")
_LONGEST_LINE = 2000
_MARK = re.compile(
    r"[-_=>*\s]*(?P<how>forwarded message|begin forwarded message|vidarebefordrat \w{4,10}|"
    r"(?:start|början) på vidarebefordrat \w{4,10}|ursprungligt meddelande|original message)"
    r"[-_=:*\s]*",
    re.IGNORECASE,
)
_QUOTES = ("ursprungligt", "original")  # replies are marked so too
_FORWARDED = re.compile(r"\s*(?:vb|fwd?|vidarebefordrat)\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"\s{0,3}> ?")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's lines by name, its text, and whose lines stood above those (who forwarded it)."""

    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    forwarded_by: str = ""


class _Block(NamedTuple):
    headers: dict[str, str]
    start: int
    end: int
    is_quoted: bool


def innermost(letter: Letter) -> Letter:
    """The letter that a forwarded one brings along, with what was written above it.

    A letter that is no forwarded one is given back as it is, with what it quotes.
    """
    for _each in range(DEEPEST):
        lines = letter.text.split("\n")
        block = _next_block(lines, is_brought=_brings(letter.headers), top=not letter.headers)
        if block is None:
            break
        letter = _inside(letter, lines, block)
    return letter


def sender_of(value: str) -> tuple[str, str]:
    """Address and name of a line that says from whom; either may be empty."""
    value = value[:_LONGEST_LINE]
    address, start, end = address_in(value)
    before, after = _name(value[:start]), _name(value[end:])
    return address, before or after


def _brings(headers: Mapping[str, str]) -> bool:
    """Whether any letter in the text is the one that matters: nobody else has signed it."""
    return not headers.get(FROM) or bool(_FORWARDED.match(headers.get(SUBJECT, "")))


def _inside(letter: Letter, lines: Sequence[str], block: _Block) -> Letter:
    """The letter of the block, in words; what stood above it comes first."""
    below = list(lines[block.end :])
    if block.is_quoted:
        below = [_QUOTED.sub("", line, count=1) for line in below]
    above = [line for line in lines[: block.start] if not _MARK.fullmatch(line[:_LONGEST_LINE])]
    said = ["\n".join(part).strip() for part in (above, below)]
    outer = letter.headers.get(FROM, "") or letter.forwarded_by
    return Letter(
        headers={**letter.headers, **block.headers},
        text="\n\n".join(filter(None, said)),
        forwarded_by=outer if block.headers.get(FROM) else letter.forwarded_by,
    )


def _next_block(lines: Sequence[str], *, is_brought: bool, top: bool) -> _Block | None:
    """The first lines of a letter that count: the text's own, or of one that it brings along."""
    at, mark, is_first = 0, "", True
    while at < len(lines):
        found = _MARK.fullmatch(lines[at][:_LONGEST_LINE])
        block = _block_at(lines, at)
        if _counts(block, mark, is_brought=is_brought, is_top=top and is_first):
            return block
        if found:
            mark = found["how"].casefold()
        elif lines[at].strip():
            mark, is_first = "", False
        at = max(block.end, at + 1)
    return None


def _counts(block: _Block, mark: str, *, is_brought: bool, is_top: bool) -> bool:
    """Whether the lines are a letter's, and not what somebody happened to write with a colon."""
    headers = block.headers
    if is_top and (FROM in headers or SUBJECT in headers or len(headers) > 1):
        return True
    if FROM not in headers:
        return False
    if mark and not mark.startswith(_QUOTES):
        return True
    return is_brought and (bool(mark) or len(headers) > 1 or bool(address_in(headers[FROM])[0]))


def _block_at(lines: Sequence[str], start: int) -> _Block:
    """The known lines that begin there; programs that set them apart leave one blank between."""
    headers: dict[str, str] = {}
    at, is_apart, last, is_quoted = start, False, "", False
    while at < len(lines):
        found = _header(lines[at])
        if found and found[0] and found[0] in headers:
            break
        if found:
            last, value, quoted = found
            headers[last] = value
            is_quoted = is_quoted or quoted
        elif _is_gap(lines, at, headers, is_apart=is_apart):
            is_apart = True
        elif not (headers and _goes_on(lines[at], last)):
            break
        at += 1
    headers.pop("", None)
    return _Block(headers, start, at, is_quoted)


def _header(line: str) -> tuple[str, str, bool] | None:
    """Name, value and whether it was quoted; the name is empty for what only machines read."""
    found = _LINE.fullmatch(line[:_LONGEST_LINE])
    if found is None:
        return None
    name = " ".join(found[2].casefold().split())
    quoted = ">" in found[1]
    if name in _NAMES:
        return _NAMES[name], found[3].strip(" \t*_"), quoted
    return ("", "", quoted) if _MACHINE.fullmatch(name) else None


def _is_gap(lines: Sequence[str], at: int, headers: Mapping[str, str], *, is_apart: bool) -> bool:
    """Whether the blank line parts two of the lines, as it parted the first of them."""
    if lines[at].strip(" \t>") or (len(headers) != 1 and not is_apart):
        return False
    following = _header(lines[at + 1]) if at + 1 < len(lines) else None
    return bool(headers and following and following[0] not in headers)


def _goes_on(line: str, last: str) -> bool:
    """Whether the line is the rest of the one above: of machines' lines, and of lists of people."""
    return line[:1] in (" ", "\t") and bool(line.strip()) and (last == "" or "@" in line)


def _name(text: str) -> str:
    """What is left of a name, when the address and its signs are taken away."""
    name = re.sub(r"mailto", "", text, flags=re.IGNORECASE)
    name = " ".join(name.replace("\\", "").strip("<>[]()\"'*_:,; \t").split())
    return "" if address_in(name)[0] else name
