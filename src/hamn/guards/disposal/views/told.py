"""Lists, units and counts of disposal in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.guards.access.rules import every_unit
from hamn.ui.lists import Column, Link, Tag
from hamn.ui.words import moment, said

from .. import rules
from ..rules import LIST_NAMES, ListState

if TYPE_CHECKING:
    from ..models import DisposalList

COLOURS = {
    ListState.PLANNED: "yellow",
    ListState.APPROVED: "blue",
    ListState.RUNNING: "blue",
    ListState.DONE: "green",
    ListState.WITHDRAWN: "grey",
}


def unit_name(code: str) -> str:
    """The unit as people call it."""
    return said(every_unit().get(code, code))


def kind_name(kind: str) -> str:
    """A kind of record as the room that holds it calls it."""
    holding = rules.holdings().get(kind)
    return said(holding.name) if holding else kind


def rule_name(code: str) -> str:
    """A rule class as people call it."""
    found = rules.rule_classes().get(code)
    return said(found.name) if found else code


def tag_of(row: "DisposalList") -> Tag:
    """The list's state as a coloured label."""
    state = ListState(row.state)
    return Tag(said(LIST_NAMES[state]), COLOURS[state])


def heading_of(row: "DisposalList") -> str:
    """The list's name on its pages."""
    return _("Gallringslista {number}: {unit}").format(number=row.pk, unit=unit_name(row.unit))


def list_columns() -> list[Column]:
    """The columns of the list of lists."""
    return [
        Column("list", _("Lista"), _link, sort="pk"),
        Column("unit", _("Enhet"), lambda row: unit_name(row.unit)),
        Column("state", _("Läge"), tag_of, "tag"),
        Column("planned", _("Att gallra"), lambda row: row.planned, "integer", sort="planned"),
        Column("destroyed", _("Gallrade"), lambda row: row.destroyed, "integer"),
        Column("made", _("Framtagen"), lambda row: who(row.made_by, row.made_at)),
        Column("approved", _("Godkänd"), lambda row: who(row.approved_by, row.approved_at)),
    ]


def about(row: "DisposalList") -> list[dict[str, Any]]:
    """What the list is about and who has done what with it."""
    told = [
        line(_("Enhet"), unit_name(row.unit)),
        line(_("Att gallra"), str(row.planned)),
        line(_("Undantagna"), str(row.excluded)),
        line(_("Framtagen"), who(row.made_by, row.made_at)),
    ]
    for label, person, at in (
        (_("Godkänd"), row.approved_by, row.approved_at),
        (_("Startad"), row.started_by, row.started_at),
        (_("Tillbakadragen"), row.withdrawn_by, row.withdrawn_at),
    ):
        if at:
            told.append(line(label, who(person, at)))
    if row.finished_at:
        told.append(line(_("Slutförd"), moment(row.finished_at)))
    return told


def records(counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """How many of each kind, by rule class."""
    return [
        line(f"{kind_name(kind)}: {rule_name(code)}", str(count))
        for kind, by_class in counts.items()
        for code, count in by_class.items()
    ]


def who(person: object, at: Any) -> str:
    """When, by whom; empty for what has not been."""
    return _("{moment} av {person}").format(moment=moment(at), person=person) if at else ""


def line(key: str, value: str) -> dict[str, Any]:
    """A row of a summary list."""
    return {"key": {"text": key}, "value": {"text": value}}


def _link(row: "DisposalList") -> Link:
    text = _("Lista {number}").format(number=row.pk)
    return Link(text, reverse("disposal:show_list", args=[row.pk]))
