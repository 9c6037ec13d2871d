"""Identity-free facts: written with the change they tell of, reversed by a row of their own."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hamn.guards.audit.unordered import shuffle

from ..models import Fact
from ..rules.content import Counted

if TYPE_CHECKING:
    from ..queries.opened import OpenCase

OPENED = "case"  # the kind of fact that an opened case leaves
HANDED = "hand_over"  # of a case or a child handed to another unit; its detail is that unit
_COLUMNS = (
    *("unit", "year", "month", "kind", "detail", "channel", "form"),
    *("age_group", "residence", "municipality", "is_first"),
)


def count(
    *, unit: str, on: date, kind: str, municipality: str = "", **classes: str | bool
) -> Counted:
    """One fact, and what the sealed record remembers of it.

    municipality: a code, or what else was answered, which is counted as none.
    """
    code = municipality if municipality.isdigit() else ""
    fact = Fact.objects.create(
        unit=unit, year=on.year, month=on.month, kind=kind, municipality=code, **classes
    )
    return Counted(str(fact.pk), kind, on.year)


def count_of_case(
    opened: "OpenCase", *, kind: str, detail: str, on: date, unit: str = ""
) -> Counted:
    """One fact about the case, in the classes that its person is in now.

    unit: where it was counted before, when a fact is corrected; else the case's.
    """
    content = opened.content
    return count(
        unit=unit or opened.case.unit,
        on=on,
        kind=kind,
        detail=detail,
        form=content.form,
        age_group=content.age_group,
        residence=content.residence,
        municipality=content.municipality,
    )


def reverse(counted: Counted) -> None:
    """A row that takes the fact back; the sums are as if it had never been counted."""
    Fact.objects.create(**_columns(counted), weight=-1)


def restore(counted: Counted) -> Counted:
    """The fact that was taken back, counted as it was; and what is remembered of it."""
    return replace(counted, fact=str(Fact.objects.create(**_columns(counted)).pk))


def shuffle_facts() -> None:
    """The facts stored anew, so that none can be laid beside the trail's entry of what it tells."""
    shuffle(Fact._meta.db_table)


def _columns(counted: Counted) -> dict[str, Any]:
    return dict(Fact.objects.filter(pk=counted.fact).values(*_COLUMNS).get())
