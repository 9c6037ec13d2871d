"""The public information pages: by situation, by service, and how the door itself works.

No page here knows or asks who reads it; none writes anything.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from hamn.core.errors import NotVisible, _
from hamn.core.identifiers import shown_phone
from hamn.guards.access.permits import open_to_all
from hamn.support.services import queries as services
from hamn.ui.pages import page
from hamn.ui.words import said

from ..queries import texts
from ..rules import pages
from ..rules.languages import LANGUAGES, SOURCE, in_order, marked_as
from ..rules.pages import Situation
from ..rules.texts import to_html

if TYPE_CHECKING:
    from hamn.support.services.models import Service

_MISSING = _("Sidan finns inte på det här språket. Gå till första sidan.")


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from the start page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """How a service is reached. Its name and hours are Swedish and English, no more.

    name_language, hours_language: set where they are in another language than the page.
    """

    name: str
    name_language: str
    phone: str
    dialled: str
    hours: str
    hours_language: str


@open_to_all
def start(request: HttpRequest) -> HttpResponse:
    """The start page: what it is about, in the person's own words, and how to begin."""
    language = _language(request)
    prefix = _prefix(language)
    text = _text(pages.START, language)
    shown = texts.titles_in(language)
    return page(
        request,
        "door/information/start.html",
        title=text.title,
        body=_html(text, language),
        ways=[
            *(_way(one, language) for one in pages.TOLD_OF if pages.situation_page(one) in shown),
            Way(said(pages.SITUATIONS[Situation.PROFESSIONAL]), f"{prefix}/yrkesverksam/"),
        ],
        services=_service_ways(language, shown),
        **_addresses(language),
    )


@open_to_all
def situation(request: HttpRequest, number: int) -> HttpResponse:
    """A page for somebody in a situation; its address is a number and tells nothing."""
    found = pages.numbered(number)
    if found not in pages.TOLD_OF:
        raise NotVisible(_MISSING)
    return _information(
        request,
        pages.situation_page(found),
        writes_at=f"kontakt/{number}/",
        is_dangerous=found in pages.DANGEROUS,
        is_child=found is Situation.CHILD,
        writes=_writes_of_a_relative(request) if found is Situation.RELATIVE else [],
    )


@open_to_all
def service(request: HttpRequest, place: str) -> HttpResponse:
    """A service's page: who, what, how, free, anonymous, telephone, hours."""
    offered = {row.code: row for row in services.offered(timezone.localdate())}
    codes = pages.SERVICES_OF.get(place, {place})
    rows = [row for code, row in offered.items() if code in codes]
    if not rows:
        raise NotVisible(_MISSING)
    language = _language(request)
    text = texts.text_of(pages.service_page(place), language)
    return page(
        request,
        "door/information/service.html",
        title=text.title if text else ", ".join(row.title for row in rows),
        body=_html(text, language) if text else "",
        told=[] if text else [row.told for row in rows],
        facts=[_facts(row, language) for row in rows],
        is_dangerous=place not in pages.CALM_PLACES,
        **_addresses(language, f"kontakt/{pages.address_of(place)}/"),
    )


@open_to_all
def answers(request: HttpRequest) -> HttpResponse:
    """Who reads, when and in which language an answer comes, and what is kept."""
    return _information(
        request, pages.ANSWERS, readable_in=in_order(frozenset(texts.published_languages()))
    )


@open_to_all
def tracks(request: HttpRequest) -> HttpResponse:
    """How to cover one's tracks, and what the quick exit does not do."""
    return _information(request, pages.TRACKS)


@open_to_all
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (lag 2018:1937, 13 §)."""
    return _information(request, pages.ACCESSIBILITY, shows_day=True)


def _information(
    request: HttpRequest, code: str, *, writes_at: str = "kontakt/", **more: Any
) -> HttpResponse:
    language = _language(request)
    text = _text(code, language)
    return page(
        request,
        "door/information/page.html",
        title=text.title,
        body=_html(text, language),
        published_at=text.published_at,
        **_addresses(language, writes_at),
        **more,
    )


def _text(code: str, language: str) -> texts.Text:
    text = texts.text_of(code, language)
    if text is None:
        raise NotVisible(_MISSING)
    return text


def _html(text: texts.Text, language: str) -> SafeString:
    # Every character is escaped in `to_html`, which is tested with hostile text.
    return mark_safe(to_html(text.body, prefix=_prefix(language)))  # noqa: S308


def _language(request: HttpRequest) -> str:
    code = getattr(request, "LANGUAGE_CODE", SOURCE)
    return code if code in LANGUAGES else SOURCE


def _prefix(language: str) -> str:
    return "" if language == SOURCE else f"/{language}"


def _addresses(language: str, writes_at: str = "kontakt/") -> dict[str, Any]:
    """Where the dialogue begins and is read."""
    prefix = _prefix(language)
    return {
        "contact_url": f"{prefix}/{writes_at}",
        "read_url": f"{prefix}/svar/",
        "answers_url": f"{prefix}/om-svar/",
    }


def _way(one: Situation, language: str) -> Way:
    return Way(said(pages.SITUATIONS[one]), f"{_prefix(language)}/vag/{pages.number_of(one)}/")


def _writes_of_a_relative(request: HttpRequest) -> list[Way]:
    """Two ways to write: who loves a buyer of sex is met by others than who loves one exploited."""
    prefix = _prefix(_language(request))
    return [
        Way(said(name), f"{prefix}/kontakt/{pages.number_of(one)}/")
        for one, name in pages.OFFERED.items()
        if one in pages.RELATIVES
    ]


def _service_ways(language: str, shown: dict[str, str]) -> list[Way]:
    """The services that are offered, by the titles of their pages, else by their own names."""
    offered = {row.code: row.title for row in services.offered(timezone.localdate())}
    told = {code for codes in pages.SERVICES_OF.values() for code in codes}
    prefix = _prefix(language)
    ways = [
        Way(shown[pages.service_page(place)], f"{prefix}/{address}/")
        for place, address in pages.PLACES.items()
        if pages.service_page(place) in shown and pages.SERVICES_OF[place] & offered.keys()
    ]
    own = {code: title for code, title in offered.items() if code not in told}
    return ways + [
        Way(shown.get(pages.service_page(code), title), f"{prefix}/verksamhet/{code}/")
        for code, title in own.items()
    ]


def _facts(row: "Service", language: str) -> Facts:
    return Facts(
        name=row.title,
        name_language=marked_as(language, row.name_en),
        phone=shown_phone(row.phone),
        dialled=row.phone,
        hours=row.open_hours,
        hours_language=marked_as(language, row.hours_en),
    )
