"""E-mail that reaches a unit: what of it is kept, and the texts that answer it. Pure.

The sender's address is kept apart from what she wrote. Nothing is ever sent from here.
Source: requirements B16, B17.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE

from .mail_headers import DATE, FROM, SUBJECT, Letter, innermost, sender_of
from .mail_parts import Parts, parts_of
from .mail_words import cut, plain, without_addresses

MOST_BYTES = 5_000_000
LONGEST_SUBJECT = 200
MOST_PASTED = 2 * LONGEST_NOTE
DEEPEST = 5
HERE = ZoneInfo("Europe/Stockholm")
INVITATION = "dialogue"
OFFERS = {
    INVITATION: _("inbjudan till den anonyma dialogen på webbplatsen"),
    "phone": _("personen ringer"),
    "visit": _("personen kommer på besök"),
    "email": _("svar med e-post, om personen bett om det"),
}
ANSWERS = {
    INVITATION: _(
        "Hej!\n\nTack för att du skrev till {service}. E-post är ett osäkert sätt att berätta om "
        "sig själv. På vår webbplats{site} kan du skriva med oss utan att säga vem du är; du får "
        "en kod som bara du har. Du kan också ringa oss{phone}. Du får vara anonym, och det kostar "
        "ingenting.\n\nVänliga hälsningar\n{service}"
    ),
    "phone": _(
        "Hej!\n\nTack för att du skrev till {service}. Ring oss gärna{phone}{hours}. Du får vara "
        "anonym, vi sparar inte ditt nummer, och det kostar ingenting.\n\nVänliga hälsningar\n"
        "{service}"
    ),
    "visit": _(
        "Hej!\n\nTack för att du skrev till {service}. Du är välkommen hit{hours}. Vill du boka en "
        "tid kan du ringa{phone}. Du får vara anonym, och det kostar ingenting.\n\n"
        "Vänliga hälsningar\n{service}"
    ),
    "email": _(
        "Hej!\n\nTack för att du skrev till {service}. Vi svarar dig här, som du bad om, men "
        "skriver inget om det du berättade, eftersom e-post är osäkert. Hör gärna av dig{phone} "
        "så pratar vi vidare.\n\nVänliga hälsningar\n{service}"
    ),
}
# By which channel each answer would reach her.
BY_MAIL = "email"  # however it reads, the answer to a letter goes back as one
NO_ANSWER = _(
    "Personen vill inte nås med e-post. Skicka inget svar på brevet, inte heller en inbjudan: "
    "vänta tills personen hör av sig."
)
CHANNEL_OF = {"phone": "phone", "visit": "visit", "email": "email", INVITATION: "online"}
_MONTHS = ("jan", "feb", "mar", "apr", "ma[ij]", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "dec")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?::e)? ([a-z]{3})[a-z]{0,6}\.?,? (20\d\d)\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"\b([a-z]{3})[a-z]{0,6}\.? (\d{1,2}),? (20\d\d)\b", re.IGNORECASE)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom an e-mail came from, as its header said it; sealed apart from what she wrote.

    forwarded_by: who sent it on, when it is somebody else's letter. others: addresses that stood
    in the text.
    """

    address: str
    name: str = ""
    forwarded_by: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """What is kept of an e-mail. left_out: how many attachments it had."""

    sender: Sender | None
    subject: str
    text: str
    on: date | None
    left_out: int = 0


def read_message(raw: bytes) -> Mail:
    """A whole message as a mail server hands it over (RFC 5322); of a forwarded one, the first.

    Raises BadInput for what is too large, is no message, or holds no text.
    """
    if len(raw) > MOST_BYTES:
        raise BadInput(_("Brevet är större än {most} MB."), most=MOST_BYTES // 1_000_000)
    parts = parts_of(raw)
    if not (parts.headers[FROM] or parts.headers[SUBJECT]):
        raise BadInput(_("Det är inget e-brev: raderna med avsändare och ämne saknas."))
    letter, left_out = _brought(Letter(), parts, DEEPEST)
    if not letter.text.strip() and not left_out:
        raise BadInput(_("Brevet är tomt."))
    return _mail(innermost(letter), left_out)


def read_pasted(pasted: str) -> Mail:
    """An e-mail as it was copied from a mail program, with or without its first lines.

    Raises BadInput when nothing was pasted.
    """
    text = plain(pasted.replace("\r\n", "\n")).strip()
    if not text:
        raise BadInput(_("Klistra in brevet, eller välj filen."))
    return _mail(innermost(Letter(text=text)))


def check_no_attachments(mail: Mail) -> None:
    """Pass an e-mail that is all text. Raises BadInput for one with files."""
    if mail.left_out:
        raise BadInput(
            _(
                "Brevet har {count} bilagor, som inte tas in den här vägen. Klistra in brevets "
                "text, och lägg de filer som behövs i ärendet."
            ),
            count=mail.left_out,
        )


def _brought(above: Letter, parts: Parts, deepest: int) -> tuple[Letter, int]:
    """The letter, or the one that came along as a file, below what was written above it.

    Of several only the first is read; the others are counted among what was left out.
    """
    said = "\n\n".join(filter(None, (above.text.strip(), plain(parts.text).strip())))
    letter = Letter(
        headers={name: plain(value) for name, value in parts.headers.items() if value},
        text=said,
        forwarded_by=above.headers.get(FROM, "") or above.forwarded_by,
    )
    if not parts.brought or not deepest:
        return letter, parts.left_out + len(parts.brought)
    first, *others = parts.brought
    inner, left_out = _brought(letter, first, deepest - 1)
    return inner, left_out + parts.left_out + len(others)


def _mail(letter: Letter, left_out: int = 0) -> Mail:
    address, name = sender_of(letter.headers.get(FROM, ""))
    text, others = without_addresses(plain(letter.text), address)
    subject, named = without_addresses(_one_line(letter.headers.get(SUBJECT, "")), address)
    who = Sender(
        address=address[:LONGEST_SUBJECT],
        name=name[:LONGEST_SUBJECT],
        forwarded_by=letter.forwarded_by[:LONGEST_SUBJECT],
        others=tuple(dict.fromkeys((*others, *named))),
    )
    return Mail(
        sender=who if who != Sender("") else None,
        subject=_one_line(subject),
        text=cut(text),
        on=_day(letter.headers.get(DATE, "")),
        left_out=left_out,
    )


def _day(sent: str) -> date | None:
    """The day the e-mail was sent, in Swedish time; None when its date cannot be read."""
    sent = sent[:LONGEST_SUBJECT]
    try:
        at = parsedate_to_datetime(sent)
    except (ValueError, TypeError, IndexError):
        return _written_day(sent)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone(HERE).date()


def _written_day(sent: str) -> date | None:
    """The day as a program writes it for a reader: 2026-03-02, 2 mars 2026, March 2, 2026."""
    if found := _ISO.search(sent):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.search(sent):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.search(sent):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _month(name: str) -> int:
    """The month's number by its first letters; 0 for what is no month."""
    found = (n for n, month in enumerate(_MONTHS, 1) if re.fullmatch(month, name, re.IGNORECASE))
    return next(found, 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SUBJECT]
