"""Every component with its code, for whoever builds the next page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

from hamn.core.errors import _
from hamn.guards.access.permits import permit
from hamn.ui.forms import (
    Boxes,
    Choice,
    Day,
    Email,
    File,
    HamnForm,
    Kronor,
    LongText,
    Number,
    Radio,
    Text,
    Year,
)
from hamn.ui.lists import Column, Link, Listing, Tag, table
from hamn.ui.maps import MapArea, drawing
from hamn.ui.pages import page
from hamn.ui.words import said

EXAMPLES = Path(__file__).parents[1] / "templates" / "desk" / "components"
COLOURS = {"ett": _("Ett"), "tva": _("Två"), "tre": _("Tre")}


class ExampleForm(HamnForm):
    """One field of each kind."""

    text = Text(_("Text"), hint=_("Till exempel ett diarienummer"), width=20)
    epost = Email(_("E-post"), required=False)
    langtext = LongText(_("Längre text"), longest=300)
    tal = Number(_("Antal"), width=5)
    belopp = Kronor(_("Belopp"))
    ar = Year(_("Kalenderår"))
    dag = Day(_("Datum"), hint=_("Till exempel 2026 01 15"))
    lista = Choice(_("Lista"), COLOURS, empty="–")
    val = Radio(_("Ett val"), COLOURS)
    flera = Boxes(_("Flera val"), COLOURS, required=False)
    fil = File(_("Fil"), required=False)


@dataclass(frozen=True, slots=True)
class Example:
    """A component: what it is called, the template that draws it, and that template's text."""

    anchor: str
    title: str
    template: str
    code: str


TITLES = {
    "knappar": _("Knappar"),
    "etiketter": _("Etiketter för lägen"),
    "notiser": _("Notiser och varningar"),
    "formular": _("Formulär med sammanfattning av felen"),
    "filter": _("Filter och sökning"),
    "tabell": _("Tabell"),
    "tomt": _("När det inte finns något att visa"),
    "sammanfattning": _("Sammanfattande lista"),
    "flikar": _("Flikar"),
    "detaljer": _("Mer att läsa"),
    "tidslinje": _("Tidslinje"),
    "kedja": _("Uträkning steg för steg"),
    "framsteg": _("Långt arbete"),
    "siffror": _("Nyckeltal"),
    "belopp": _("Pengar, tal och datum"),
    "karta": _("Karta"),
}


@permit("desk.see")
def components(request: HttpRequest) -> HttpResponse:
    """The whole library on one page, drawn by the code that is shown."""
    wrong = ExampleForm({"text": "", "tal": "många"})
    # Wrong on purpose, so that the errors can be seen; the page itself is in order.
    response = page(
        request,
        "desk/components.html",
        status=200,
        examples=list(_examples()),
        example_form=wrong,
        fresh_form=ExampleForm(),
        example_table=_table(),
        example_map=_map(),
        timeline=_timeline(),
        rows=_summary(),
        tabs=_tabs(),
        day=date(2026, 1, 15),
        at=datetime(2026, 1, 15, 8, 4, tzinfo=UTC),
    )
    response.status_code = 200
    return response


def _examples() -> Iterator[Example]:
    for name, title in TITLES.items():
        template = f"desk/components/{name}.html"
        code = (EXAMPLES / f"{name}.html").read_text(encoding="utf-8").strip()
        yield Example(name, said(title), template, code)


def _table() -> Listing:
    rows = [("Österåkers kommun", 79_590, "green"), ("Tyresö kommun", 85_224, "orange")]
    columns = [
        Column("name", said(_("Kommun")), lambda row: Link(row[0], "#tabell")),
        Column("state", said(_("Läge")), lambda row: Tag(said(_("gäller")), row[2]), "tag"),
        Column("amount", said(_("Belopp")), lambda row: row[1], "kr"),
        Column("day", said(_("Förfaller")), lambda _row: date(2026, 2, 14), "date"),
    ]
    return table(rows, columns, caption=said(_("Exempel på tabell")))


def _map() -> Any:
    areas = {
        "0180": MapArea("provider", said(_("anordnare")), "#karta"),
        "0117": MapArea("in_force", said(_("gäller")), "#karta"),
        "0138": MapArea("under_notice", said(_("uppsagt")), "#karta"),
        "0980": MapArea("draft", said(_("utkast")), "#karta"),
    }
    names = {
        "provider": said(_("anordnare")),
        "in_force": said(_("gäller")),
        "under_notice": said(_("uppsagt")),
        "draft": said(_("utkast")),
    }
    return drawing(areas, names=names, title=said(_("Exempel på karta")))


def _timeline() -> list[dict[str, Any]]:
    return [
        {
            "title": said(_("Avtalet sades upp.")),
            "by": said(_("avtalshandläggare")),
            "when": datetime(2026, 1, 15, 8, 4, tzinfo=UTC),
            "text": said(_("Sista dag 15 februari 2026")),
        }
    ]


def _summary() -> list[dict[str, Any]]:
    return [
        {
            "key": {"text": said(_("Kommun"))},
            "value": {"text": "Österåkers kommun"},
            "actions": {
                "items": [
                    {
                        "href": "#sammanfattning",
                        "text": said(_("Ändra")),
                        "visuallyHiddenText": said(_("kommun")),
                    }
                ]
            },
        }
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": name, "id": f"flik-{place}", "panel": {"text": name}}
        for place, name in enumerate((said(_("I dag")), said(_("Med ändringen"))), 1)
    ]
