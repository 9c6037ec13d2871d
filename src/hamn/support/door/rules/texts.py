"""A public page's text: its states, its few marks, and how those become HTML. Pure.

A blank line ends a paragraph; `## ` begins a heading, `- ` a line of a list; `[text](/kontakt/)`
links to one of our own pages and `[text](tel:112)` to a telephone. Nothing else is a mark, and
everything that is written comes out as text: no HTML, no picture, no other site.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from html import escape
from typing import NamedTuple

from hamn.core.errors import BadInput, Refusal, _

LONGEST_TITLE = 120
LONGEST_BODY = 20_000
REVIEW_AFTER = timedelta(days=365)
LONGEST_UNREAD = timedelta(days=730)


class State(StrEnum):
    """Where a version of a text stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATES: dict[str, str] = {
    State.DRAFT: _("utkast"),
    State.PUBLISHED: _("publicerad"),
    State.WITHDRAWN: _("ersatt eller avpublicerad"),
}

_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,200})\)")
_OWN_PAGE = re.compile(r"/(?:[a-z0-9-]+/)*")
_TELEPHONE = re.compile(r"tel:\+?[0-9]{2,15}")
_SHIPPED = re.compile(r"^# \[([a-z_:]+)\] (.+)$", re.MULTILINE)


class Shown(NamedTuple):
    """A version of a text that has been published, and when."""

    title: str
    body: str
    published_at: datetime


class NotPublished(Refusal):
    """There is no published text to withdraw."""

    code = "door.not_published"


class NoDraft(Refusal):
    """There is no draft to publish."""

    code = "door.no_draft"


class Needed(Refusal):
    """The page must be there: a law or a person's safety asks for it."""

    code = "door.page_is_needed"


class LanguageIncomplete(Refusal):
    """A language cannot be shown while some page has no text in it."""

    code = "door.language_incomplete"


def check_body(body: str) -> str:
    """The text itself, when each of its links leads to a page of ours or to a telephone.

    Raises BadInput that names the first other link.
    """
    for found in _LINK.finditer(body):
        if not _is_safe(found[2]):
            raise BadInput(
                _(
                    "Länken ”{address}” leder inte till en egen sida eller ett telefonnummer. "
                    "Skriv /kontakt/ eller tel:112."
                ),
                address=found[2],
            )
    return body


def check_review(review_by: date, *, today: date) -> date:
    """The day by which a text is read through again: ahead, and within two years."""
    if not today < review_by <= today + LONGEST_UNREAD:
        raise BadInput(
            _("Texten ska läsas igenom igen inom två år. Välj en dag efter i dag."),
        )
    return review_by


def changed_at(versions: Sequence[Shown]) -> datetime:
    """When the text came to read as it does; published again as it is, it is not changed.

    versions: all that have been published of a page in a language, the latest first.
    """
    told = versions[0]
    for one in versions:
        if (one.title, one.body) != (told.title, told.body):
            break
        told = one
    return told.published_at


def is_older(published_at: datetime, original_changed_at: datetime | None) -> bool:
    """Whether a translation was published before its original came to read as it does.

    None: there is no original to compare it with.
    """
    return original_changed_at is not None and published_at < original_changed_at


def to_html(body: str, *, prefix: str = "") -> str:
    """The text as HTML, every character of it escaped; prefix: of our own pages' addresses."""
    return "\n".join(_block(block, prefix) for block in _blocks(body))


def read_shipped(text: str) -> Mapping[str, tuple[str, str]]:
    """Title and body by the page's code, of a file that comes with Hamn."""
    parts = _SHIPPED.split(text)[1:]
    return {
        code: (title.strip(), check_body(body.strip()))
        for code, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


def _blocks(body: str) -> Iterator[list[str]]:
    """The lines of each paragraph, heading and list."""
    lines: list[str] = []
    for line in [*(line.strip() for line in body.splitlines()), ""]:
        if lines and (not line or _kind(line) != _kind(lines[-1]) or line.startswith("## ")):
            yield lines
            lines = []
        if line:
            lines.append(line)


def _kind(line: str) -> str:
    return next((mark for mark in ("## ", "- ") if line.startswith(mark)), "")


def _block(lines: list[str], prefix: str) -> str:
    match _kind(lines[0]):
        case "## ":
            return f"<h2>{_inline(lines[0].removeprefix('## '), prefix)}</h2>"
        case "- ":
            items = (_inline(line.removeprefix("- "), prefix) for line in lines)
            return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(' '.join(lines), prefix)}</p>"


def _inline(text: str, prefix: str) -> str:
    """The line with its links; what only looks like a link stays as it was written."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        if not _is_safe(found[2]):
            continue
        address = found[2] if found[2].startswith("tel:") else prefix + found[2]
        parts += [
            escape(text[end : found.start()]),
            f'<a href="{escape(address)}">{escape(found[1])}</a>',
        ]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _is_safe(address: str) -> bool:
    return bool(_OWN_PAGE.fullmatch(address) or _TELEPHONE.fullmatch(address))
