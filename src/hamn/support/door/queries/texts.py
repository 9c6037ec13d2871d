"""Reads of the public pages' texts and of the languages that are shown.

What the public process reads names its columns: its database role is given no others
(docs/adr/0024).
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import polib
from django.conf import settings
from django.db.models import QuerySet

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.support.services import queries as services

from ..models import LanguageApproval, PageText
from ..rules.languages import LANGUAGES, SOURCE, Language, in_order, language
from ..rules.pages import Page, pages_of
from ..rules.texts import Shown, State, changed_at, is_older, read_shipped

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_ROOM = Path(__file__).parents[1]
SHIPPED = _ROOM / "data" / "texts"
# The four further languages' words; together they are the words of the public pages.
CATALOGUES = _ROOM / "locale"


@dataclass(frozen=True, slots=True)
class Text:
    """A page's text as the public reads it."""

    title: str
    body: str
    published_at: datetime | None


def published_languages() -> tuple[str, ...]:
    """The codes of the languages that the public is shown, Swedish first."""
    approved = LanguageApproval.objects.filter(withdrawn_at=None).values_list("language", flat=True)
    return tuple(one.code for one in in_order({SOURCE, *approved}))


def text_of(page: str, language: str) -> Text | None:
    """The page's published text in the language; None where there is none."""
    row = (
        PageText.objects.filter(page=page, language=language, state=State.PUBLISHED)
        .values_list("title", "body", "published_at")
        .first()
    )
    return Text(*row) if row else None


def titles_in(language: str) -> dict[str, str]:
    """The titles of the published pages by code: what a page may link to."""
    rows = PageText.objects.filter(language=language, state=State.PUBLISHED)
    return dict(rows.values_list("page", "title"))


def known_pages() -> dict[str, Page]:
    """Every page of this centre that has a text, its own services' pages too."""
    return pages_of(services.names())


def lacking(language: str) -> list[str]:
    """The pages that stand in Swedish and that nobody has written in the language."""
    known = known_pages()
    rows = _standing().filter(language=language)
    written = set(rows.values_list("page", flat=True))
    needed = known if language == SOURCE else titles_in(SOURCE)
    return [one.name for code, one in known.items() if code in needed and code not in written]


@cache
def shipped(language: str) -> Mapping[str, tuple[str, str]]:
    """Title and body by the page's code, as they come with Hamn."""
    path = SHIPPED / f"{language}.md"
    return read_shipped(path.read_text(encoding="utf-8"))


def unshown_drafts(language: str) -> QuerySet[PageText]:
    """The drafts of pages that have nothing published in the language."""
    shown = PageText.objects.filter(language=language, state=State.PUBLISHED)
    rows = PageText.objects.filter(language=language, state=State.DRAFT)
    return rows.exclude(page__in=shown.values("page"))


@cache
def public_words() -> tuple[str, ...]:
    """The Swedish of every word of the public pages, as the catalogues of this room list them."""
    paths = sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))
    return tuple(sorted({entry.msgid for path in paths for entry in polib.pofile(str(path))}))


def word_in(code: str, word: str) -> str:
    """One of the interface's own words in the language; the Swedish where nobody has put it."""
    return next((told for one in _catalogues(code) if (told := one.gettext(word)) != word), word)


@cache
def catalogue_digest(code: str) -> str:
    """A digest of the public pages' own words in the language: what a reviewer has read."""
    told = [(word, word_in(code, word)) for word in public_words()]
    return sha256(repr(told).encode()).hexdigest()


@cache
def _catalogues(code: str) -> list[gettext.NullTranslations]:
    folders = [CATALOGUES, *(Path(str(one)) for one in settings.LOCALE_PATHS)]
    return [gettext.translation("django", str(one), [code], fallback=True) for one in folders]


@dataclass(frozen=True, slots=True)
class LanguageState:
    """How a language stands on the desk.

    is_changed: the interface's words are others than when they were read. lacking: the pages
    that nobody has written in it. older: how many pages' Swedish has changed since.
    """

    language: Language
    approval: LanguageApproval | None
    is_changed: bool
    lacking: list[str]
    published: int
    due: int
    older: int


def languages(viewer: "Person", *, today: date) -> list[LanguageState]:
    """Every language of the public pages, with its approval and what waits in it."""
    permits.require(viewer, "door.see_texts")
    approvals = {
        row.language: row for row in LanguageApproval.objects.filter(withdrawn_at__isnull=True)
    }
    rows = list(PageText.objects.filter(state=State.PUBLISHED).defer("title", "body"))
    swedish = _changes_of_swedish()
    return [
        _language_state(
            one, approvals.get(code), [row for row in rows if row.language == code], swedish, today
        )
        for code, one in LANGUAGES.items()
    ]


def language_state(viewer: "Person", code: str, *, today: date) -> LanguageState:
    """One language as `languages` tells of it.

    Raises NotVisible for a code that is none.
    """
    check_language(code)
    return next(one for one in languages(viewer, today=today) if one.language.code == code)


def _language_state(
    one: Language,
    approval: LanguageApproval | None,
    published: list[PageText],
    swedish: Mapping[str, datetime],
    today: date,
) -> LanguageState:
    return LanguageState(
        language=one,
        approval=approval,
        is_changed=approval is not None and approval.catalogue != catalogue_digest(one.code),
        lacking=lacking(one.code),
        published=len(published),
        due=sum(row.review_by <= today for row in published),
        older=sum(_is_older(row, swedish) for row in published),
    )


@dataclass(frozen=True, slots=True)
class PageState:
    """A page in a language as the desk lists it. is_older: than the Swedish that it translates."""

    code: str
    name: str
    language: str
    published: PageText | None
    draft: PageText | None
    is_due: bool
    is_older: bool


def pages(viewer: "Person", code: str, *, today: date) -> list[PageState]:
    """Every page in the language, with what is published and what is being written.

    Raises NotVisible for a code that is no language.
    """
    permits.require(viewer, "door.see_texts")
    check_language(code)
    rows = _standing().filter(language=code).select_related("writer", "published_by")
    by_state = {(row.page, row.state): row for row in rows}
    swedish = _changes_of_swedish()
    known = known_pages().values()
    return [_page_state(found, code, by_state, swedish, today) for found in known]


def due(viewer: "Person", *, today: date) -> list[PageText]:
    """The published texts whose day to be read through again has come, the oldest first."""
    permits.require(viewer, "door.see_texts")
    rows = PageText.objects.filter(state=State.PUBLISHED, review_by__lte=today)
    rows = rows.filter(page__in=known_pages())
    return list(rows.order_by("review_by", "language", "page"))


def page_state(viewer: "Person", page_code: str, code: str, *, today: date) -> PageState:
    """One page in a language.

    Raises NotVisible for a page or a language that is none.
    """
    permits.require(viewer, "door.see_texts")
    found = check_known(code, page_code)
    rows = _standing().filter(language=code, page=page_code)
    by_state = {(row.page, row.state): row for row in rows}
    return _page_state(found, code, by_state, _changes_of_swedish(page_code), today)


def versions(viewer: "Person", page_code: str, code: str) -> QuerySet[PageText]:
    """Every version of a page in a language, the latest first."""
    permits.require(viewer, "door.see_texts")
    rows = PageText.objects.filter(page=page_code, language=code)
    return rows.select_related("writer", "published_by").order_by("-number")


def version(viewer: "Person", page_code: str, code: str, number: int) -> PageText:
    """One version of a page in a language.

    Raises NotVisible when there is none.
    """
    found = versions(viewer, page_code, code).filter(number=number).first()
    if found is None:
        raise _no_text()
    return found


def check_language(code: str) -> None:
    """Pass a language of the public pages. Raises NotVisible for any other."""
    try:
        language(code)
    except BadInput:
        raise _no_text() from None


def check_known(code: str, page_code: str) -> Page:
    """The page, in a language of the public pages. Raises NotVisible for any other."""
    check_language(code)
    found = known_pages().get(page_code)
    if found is None:
        raise _no_text()
    return found


def _standing() -> QuerySet[PageText]:
    return PageText.objects.filter(state__in=[State.DRAFT, State.PUBLISHED])


def _page_state(
    found: Page,
    code: str,
    by_state: Mapping[tuple[str, str], PageText],
    swedish: Mapping[str, datetime],
    today: date,
) -> PageState:
    published = by_state.get((found.code, State.PUBLISHED))
    return PageState(
        code=found.code,
        name=found.name,
        language=code,
        published=published,
        draft=by_state.get((found.code, State.DRAFT)),
        is_due=published is not None and published.review_by <= today,
        is_older=published is not None and _is_older(published, swedish),
    )


def _is_older(row: PageText, swedish: Mapping[str, datetime]) -> bool:
    """Whether the published translation is from before the Swedish came to read as it does."""
    if row.language == SOURCE or row.published_at is None:
        return False
    return is_older(row.published_at, swedish.get(row.page))


def _changes_of_swedish(page: str | None = None) -> dict[str, datetime]:
    """When the Swedish that stands came to read as it does, by page; of one page, or of all."""
    rows = PageText.objects.filter(language=SOURCE, published_at__isnull=False)
    rows = rows.filter(page=page) if page else rows
    versions: dict[str, list[Shown]] = {}
    for row in rows.order_by("-number"):
        if row.published_at is not None:
            shown = Shown(row.title, row.body, row.published_at)
            versions.setdefault(row.page, []).append(shown)
    shown_now = titles_in(SOURCE)
    return {code: changed_at(told) for code, told in versions.items() if code in shown_now}


def _no_text() -> NotVisible:
    return NotVisible(_("Texten finns inte. Gå tillbaka till listan över texter."))
