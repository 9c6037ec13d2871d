"""One contact: what it says, what can be said to the person, and what can be done with it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import titles
from hamn.register.staff.queries import unit_name
from hamn.support.services import queries as services
from hamn.support.services import rules as words
from hamn.ui.pages import page
from hamn.ui.words import NONE, long_date, said

from ... import actions
from ...queries.children import reported_on
from ...rules.contacts import HANDING_GROUNDS
from ...rules.mail import OFFERS
from ...rules.states import OPEN, CaseState
from ..frame import frame
from . import asked
from .words import signed_words

if TYPE_CHECKING:
    from ...actions.contacts import SeenContact
    from ...queries.opened import OpenContact

SHARED = "shared"  # the way in of a unit that only reads


@permit("cases.see")
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The contact, read and the reading recorded."""
    seen = actions.see_contact(contact_id=contact_id, by=staff(request), now=timezone.now())
    return contact_page(request, seen, "cases/contact.html", **shown(request, seen))


def contact_page(
    request: HttpRequest, seen: "SeenContact", template: str, **context: Any
) -> HttpResponse:
    """A page of a contact; within the frame of its case when it has one."""
    around = frame(seen.case, "timeline") if seen.case else {}
    layout = "cases/frame.html" if seen.case else "cases/contact_frame.html"
    return page(
        request,
        template,
        **around,
        layout=layout,
        contact=seen.one.contact,
        own_unit=_(unit_name(seen.one.contact.unit)),
        **context,
    )


def shown(request: HttpRequest, seen: "SeenContact") -> dict[str, Any]:
    """What the contact's page shows of it."""
    row, content = seen.one.contact, seen.one.content
    target = actions.child_coordinator_of(content.service)
    is_free = seen.case is None
    is_shared = seen.case is not None and seen.case.why == SHARED
    return {
        "says": content,
        "words": signed_words(row, content),
        "facts": [{"key": {"text": key}, "value": {"text": text}} for key, text in facts(seen.one)],
        "answer": _answer(request, seen),
        "is_free": is_free,
        "is_nobodys": is_free and row.responsible_id is None,
        "may_hand": target is not None
        and content.age_group == words.AgeGroup.CHILD
        and target.unit not in (seen.unit, *content.handed_to),
        "is_handed": bool(content.handed_to),
        "reported_on": reported_on(seen.case, content) if seen.case else None,
        "handed_from": unit_name(content.handed_from) if content.handed_from else "",
        "handed_ground": said(HANDING_GROUNDS[content.handed_ground])
        if content.handed_ground
        else "",
        "has_address": not is_shared and actions.has_address(row),
        "may_write": is_free or (not is_shared and is_open(seen)),
        "offer": said(OFFERS[content.answer_offer]) if content.answer_offer else "",
        "is_late": row.answer_by is not None and row.answer_by < timezone.localdate(),
    }


def is_open(seen: "SeenContact") -> bool:
    """Whether something can still be written where the contact stands."""
    return seen.case is None or CaseState(seen.case.case.state) in OPEN


def facts(one: "OpenContact") -> list[tuple[str, str]]:
    """Name and text of everything the contact says but its note, in the reader's language."""
    content, row = one.content, one.contact
    names = services.municipality_names() if content.municipality.isdigit() else {}
    grounds = services.grounds_of(content.service) if content.service else {}
    ids = {row.logged_by_id, row.responsible_id, *content.spoke}
    people = titles({f"access.person:{pk}" for pk in ids if pk})
    told = [
        (_("Datum"), long_date(row.on)),
        (_("Hur"), said(words.CHANNELS[content.channel])),
        (_("Vad"), said(words.CONTACT_KINDS[content.kind])),
        (_("Följde med till"), content.counterpart),
        (_("Med vem"), said(words.FORMS[content.form])),
        (_("Vill kallas"), content.called),
        (_("Gällde"), ", ".join(grounds.get(code, code) for code in content.grounds)),
        (_("Ålder"), said(words.AGE_GROUPS[content.age_group])),
        (_("Hemkommun"), _residence(content.municipality, names)),
        (_("Akut"), _("ja") if content.is_acute else ""),
        (_("Misstänkt människohandel"), _("ja") if content.is_trafficking else ""),
        (_("Minuter"), str(content.minutes) if content.minutes is not None else ""),
        (_("Väg hit"), said(words.SOURCES[content.source])),
        (_("Svar lovat senast"), long_date(row.answer_by) if row.answer_by else ""),
        (_("Besvarad"), long_date(content.answered_on) if content.answered_on else ""),
        (_("Fått veta om rätten att ansöka"), _("ja") if content.is_informed else ""),
        (
            _("Talade med personen"),
            ", ".join(people.get(f"access.person:{pk}", NONE) for pk in content.spoke),
        ),
        (_("Antecknad av"), _logged_by(row.logged_by_id, people)),
        (_("Tar hand om den"), people.get(f"access.person:{row.responsible_id}", "")),
    ]
    return [(name, text) for name, text in told if text]


def _logged_by(person: int | None, people: dict[str, str]) -> str:
    """Who wrote it down; nobody did when a letter came by the mail server's own way."""
    return people.get(f"access.person:{person}", NONE) if person else _("systemet")


def _residence(municipality: str, names: dict[str, str]) -> str:
    if municipality == words.DECLINED:
        return _("vill inte säga")
    return names.get(municipality, _("vet inte"))


def _answer(request: HttpRequest, seen: "SeenContact") -> dict[str, Any] | None:
    """What was answered to who is helped, while the agreements still give the same answer."""
    content = seen.one.content
    if not content.entitlement or content.handed_from:
        return None
    given = {
        "municipality": content.municipality,
        "age_group": content.age_group,
        "is_acute": content.is_acute,
        "is_trafficking": content.is_trafficking,
        "on": seen.one.contact.on,
    }
    try:
        found = asked.entitlement(request, given, content.service)
    except BadInput:
        return None
    if found.answer.result.value != content.entitlement:
        return None
    return asked.answer(found, given)
