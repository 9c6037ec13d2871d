"""The data protection documents, filled with what the system does (artt. 30, 35; OSL 4:2).

The words stand in tools/templates; the tables come from docs/retention.csv, the glossary and the
rooms' own code. What only the controller can decide is left as a marked field.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from tools.privacy_words import CONDITIONS, CONTENTS, OPEN_TOLD, OWN_TERMS

ROOT = Path(__file__).parent.parent
WORDS = ROOT / "tools" / "templates"
NAMES = ("konsekvensbedomning", "registerforteckning", "beskrivning-av-allmanna-handlingar")
MADE = (
    "Gjord av `tools/documents.py` ur systemets egna tabeller; ändra i `tools/templates`, inte här."
)
FILL = "**Fylls i av den personuppgiftsansvarige:**"
SEALED, ERASED, KEPT = "seal", "erase", "keep"
CLASSES = {SEALED: "förseglat", ERASED: "öppet, raderas", KEPT: "öppet, bevaras"}
SEARCHED = {
    "name": "namn eller det namn som personen har valt",
    "personal_number": "person- eller samordningsnummer",
    "case_number": "ärendenummer",
}
# Rooms whose permits a reader of the impact assessment wants to see.
CLOSE_TO_PEOPLE = (
    "cases",
    "door",
    "consultations",
    "services",
    "vault",
    "disposal",
    "access",
    "staff",
    "audit",
    "followup",
)
_MARK = re.compile(r"\{\{ (?:fill: ([^}]+)|(\w+)) \}\}")

Row = dict[str, str]


def documents() -> dict[str, str]:
    """Each document's text by its name without ending."""
    return {name: _filled((WORDS / f"{name}.md").read_text(encoding="utf-8")) for name in NAMES}


def processings() -> list[dict[str, Any]]:
    """The processings as written, and one for the rooms that nobody has written of."""
    written: list[dict[str, Any]] = tomllib.loads(
        (WORDS / "processings.toml").read_text(encoding="utf-8")
    )["processing"]
    told = {room for one in written for room in one["rooms"]}
    untold = sorted({_room(row) for row in retention()} - told)
    return [*written, {"name": "Övrigt", "rooms": untold}] if untold else written


def risks() -> list[Row]:
    """What can go wrong, what Hamn does about it, and where that is tried."""
    return _read(WORDS / "risks.csv")


@cache
def retention() -> list[Row]:
    """Every field of the database with its class and rule."""
    return _read(ROOT / "docs" / "retention.csv")


def term(model: str) -> str:
    """A model by its Swedish word in the glossary; by its own name where it has none."""
    from django.apps import apps

    if model in OWN_TERMS:
        return f"{OWN_TERMS[model]} (`{apps.get_model(model).__name__}`)"

    try:
        name = apps.get_model(model).__name__
    except LookupError:
        return f"`{model}`"
    return f"{_glossary()[name]} (`{name}`)" if name in _glossary() else f"`{name}`"


def _filled(words: str) -> str:
    def put(mark: re.Match[str]) -> str:
        asked, table = mark.groups()
        return f"{FILL} {asked}." if asked else TABLES[table]()

    return _MARK.sub(put, words)


def _services() -> str:
    """The services as they are delivered, with their regimes."""
    from hamn.support.services.rules import AGE_GROUPS, REGIMES

    shipped = tomllib.loads(
        (ROOT / "src/hamn/support/services/data/services.toml").read_text(encoding="utf-8")
    )
    return _table(
        ("Verksamhet", "Åldrar", "Dokumentation", "Nämndens beslut"),
        (
            (
                one["name"][0],
                "; ".join(AGE_GROUPS[age] for age in one["age_groups"]),
                REGIMES[one["regime"]],
                f"{FILL} dnr och datum, om det finns",
            )
            for one in shipped.values()
        ),
    )


def _regimes() -> str:
    """The documentation regimes, and what each demands."""
    from hamn.support.services.rules import REGIMES, REGIMES_TOLD

    return _table(
        ("Dokumentationsregim", "Vad den innebär"),
        ((name, REGIMES_TOLD[regime]) for regime, name in REGIMES.items()),
    )


def contents() -> dict[str, type]:
    """The class of what each sealed row says, by the row's model or kind, of every room."""
    from hamn.insight.consultations.rules.content import ConsultationContent
    from hamn.support.cases.rules.contents import EVERY
    from hamn.support.door.rules.content import OF_MODEL

    return {**EVERY, **OF_MODEL, "Consultation": ConsultationContent}


def _kinds() -> str:
    """The kinds of sealed content, with the fields that each may have."""
    from hamn.support.cases.rules.kinds import KINDS

    rows = [
        (KINDS[code].name if code in KINDS else CONTENTS[code], ", ".join(_said_by(content)))
        for code, content in contents().items()
    ]
    return _table(("Slag", "Vad det kan säga"), rows)


def _said_by(content: type) -> Iterator[str]:
    """The fields of a content, each with those of what it holds."""
    hints = get_type_hints(content)
    for one in fields(content):
        hint = hints[one.name]
        inner = [part for part in (hint, *get_args(hint)) if is_dataclass(part)]
        more = "; ".join(", ".join(_said_by(part)) for part in inner if isinstance(part, type))
        yield f"`{one.name}` ({more})" if more else f"`{one.name}`"


def _open() -> str:
    """What stands open beside what is sealed and says something of the person or what was done."""
    rows = []
    for field, told in OPEN_TOLD.items():
        model, _dot, name = field.rpartition(".")
        rows.append((term(model), f"`{name}`", told))
    return _table(("Uppgift", "Öppet fält", "Vad det säger"), rows)


def _sealed() -> str:
    """Each sort of record that is sealed: what is, and what stands open beside it."""
    rows = []
    for model, of_model in _by_model(retention()).items():
        sealed = [row["field"] for row in of_model if row["class"] == SEALED]
        open_fields = [row["field"] for row in of_model if row["class"] != SEALED]
        if sealed:
            rows.append((term(model), _codes(sealed), _codes(open_fields) or "inget"))
    return _table(("Uppgift", "Förseglat", "Öppet"), rows)


def _search() -> str:
    from hamn.guards.vault.rules import IndexKind

    *first, last = [SEARCHED.get(kind.value, kind.value) for kind in IndexKind]
    return f"{', '.join(first)} och {last}"


def _disposal() -> str:
    """The rule classes of disposal, as they are delivered."""
    from hamn.guards.disposal.rules import rule_classes

    def years(one: Any) -> str:
        return "undantas" if one.is_exempt else f"{one.years} år"

    return _table(
        ("Regel", "Tid", "Innebörd", "Källa", "Bekräftad"),
        (
            (one.name, years(one), one.clause, one.source, f"{FILL} jurist, datum")
            for one in rule_classes().values()
        ),
    )


def _permits() -> str:
    """Who has the permits of the rooms that hold people's data."""
    from hamn.guards.access.permits import registered

    rows = [
        (f"`{permit}`", "<br>".join(_way(way) for way in ways))
        for room in CLOSE_TO_PEOPLE
        for permit, ways in sorted(registered().items())
        if permit.partition(".")[0] == room
    ]
    return _table(("Får", "Vem"), rows)


def _way(way: Iterable[Callable[..., bool]]) -> str:
    """One way to a permit: the role, and the conditions."""
    from hamn.guards.access.rules import NAMES as ROLES

    by_fact = {f"is_{role.value}": name for role, name in ROLES.items()}
    facts = [fact.__name__ for fact in way]
    told = [by_fact[fact] for fact in facts if fact in by_fact] or ["anställd"]
    told += [CONDITIONS.get(fact, f"`{fact}`") for fact in facts if fact not in by_fact]
    return " ".join(told)


def _processings() -> str:
    """The processings in short."""
    return _table(
        ("Behandling", "Ändamål", "Registrerade"),
        ((one["name"], _told(one, "purpose"), _told(one, "persons")) for one in processings()),
    )


def _record() -> str:
    """The record itself, one section for each processing."""
    return "\n\n".join(_section(one) for one in processings())


def _section(one: dict[str, Any]) -> str:
    told = (
        ("Ändamål (30.1 b)", _told(one, "purpose")),
        ("Rättslig grund", _told(one, "ground")),
        ("Registrerade (30.1 c)", _told(one, "persons")),
        ("Uppgifter (30.1 c)", _told(one, "data")),
        ("Mottagare (30.1 d)", _told(one, "recipients")),
    )
    return f"## {one['name']}\n\n{_table(('', ''), told)}\n\nFrister (30.1 f):\n\n{_terms(one)}"


def _terms(one: dict[str, Any]) -> str:
    """What is stored in the processing's rooms, and for how long."""
    rows = [row for row in retention() if _room(row) in one["rooms"]]
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        grouped.setdefault((row["model"], row["class"], row["rule"]), []).append(row["field"])
    return _table(
        ("Uppgift", "Fält", "Hur", "Gallras eller bevaras"),
        (
            (term(model), _codes(names), CLASSES[kind], rule)
            for (model, kind, rule), names in grouped.items()
        ),
    )


def _holdings() -> str:
    """The sorts of records, as a reader of documents would look for them."""
    rows = []
    for one in processings():
        models = [model for model in _by_model(retention()) if model.split(".")[0] in one["rooms"]]
        rows.append((one["name"], ", ".join(term(model) for model in models)))
    return _table(("Område", "Slag av uppgifter"), rows)


def _risks() -> str:
    return _table(
        ("Risk", "Vad Hamn gör", "Prövas i", "Sannolikhet, konsekvens, kvarvarande risk"),
        (
            (row["risk"], row["measure"], _codes(row["proof"].split(";")), f"{FILL} bedömning")
            for row in risks()
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "made": lambda: MADE,
    "services": _services,
    "regimes": _regimes,
    "kinds": _kinds,
    "sealed": _sealed,
    "open": _open,
    "search": _search,
    "disposal": _disposal,
    "permits": _permits,
    "processings": _processings,
    "record": _record,
    "holdings": _holdings,
    "risks": _risks,
}


def _told(one: dict[str, Any], name: str) -> str:
    return one.get(name) or f"{FILL} beskriv"


@cache
def _glossary() -> dict[str, str]:
    """The Swedish word of each code term."""
    found: dict[str, str] = {}
    for swedish, terms in _glossary_rows():
        for term in re.findall(r"`(\w+)`", terms):
            found.setdefault(term, swedish)
    return found


def _glossary_rows() -> Iterator[tuple[str, str]]:
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 2:
            yield cells[0], cells[1]


def _by_model(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["model"], []).append(row)
    return found


def _room(row: Row) -> str:
    return row["model"].partition(".")[0]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a cell's own bars would end it."""
    lines = [heads, *rows]
    drawn = [
        f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in line)} |"
        for line in lines
    ]
    return "\n".join([drawn[0], "|" + "---|" * len(heads), *drawn[1:]])
