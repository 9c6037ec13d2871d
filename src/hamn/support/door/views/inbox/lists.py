"""The inbox of a unit: what waits for an answer and by when, what is nobody's, what is hers."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import every_unit_name
from hamn.ui.lists import Column, Link, Listing, Tag, listing
from hamn.ui.pages import page
from hamn.ui.words import said

from ...actions.inbox import list_dialogues
from ...queries import inbox
from ...rules.inbox import PARTS, is_overdue
from ...rules.languages import LANGUAGES
from ...rules.pages import SITUATIONS
from ...rules.words import STATES, State

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import Dialogue

# Sorted by the day that was promised, where there is one.
_PROMISED = ("waiting", "overdue")


@dataclass(frozen=True, slots=True)
class Row:
    """A dialogue in a list. called: what the person has said that she is called; None where the
    dialogue's key is lost.
    """

    dialogue: "Dialogue"
    called: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the inbox in its menu."""

    text: str
    url: str
    is_here: bool


@permit("door.read")
def inbox_page(request: HttpRequest) -> HttpResponse:
    """The chosen list of one of her units."""
    person, today = staff(request), timezone.localdate()
    names = every_unit_name()
    units = {code: names.get(code, code) for code in sorted(inbox.reading_units(person))}
    unit = request.GET.get("enhet", "")
    unit = unit if unit in units else next(iter(units))
    part = request.GET.get("visa", "")
    part = part if part in PARTS else inbox.WAITING
    return page(
        request,
        "door/inbox/list.html",
        heading=said(PARTS[part]),
        unit_name=units[unit],
        parts=_parts(part, unit, inbox.counts(person, unit, today)),
        units=[Part(name, f"?enhet={code}", code == unit) for code, name in units.items()],
        dialogues=_listing(request, person, part, unit, today),
    )


def _parts(chosen: str, unit: str, counts: inbox.Counts) -> list[Part]:
    told: dict[str, int] = counts._asdict()
    return [
        Part(
            f"{said(name)} ({told[code]})" if code in told else said(name),
            f"?visa={code}&enhet={unit}",
            code == chosen,
        )
        for code, name in PARTS.items()
    ]


def _listing(request: HttpRequest, person: "Person", part: str, unit: str, today: date) -> Listing:
    is_promised = part in _PROMISED

    def shown(found: list["Dialogue"]) -> list[Row]:
        called = list_dialogues(dialogues=found, by=person)
        return [Row(one, called.get(one.pk)) for one in found]

    return listing(
        request,
        inbox.part_of(person, part, unit, today),
        _columns(today, is_promised=is_promised),
        caption=said(PARTS[part]),
        default="svar" if is_promised else "-senast",
        shown=shown,
    )


def _columns(today: date, *, is_promised: bool) -> list[Column]:
    return [
        Column("dialog", _("Dialog"), _link),
        Column("svar", _("Svar senast"), _due(today), "tag", "answer_by" if is_promised else ""),
        Column("galler", _("Gäller"), lambda row: said(SITUATIONS.get(row.dialogue.situation, ""))),
        Column("sprak", _("Språk"), _language),
        Column("ansvarig", _("Ansvarig"), _responsible),
        Column("markt", _("Att tänka på"), _marks, "tag"),
        Column(
            "senast",
            _("Senast"),
            lambda row: row.dialogue.active_on,
            "date",
            "" if is_promised else "active_on",
        ),
    ]


def _link(row: Row) -> Link | str:
    if row.called is None:
        return _("kan inte öppnas")
    text = f"{row.called or _('Anonym')} {row.dialogue.mark}"
    return Link(text, reverse("door:dialogue", args=[row.dialogue.pk]))


def _due(today: date) -> Any:
    def cell(row: Row) -> Any:
        day = row.dialogue.answer_by
        if day is None:
            return ""
        return Tag(_("{day}, försenat").format(day=day), "red") if is_overdue(day, today) else day

    return cell


def _language(row: Row) -> str:
    found = LANGUAGES.get(row.dialogue.language)
    return said(found.name) if found else row.dialogue.language


def _responsible(row: Row) -> str:
    worker = row.dialogue.assigned_to
    return worker.title if worker else _("ingen ännu")


def _marks(row: Row) -> list[Tag]:
    """What a worker should know before she opens it; each in words and not in colour alone."""
    one = row.dialogue
    marks = {
        _("under 18 år"): (one.is_child, "orange"),
        _("vill bli uppringd"): (one.wants_call, "purple"),  # type: ignore[attr-defined]
        _("ber om någon annan"): (one.asks_other_worker, "yellow"),
        said(STATES[one.state]): (one.state != State.OPEN, "grey"),
    }
    return [Tag(text, colour) for text, (holds, colour) in marks.items() if holds]
