"""What the forms of contacts and of opening a case are made with: a service and its words."""

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from hamn.guards.access.permits import staff
from hamn.support.services import queries as services
from hamn.support.services.rules import BEGIN, RESULTS, AgeGroup
from hamn.ui.confirm import STEP
from hamn.ui.lists import Tag
from hamn.ui.words import said

from ...queries.walls import no_such_case
from ...rules.content import ContactContent
from ..drafts import ASKED

if TYPE_CHECKING:
    from hamn.support.services.models import Service
    from hamn.support.services.queries import Entitlement

COLOURS = {
    "entitled": "green",
    "always_served": "green",
    "unknown_served": "green",
    "refer_child_coordinator": "blue",
    "not_affiliated": "yellow",
}
# The fields of a form that are the content's own.
OWN = frozenset(field.name for field in fields(ContactContent))


def own_service(request: HttpRequest) -> tuple["Service", list[dict[str, Any]]]:
    """The service the address asks for, else her first; and the links to the others she has.

    Raises NotVisible to who works in none.
    """
    own = services.own_services(staff(request), on=timezone.localdate())
    if not own:
        raise no_such_case()
    wanted = request.GET.get(ASKED, "")
    chosen = next((row for row in own if row.code == wanted), own[0])
    links = [
        {"text": row.title, "url": f"{request.path}?{ASKED}={row.code}", "is_here": row == chosen}
        for row in own
    ]
    return chosen, links if len(links) > 1 else []


def service_in(request: HttpRequest, unit: str, code: str = "") -> "Service":
    """The unit's service of that code, else its first."""
    found = services.services_of(unit)
    wanted = code or request.GET.get(ASKED, "")
    chosen = next((row for row in found if row.code == wanted), None)
    if chosen is None and not found:
        raise no_such_case()
    return chosen or found[0]


def words_of(service: "Service") -> dict[str, Any]:
    """What a form needs for the service's words."""
    return {"service": service, "municipalities": services.municipality_names()}


def content_of(given: dict[str, Any]) -> ContactContent:
    """The contact as it was written in a form."""
    return ContactContent(**own_fields(given))


def own_fields(given: dict[str, Any]) -> dict[str, Any]:
    """What a form says of the content's own fields, as the content has it."""
    own = {name: value for name, value in given.items() if name in OWN}
    spoke = tuple(int(pk) for pk in own.get("spoke", ()))
    return {**own, "grounds": tuple(own.get("grounds", ())), "spoke": spoke}


def entitlement(request: HttpRequest, given: dict[str, Any], service: str) -> "Entitlement":
    """The answer about whoever the form is about; nothing is stored."""
    return services.entitlement_for(
        staff(request),
        service_code=service,
        municipality=given["municipality"],
        age=AgeGroup(given["age_group"]),
        is_acute=given["is_acute"],
        is_trafficking_suspected=given["is_trafficking"],
        on=given["on"],
    )


def answer(found: "Entitlement", given: dict[str, Any]) -> dict[str, Any]:
    """What `cases/contact_answer.html` shows. A child is never pointed elsewhere.

    given: what the answer is about. begin: the hidden fields with which a turned-away event begins.
    """
    code, age = found.answer.result.value, given["age_group"]
    may_turn_away = code == "not_affiliated" and age not in ("child", "unknown")
    return {
        "found": found,
        "result": Tag(said(RESULTS[found.answer.result]), COLOURS[code]),
        "is_child": age == "child",
        "begin": _begin(found, given) if may_turn_away else [],
    }


def _begin(found: "Entitlement", given: dict[str, Any]) -> list[tuple[str, str]]:
    """What was asked, as the form for a turned-away event takes it; none of it is in an address."""
    on: date = given["on"]
    return [
        (STEP, BEGIN),
        ("service_code", found.service.code),
        ("municipality", given["municipality"]),
        ("age", given["age_group"]),
        ("on_ar", str(on.year)),
        ("on_manad", str(on.month)),
        ("on_dag", str(on.day)),
    ]
