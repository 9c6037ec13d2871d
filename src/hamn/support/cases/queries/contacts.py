"""Finding the case that a contact goes to, and the contacts that have none."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from hamn.core.errors import BadInput, _
from hamn.guards.access.queries import members_of, titles
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import IndexKind

from ..models import Case, Contact
from ..rules.children import CaseLink
from ..rules.states import OPEN
from .opened import OpenCase, content_of
from .walls import contacts_alone_for, open_to, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def case_by_number(viewer: "Person", number: str, unit: str, now: datetime) -> Case:
    """The unit's case of that number, when it opens to her.

    Raises BadInput, in the same words whether it is not hers, not there, or of another unit.
    """
    found: set[UUID] = set()
    if unit in units_of(viewer):
        found = vaults.find([unit], IndexKind.CASE_NUMBER, number)
    case = open_to(viewer, now).filter(box__in=found, unit=unit).first()
    if case is None:
        raise BadInput(
            _(
                "Inget ärende med det numret är öppet för dig i enheten. Kontrollera numret, "
                "eller fråga den som är ansvarig."
            )
        )
    return case


def couple_of(viewer: "Person", opened: OpenCase, now: datetime) -> list[UUID]:
    """The other's case of a couple, where it is of the same unit, not closed and open to her."""
    links = opened.case.records.filter(kind="link", state="current")
    says = [content_of(row, opened.box, CaseLink) for row in links]
    others = [one.other for one in says if one.form == "couple"]
    if not others:
        return []
    rows = open_to(viewer, now).filter(pk__in=others, unit=opened.case.unit, state__in=OPEN)
    return list(rows.values_list("pk", flat=True))


def cases_by_id(viewer: "Person", case_ids: Collection[UUID], now: datetime) -> list[Case]:
    """Those of the cases that open to her."""
    return list(open_to(viewer, now).filter(pk__in=case_ids))


def speakers(unit: str, also: Collection[int | None] = ()) -> dict[str, str]:
    """Those of the unit who may have spoken with a person, title by id; also: who else did."""
    found = {
        str(one.person_id): one.person.title for one in members_of([unit]).prefetch_related(None)
    }
    others = {f"access.person:{pk}" for pk in also if pk and str(pk) not in found}
    if others:
        told = titles(others).items()
        found |= {name.removeprefix("access.person:"): title for name, title in told}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def contacts_without_case(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """The contacts without a case that open to her: her own, nobody's, and those she covers."""
    rows = contacts_alone_for(viewer, now)
    return rows.select_related("responsible", "logged_by")
