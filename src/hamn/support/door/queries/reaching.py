"""Nobody is reached through a dialogue in a way or at an hour that its case forbids."""

from typing import TYPE_CHECKING

from hamn.support.cases.rules.safe_contact import UnsafeContact, check_safe

from ..models import Reach
from ..rules.inbox import NOT_ONLINE, PROTECTED
from .bounds import bounds

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from ..models import Dialogue


def check_allowed(dialogue: "Dialogue", channel: str, at: "datetime") -> None:
    """Pass a way and a moment that the dialogue's case allows.

    Raises UnsafeContact, and as `bounds`.
    """
    said = bounds(dialogue)
    if said is not None:
        check_safe(said.safe, channel, at)


def check_number(dialogue: "Dialogue", now: "datetime") -> None:
    """Pass a person whose number may be shown and called now. Raises as `check_allowed`."""
    said = bounds(dialogue)
    if said is None:
        return
    if said.is_protected:
        raise UnsafeContact(PROTECTED)
    check_safe(said.safe, "phone", now)


def check_answer(dialogue: "Dialogue") -> None:
    """Pass an answer that waits in the dialogue until she fetches it: nothing is sent, so that only
    a case that forbids messages online stands against it. Raises as `check_allowed`.
    """
    said = bounds(dialogue)
    if said is not None and "online" in said.safe.forbidden:
        raise UnsafeContact(NOT_ONLINE)


def left_with_cases() -> dict[str, dict["UUID", "UUID"]]:
    """What people have left to be reached by in dialogues with a case: by the case's unit, the
    case's id by that of the Reach.
    """
    rows = Reach.objects.filter(dialogue__case__isnull=False).order_by("pk")
    found: dict[str, dict[UUID, UUID]] = {}
    for unit, pk, case_id in rows.values_list("dialogue__case__unit", "pk", "dialogue__case"):
        found.setdefault(unit, {})[pk] = case_id
    return found
