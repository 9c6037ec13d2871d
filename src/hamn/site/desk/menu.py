"""The menu of the desk, and what every page's frame needs to know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamn.agreement.invoicing.queries import is_example
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.access.adapter import is_strong
from hamn.guards.access.queries import is_person

from .entries import WALLED

# Text, URL name, permit, the beginning of the addresses that belong to it.
ITEMS = (
    (marked("Översikt"), "desk:overview", "desk.overview", "/desk/oversikt/"),
    (marked("Min dag"), "cases:today", "cases.see", "/desk/arenden/"),
    (marked("Inkorgen"), "door:inbox", "door.read", "/desk/inkorg/"),
    (marked("Konsultationer"), "consultations:list", "consultations.see", "/desk/konsultationer/"),
    (marked("Kommuner"), "organisations:list", "organisations.see", "/desk/kommuner/"),
    (marked("Avtal"), "agreements:list", "agreements.see", "/desk/avtal/"),
    (marked("Taxor"), "tariffs:list", "tariffs.see", "/desk/taxor/"),
    (marked("Fakturor"), "invoicing:list", "invoicing.see", "/desk/fakturor/"),
    (marked("Årets fakturering"), "invoicing:runs", "invoicing.see", "/desk/fakturering/"),
    (marked("Verksamheter"), "services:list", "services.see", "/desk/verksamheter/"),
    (marked("Webbtexter"), "door:texts", "door.see_texts", "/desk/texter/"),
    (marked("Uppföljning"), "followup:list", "followup.see", "/desk/uppfoljning/"),
    (marked("Spåret"), "desk:trail", "audit.see", "/desk/sparet/"),
    (marked("Personer"), "access:people", "access.see", "/desk/personer/"),
    (marked("Personal"), "staff:overview", "staff.see", "/desk/personal/"),
    (marked("Valvet"), "vault:show", "vault.see", "/desk/valvet/"),
    (marked("Gallring"), "disposal:start", "disposal.see", "/desk/gallring/"),
    (marked("Min enhet"), "access:unit", "access.grant_member", "/desk/enhet/"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    text: str
    url: str
    is_here: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """Menu, language and notice for every page; nothing of the menu before sign-in is complete.

    `is_walled`: what is typed there is about a person, and the browser is asked to keep none of it.
    """
    # Called in error pages too, so it must not fail where there is no person.
    user = getattr(request, "user", None)
    is_in = user is not None and is_person(user) and is_strong(request)
    match = request.resolver_match
    return {
        "menu": list(_items(request)) if is_in else [],
        "account_url": reverse("mfa_index") if is_in else "",
        "home_url": reverse("desk:start"),
        "language": get_language() or settings.LANGUAGE_CODE,
        "language_url": reverse("desk:language"),
        "is_example": is_example(),
        "is_walled": match is not None and match.app_name in WALLED,
    }


def _items(request: HttpRequest) -> Iterator[Item]:
    for text, name, permit, begins in ITEMS:
        if permits.allows(request.user, permit):  # type: ignore[arg-type]
            yield Item(_(text), reverse(name), request.path.startswith(begins))
