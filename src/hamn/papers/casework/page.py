"""The parts that every paper of the casework is made of, and the one way to print them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hamn.core.dates import swedish_date
from hamn.core.money import NO_BREAK_SPACE
from hamn.papers.pdf import render_whole

TEMPLATE = Path(__file__).parent / "templates" / "casework" / "paper.typ"
SECRECY = "26 kap. 1 § offentlighets- och sekretesslagen (2009:400)"
UNKNOWN = "Okänt"
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")

Part = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who sends a paper: the unit, the authority it belongs to, and how it is reached."""

    unit: str
    authority: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who a paper is for, as on an envelope."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The one who answers for a paper."""

    name: str
    role: str
    unit: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """A secrecy marking (sekretessmarkering): by whom, when, on which provision.

    Source: OSL (2009:400) 5 kap. 5 §.
    """

    authority: str
    marked_on: date
    provision: str = SECRECY


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What was left out of a paper, and the provision that says so."""

    what: str
    provision: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A paper before it is printed."""

    heading: str
    title: str = ""
    office: Office | None = None
    receiver: Recipient | None = None
    marking: Marking | None = None
    signer: Signer | None = None
    is_large: bool = False


def printed(page: Page, parts: Sequence[Part], *, dated: date) -> bytes:
    """The paper as PDF/A-3a and PDF/UA-1; what people wrote in it always comes out as text."""
    office = page.office
    data: dict[str, object] = {
        "title": page.title or page.heading,
        "author": office.unit if office else "",
        "running": page.heading,
        "heading": page.heading,
        "is_large": page.is_large,
        "sender": [row for row in (office.unit, office.authority) if row] if office else [],
        "receiver": [page.receiver.name, *page.receiver.address] if page.receiver else [],
        "marking": _marking(page.marking),
        "footer": _footer(office),
        "parts": list(parts),
        "signature": _signature(page.signer),
    }
    return render_whole(TEMPLATE, data, dated=dated)


def heading(text: str, level: int = 2) -> Part:
    """A heading of a section; three is one below two."""
    return {"kind": "heading", "text": text, "level": level}


def prose(text: str) -> Part:
    """What someone wrote, with its paragraphs and line breaks."""
    return {"kind": "prose", "paragraphs": paragraphs(text)}


def small_print(text: str) -> Part:
    """What must be said but need not be read first."""
    return {"kind": "small", "paragraphs": paragraphs(text)}


def quote(text: str) -> Part:
    """What a person said, in her own words."""
    return {"kind": "quote", "paragraphs": paragraphs(text)}


def box(title: str, text: str, *, is_urgent: bool = False) -> Part:
    """A tinted box that is seen before the rest."""
    return {
        "kind": "box",
        "heading": title,
        "paragraphs": paragraphs(text),
        "is_urgent": is_urgent,
    }


def facts(*pairs: tuple[str, str]) -> Part:
    """Labelled values; those without a value are left out."""
    rows = [{"label": label, "value": paragraphs(value)} for label, value in pairs if value]
    return {"kind": "facts", "rows": rows}


def listing(
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
) -> Part:
    """A table whose header is repeated on each page.

    columns: title and share of the width; numbers: which columns stand to the right.
    """
    return {
        "kind": "listing",
        "titles": [title for title, _share in columns],
        "widths": [share for _title, share in columns],
        "numbers": list(numbers),
        "rows": [[paragraphs(cell) for cell in row] for row in rows],
    }


def withheld_parts(withheld: Sequence[Withheld]) -> list[Part]:
    """What was left out and why, as a section; nothing when nothing was."""
    if not withheld:
        return []
    rows = [(one.what, one.provision, one.why) for one in withheld]
    columns = [("Uppgift", 3), ("Bestämmelse", 3), ("Varför", 4)]
    return [heading("Det här har inte lämnats ut"), listing(columns, rows)]


def paragraphs(text: str) -> list[list[str]]:
    """Lines by paragraph: an empty line begins a new one."""
    parts = _EMPTY_LINES.split(text.strip("\n").expandtabs(4))
    return [part.split("\n") for part in parts if part.strip()]


def moment(at: datetime) -> str:
    """A moment as Swedish prose writes it: `1 juni 2024 kl. 14.05`."""
    return f"{swedish_date(at)} kl.{NO_BREAK_SPACE}{at:%H.%M}"


def yes_or_no(answer: bool | None) -> str:
    """An answer in one word; None is not known."""
    return UNKNOWN if answer is None else ("Ja" if answer else "Nej")


def _marking(marking: Marking | None) -> dict[str, object] | None:
    if marking is None:
        return None
    provision = marking.provision.replace(" § ", f"{NO_BREAK_SPACE}§ ")
    return {
        "heading": "Sekretess",
        "rows": [
            f"enligt {provision}",
            marking.authority,
            f"Antecknat den {swedish_date(marking.marked_on)}",
        ],
        "short": f"Sekretess, {provision}",
    }


def _footer(office: Office | None) -> list[list[str]]:
    if office is None:
        return [[""]]
    return [[office.authority or office.unit, *office.address], [office.phone, office.email]]


def _signature(signer: Signer | None) -> list[str]:
    if signer is None:
        return []
    return [signer.name, ", ".join(filter(None, (signer.role, signer.unit)))]
