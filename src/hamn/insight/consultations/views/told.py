"""How a consultation is told on the desk's pages: never by a name in a list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.core.identifiers import shown_phone
from hamn.ui.lists import Link, Tag
from hamn.ui.words import long_date, said

from ..queries.coverage import Coverage, coverage
from ..rules.words import (
    KINDS,
    OPEN,
    PROFESSIONS,
    STATES,
    TOPICS,
    URGENCIES,
    WAYS,
    Origin,
    State,
    Urgency,
)

if TYPE_CHECKING:
    from datetime import date

    from ..models import Consultation
    from ..queries.opened import OpenConsultation

COLOURS = {
    State.WAITING: "yellow",
    State.TAKEN: "blue",
    State.ANSWERED: "green",
    State.REFERRED: "grey",
}
_URGENT = {Urgency.TODAY: "red", Urgency.SOON: "orange", Urgency.LATER: "grey"}


def state_tag(row: "Consultation") -> Tag:
    """Where it stands, as a label."""
    state = State(row.state)
    return Tag(said(STATES[state]), COLOURS[state])


def urgency_tag(row: "Consultation") -> Tag:
    """How soon an answer is needed, as a label."""
    urgency = Urgency(row.urgency)
    return Tag(said(URGENCIES[urgency]), _URGENT[urgency])


def topic(row: "Consultation") -> Link:
    """What it is about, leading to its page."""
    told = said(TOPICS[row.topic]).capitalize()
    return Link(told, reverse("consultations:show", args=[row.pk]))


def municipality(row: "Consultation", names: Mapping[str, str]) -> str:
    """The workplace's municipality, or that it has none."""
    return names.get(row.municipality, "") or _("ingen kommun")


def due(row: "Consultation", today: "date") -> Any:
    """The promised day; as a label where it has passed."""
    if row.state not in OPEN or row.answer_by is None:
        return None
    if row.answer_by < today:
        return Tag(_("försenat, lovat {day}").format(day=row.answer_by.isoformat()), "red")
    return row.answer_by.isoformat()


def covered(row: "Consultation", on: "date") -> Coverage | None:
    """Whether the workplace's municipality has an agreement on the day; None where it has none."""
    return coverage(row.municipality, on=on) if row.municipality else None


def facts(one: "OpenConsultation", names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The consultation in words, without its texts; what was not said is left out."""
    row, content = one.row, one.content
    told = [
        (_("Kom in"), f"{long_date(row.asked_on)}, {_came(row)}"),
        (_("Vad det är"), said(KINDS[row.kind])),
        (_("Kommun"), municipality(row, names)),
        (_("Verksamhet som frågar"), said(PROFESSIONS[row.profession])),
        (_("Vem som frågar"), content.name),
        (_("Titel och arbetsplats"), content.workplace),
        (_("Telefon"), shown_phone(content.phone)),
        (_("E-post"), content.email),
        (_("Svar behövs"), said(URGENCIES[row.urgency])),
        (_("Svar lovat senast"), long_date(row.answer_by) if row.answer_by else ""),
        (_("Vem som svarar"), row.worker.title if row.worker else ""),
        (_("Besvarad"), _answered(row)),
    ]
    return [{"key": {"text": key}, "value": {"text": text}} for key, text in told if text]


def _came(row: "Consultation") -> str:
    return _("från webbplatsen") if row.origin == Origin.WEB else _("antecknad av personal")


def _answered(row: "Consultation") -> str:
    if row.answered_on is None:
        return ""
    told = _("{day}, {way}, {minutes} minuter")
    way = said(WAYS[row.way]) if row.way else ""
    return told.format(day=long_date(row.answered_on), way=way, minutes=row.minutes)
