"""Units, as the centre's own file describes them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import rules
from ..events import Event
from ..models import Unit

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_unit(*, code: str, fields: Mapping[str, Any], by: "Person") -> Unit:
    """The unit with this code, new or changed; one that is stored so already is left alone.

    fields: name, short_name, principal, place, starts_on, ends_on.
    Raises BadInput for a code or a name that cannot be one, and for an end before the start.
    """
    permits.require(by, "staff.save_unit")
    rules.check_code(code)
    given = {**fields, "name": rules.check_name(fields["name"])}
    given["short_name"] = rules.check_name(fields["short_name"])
    rules.check_period(given["starts_on"], given["ends_on"])
    unit = Unit.objects.select_for_update().filter(pk=code).first()
    if unit is not None and all(getattr(unit, name) == value for name, value in given.items()):
        return unit
    unit, _created = Unit.objects.update_or_create(pk=code, defaults=given)
    audit.record(Event.UNIT_SAVED, by=by, on=unit, starts_on=unit.starts_on, ends_on=unit.ends_on)
    return unit
