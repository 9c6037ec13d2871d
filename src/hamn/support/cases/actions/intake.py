"""A case is opened for someone: directly, or from a contact with her."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.support.services import queries as services
from hamn.support.services.rules import AGE_GROUPS, FORMS, SOURCES, AgeGroup

from ..queries.opened import OpenCase
from ..rules import contacts as rules
from ..rules.content import IDENTITY_LEVELS, CaseContent, ContactContent, IdentityLevel
from .contacts.join import move_into
from .contacts.reading import free_to_write
from .opening import open_case

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@dataclass(frozen=True, slots=True)
class Intake:
    """What is asked when a case is opened; all of it may be left as it stands (B5)."""

    service: str
    identity_level: str = IdentityLevel.ANONYMOUS
    called: str = ""
    grounds: tuple[str, ...] = ()
    municipality: str = "unknown"
    age_group: str = AgeGroup.UNKNOWN
    birth_year: int | None = None
    form: str = "individual"
    source: str = "own_contact"
    language: str = ""


@transaction.atomic
def take_in(
    *,
    intake: Intake,
    by: "Person",
    now: datetime,
    mine: bool = True,
    contact_id: UUID | None = None,
) -> OpenCase:
    """A new case in the service's unit, hers or nobody's yet; with the contact it came from in it.

    Raises NotVisible outside the unit, BadInput, IdentityNeeded, Changed when the contact has a
    case already.
    """
    one = None if contact_id is None else free_to_write(contact_id=contact_id, by=by, now=now)
    unit = services.service(intake.service).unit
    if one is not None and one.contact.unit != unit:
        raise BadInput(_("Kontakten hör till sin enhet. Välj en av enhetens verksamheter."))
    content = _content(intake, today=timezone.localdate(now))
    opened = open_case(unit=unit, content=content, by=by, now=now, mine=mine)
    if one is not None:
        move_into(opened, one, by=by, now=now)
    return opened


def intake_of(content: ContactContent) -> Intake:
    """What a contact already says of what an intake asks."""
    return Intake(
        service=content.service,
        called=content.called,
        identity_level=IdentityLevel.PSEUDONYMOUS if content.called else IdentityLevel.ANONYMOUS,
        grounds=content.grounds,
        municipality=content.municipality,
        age_group=content.age_group,
        form=content.form,
        source=content.source,
    )


def _content(intake: Intake, *, today: date) -> CaseContent:
    _check(intake)
    municipality = services.read_municipality(intake.municipality)
    age = rules.age_group(AgeGroup(intake.age_group), intake.birth_year, on=today)
    is_named = intake.identity_level == IdentityLevel.NAMED
    return CaseContent(
        number="",
        called=_line(intake.called),
        identity_level=intake.identity_level,
        named_on=today if is_named else None,
        grounds=intake.grounds,
        municipality=municipality,
        residence=services.residence_class(municipality).value,
        age_group=age.value,
        birth_year=intake.birth_year,
        form=intake.form,
        source=intake.source,
        language=_line(intake.language),
    )


def _check(intake: Intake) -> None:
    told: Mapping[str, tuple[str, Collection[str]]] = {
        _("Anonymitet"): (intake.identity_level, IDENTITY_LEVELS),
        _("Ålder"): (intake.age_group, AGE_GROUPS),
        _("Form"): (intake.form, FORMS),
        _("Väg hit"): (intake.source, SOURCES),
    }
    for name, (code, codes) in told.items():
        if code not in codes:
            raise BadInput(_("{name}: välj något i listan."), name=name)
    if not set(intake.grounds) <= set(services.grounds_of(intake.service)):
        raise BadInput(_("Skäl: välj bland verksamhetens skäl."))
    if intake.identity_level == IdentityLevel.NAMED and not intake.called.strip():
        raise BadInput(_("Skriv namnet, eller välj att personen är anonym."))


def _line(text: str) -> str:
    return " ".join(clean_text(text, rules.LONGEST_LINE).split())
