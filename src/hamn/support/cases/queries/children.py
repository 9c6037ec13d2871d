"""Children, reports and links of a case; and where a child's own case belongs."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hamn.core.errors import BadInput, _
from hamn.support.services import queries as services

from ..rules.contacts import is_with_its_person
from ..rules.content import ContactContent
from .notes import records_of
from .walls import check_not_only_shared, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Case
    from .opened import OpenCase, OpenRecord

SHARED = "shared"  # the way in of a unit that only reads


@dataclass(slots=True)
class Family:
    """What a case knows of children and of those near its person. tasks: by id of the child."""

    children: list["OpenRecord"] = field(default_factory=list)
    tasks: dict[str, list["OpenRecord"]] = field(default_factory=dict)
    reports: list["OpenRecord"] = field(default_factory=list)
    links: list["OpenRecord"] = field(default_factory=list)


def family_of(opened: "OpenCase") -> Family:
    """The case's children with what is to be done for them, its reports and links; one query."""
    family = Family()
    for one in records_of(opened, ("child", "child_report", "link", "action")):
        match one.record.kind:
            case "child":
                family.children.append(one)
            case "child_report":
                family.reports.append(one)
            case "link" if one.record.state == "current":
                family.links.append(one)
            case "action" if one.record.parent_id:
                family.tasks.setdefault(str(one.record.parent_id), []).append(one)
    return family


def reported_on(opened: "OpenCase", contact: ContactContent) -> date | None:
    """The day on which concern was last reported for whom the contact was with, if it was.

    Of the case's person the case says so; of a relative under 18 the reports about neither her nor
    a child that the case has recorded.
    """
    if is_with_its_person(contact, opened.content):
        return opened.content.reported_on
    says = (one.content for one in records_of(opened, ["child_report"]))
    days = [one.sent_on for one in says if one.sent_on and not one.is_client and not one.about]
    return max(days, default=None)


def is_report_hers(viewer: "Person", opened: "OpenCase", one: "OpenRecord") -> bool:
    """Whether the report may be changed and sent by her: of a shared case only her unit's own."""
    return opened.why != SHARED or one.content.unit in units_of(viewer)


def check_report_hers(viewer: "Person", opened: "OpenCase", one: "OpenRecord") -> None:
    """Pass a report that is hers to change and send. Raises OnlyShared."""
    if not is_report_hers(viewer, opened, one):
        check_not_only_shared(opened.case)


def writing_unit(viewer: "Person", case: "Case") -> str:
    """The unit for which she writes in a case that opens to her: its own, or the one that reads."""
    units = units_of(viewer)
    if case.unit in units:
        return case.unit
    shares = case.shares.filter(unit__in=units, ended_at__isnull=True)
    return shares.order_by("unit").values_list("unit", flat=True)[0]


def coordinator_beside(unit: str) -> str:
    """The unit of the coordinator for children, beside the unit; empty where that is her own."""
    try:
        found = coordinator_unit(unit)
    except BadInput:
        return ""
    return "" if found == unit else found


def is_read_by(case: "Case", unit: str) -> bool:
    """Whether the case is shared with the unit."""
    return case.shares.filter(unit=unit, ended_at__isnull=True).exists()


def coordinator_unit(unit: str) -> str:
    """The unit of the coordinator whom this unit's services put children before; else its own.

    Raises BadInput where the centre has no service for children.
    """
    own = services.services_of(unit)
    for row in own:
        if row.refers_children_to:
            return services.service(row.refers_children_to).unit
    if any("child" in row.age_groups for row in own):
        return unit
    raise BadInput(_("Verksamheten har ingen koordinator för barn och unga att lämna till."))
