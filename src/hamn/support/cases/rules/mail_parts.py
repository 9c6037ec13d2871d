"""A whole message as a mail server hands it over (RFC 5322, MIME): its lines, text and files. Pure.

Anyone may write to a unit, so a message made to break or to stop its reader is refused or read in
little time: `email`'s newer policy takes quadratic time for a header, the older one does not.
"""

import codecs
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32

from hamn.core.errors import BadInput, _

from .mail_headers import DATE, FROM, SUBJECT
from .mail_words import LONGEST_HTML, from_html

MOST_LINES, MOST_PARTS, MOST_LAYERS = 150_000, 500, 20
_LONGEST_HEADER = 1000
_LAYER = re.compile(rb"boundary\s*[=*]", re.IGNORECASE)
_CHARSETS = ("ascii", "big5", "cp", "euc", "gb", "iso", "koi", "latin", "mac", "shift", "utf")
_NO_FILES = frozenset({"application/pgp-signature", "application/pkcs7-signature"})
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(MessageError, RecursionError, TypeError, ValueError),
)


@dataclass(slots=True)
class Parts:
    """What a message holds. brought: messages that came along as files, as they came."""

    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    left_out: int = 0
    brought: list["Parts"] = field(default_factory=list)


class _Short(Compat32):
    """Lines above a message, none longer than is read."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value as they came."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def parts_of(raw: bytes) -> Parts:
    """The message in parts. Raises BadInput for what is made so that it cannot be read."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    layers = sum(1 for _each in _LAYER.finditer(raw))
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_PARTS or layers > MOST_LAYERS:
        raise _unreadable()
    try:
        return _message(message_from_bytes(raw, policy=_Short()))
    except _BROKEN:
        # A letter made to break its reader; the parser has no refusal of its own.
        raise _unreadable() from None


def _unreadable() -> BadInput:
    return BadInput(_("Brevet går inte att läsa. Klistra in dess text i stället."))


def _message(message: Message) -> Parts:
    found = _part(message)
    found.headers = {name: _header(message, name) for name in (FROM, DATE, SUBJECT)}
    return found


def _part(part: Message) -> Parts:
    """What the part says, and how much of it is no text."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        brought = [_message(one) for one in _inside(part)]
        read = [one for one in brought if any(one.headers.values())]
        return Parts(brought=read, left_out=len(brought) - len(read))
    if part.is_multipart():
        return _many(part, kind)
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        return Parts(left_out=int(kind not in _NO_FILES))
    return Parts(text=_text(part) if kind != "text/calendar" else "")


def _many(part: Message, kind: str) -> Parts:
    """The parts together; of several forms of the same letter the plainest that says something."""
    inside = _inside(part)
    found = [_part(one) for one in inside]
    if kind == "multipart/related":
        # Behind the first stand pictures that belong to its look; what is sent as a file is one.
        files = [one.get_content_disposition() == "attachment" for one in inside]
        found = [
            one for one, is_file in zip(found, files, strict=True) if is_file or one is found[0]
        ]
    said = [one for one in found if one.text.strip()]
    if kind == "multipart/alternative":
        pairs = zip(inside, found, strict=True)
        plain = [one for each, one in pairs if one in said and _is_plain(each)]
        said = (plain or said)[:1]
    return Parts(
        text="\n\n".join(one.text.strip() for one in said),
        left_out=sum(one.left_out for one in found),
        brought=[each for one in found for each in one.brought],
    )


def _is_plain(part: Message) -> bool:
    return part.get_content_type() == "text/plain"


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []  # type: ignore[return-value]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _decoded(payload[: 4 * LONGEST_HTML], part.get_content_charset() or "")
    return from_html(text) if part.get_content_subtype() == "html" else text


def _decoded(payload: bytes, charset: str) -> str:
    """The text in its own charset; one of those that no letter is written in is not followed."""
    try:
        name = codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        name = "utf-8"
    if name not in ("ascii", "utf-8") and name.startswith(_CHARSETS):
        return payload.decode(name, "replace")
    try:
        # A sign that was cut in two at the end is no fault.
        return codecs.getincrementaldecoder("utf-8")().decode(payload)
    except UnicodeDecodeError:
        return payload.decode("cp1252", "replace")


def _header(message: Message, name: str) -> str:
    """The first line of that name, with its words decoded."""
    named = (value for key, value in message.raw_items() if key.casefold() == name.casefold())
    raw = str(next(named, ""))
    text = " ".join(raw.encode("ascii", "surrogateescape").decode("utf-8", "replace").split())
    try:
        return str(make_header(decode_header(text)))
    except _BROKEN:
        return text
