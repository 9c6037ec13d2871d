"""Who may what is changed."""

from collections.abc import Iterable

from django.db import transaction

from hamn.core.errors import _
from hamn.guards.audit import actions as audit

from .. import permits, queries, rules
from ..events import Event
from ..models import Person, PersonRole
from ..rules import Role
from .units import check_not_last, check_not_last_head


@transaction.atomic
def change_roles(
    *, person_id: int, roles: Iterable[Role], seen_roles: Iterable[Role], by: Person
) -> Person:
    """The person has exactly these roles.

    seen_roles: those that the page showed, so that two administrators at once see the conflict.
    Raises OwnAccount, RolesChanged, LastAdministrator, LastHead when nobody would head a unit,
    LastInUnit when nobody else can read one, WrongStanding for one who has left, BadInput without
    a role.
    """
    administrators = active_administrators()
    person = queries.locked(by, person_id)
    permits.require(queries.fresh(by), "access.change_roles", person)
    rules.check_not_herself(by.pk, person.pk)
    if not person.is_active:
        raise rules.WrongStanding(
            _("{title} har slutat och har därför inga roller att ändra."), title=person.title
        )
    held, wanted = person.roles(), frozenset(roles)
    rules.check_seen(held, frozenset(seen_roles))
    rules.check_some_role(wanted)
    if Role.SYSTEM_ADMINISTRATOR in held - wanted:
        rules.check_administrator_left(administrators - {person.pk})
    if Role.HEAD_OF_UNIT in held - wanted:
        check_not_last_head(person)
    if Role.CASEWORKER in held - wanted:
        check_not_last(person)
        queries.check_duties(person, by)
    PersonRole.objects.filter(person=person, role__in=held - wanted).delete()
    PersonRole.objects.bulk_create(
        PersonRole(person=person, role=role) for role in sorted(wanted - held)
    )
    audit.record(
        Event.ROLES_CHANGED,
        by=by,
        on=person,
        added=sorted(wanted - held),
        removed=sorted(held - wanted),
    )
    return queries.fresh(person)


def active_administrators() -> frozenset[int]:
    """The active system administrators, locked until the transaction ends.

    Of two who would each remove the other, the second then sees what the first has done.
    """
    rows = PersonRole.objects.select_for_update(of=("self",)).filter(
        role=Role.SYSTEM_ADMINISTRATOR, person__is_active=True
    )
    return frozenset(row.person_id for row in rows.order_by("pk"))
