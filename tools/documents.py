"""The documents that are made from the code's own tables, so that they cannot go out of date.

Usage: python -m tools.documents writes docs/states.md, permits.md, events.md, roles.md and the data
protection templates (tools/privacy.py); the house tests fail when a committed one differs.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from tools import privacy

DOCS = Path(__file__).parent.parent / "docs"
Diagram = tuple[str, str, list[str]]  # its title, what is said of it, its lines
MADE = "Made from the code by `tools/documents.py`; do not edit.\n"


def states() -> str:
    """The moves of agreements, runs, deliveries, disposal lists, cases, records and requests."""
    told = "".join(
        f"\n## {title}\n\n{f'{words}{chr(10) * 2}' if words else ''}{_drawn(lines)}"
        for title, words, lines in [*_of_agreements(), *_of_disposal(), *_of_casework()]
    )
    return f"# States\n\n{MADE}{told}"


def _of_agreements() -> Iterator[Diagram]:
    from hamn.agreement.agreements import rules as agreements
    from hamn.agreement.invoicing import rules as invoicing

    draft = agreements.Status.DRAFT
    yield "An agreement (avtal)", "", _named(agreements.MOVES, agreements.NAMES, draft)
    told = "One person prepares it, another releases it."
    yield "A year's invoicing run", told, _moves(invoicing.RUN_MOVES)
    told = "Submitting again is a replay of the same bytes, never a second invoice."
    yield "A document on its way to its receiver", told, _moves(invoicing.DELIVERY_MOVES)


def _of_disposal() -> Iterator[Diagram]:
    from hamn.guards.disposal import rules as disposal

    told = "One person plans it, another approves it; what has begun is only ever finished."
    yield "A disposal list (gallringslista)", told, _moves(disposal.LIST_MOVES)


def _of_casework() -> Iterator[Diagram]:
    from hamn.support.cases.rules import requests, states
    from hamn.support.cases.rules.kinds import KINDS

    active = states.CaseState.ACTIVE
    yield "A case (ärende)", "", _named(states.MOVES, states.CASE_STATES, active)
    for kind in KINDS.values():
        if kind.moves:
            told = "Drawn up, it is never changed; later text is an addition."
            lines = _named(kind.moves, kind.states, kind.first)
            title = f"In a case: {kind.name} (`{kind.code}`)"
            yield title, told if kind.is_locking else "", lines
    told = "What withholds anything is decided by a head or her cover."
    lines = _named(requests.REQUEST_MOVES, requests.REQUEST_STATES, requests.RECEIVED)
    yield "A request (begäran)", told, lines


def permits() -> str:
    """Who may do what, one row for each permit."""
    from hamn.guards.access.permits import registered
    from hamn.guards.access.rules import NAMES

    head = f"| Permit | {' | '.join(NAMES.values())} |\n|---|{'---|' * len(NAMES)}\n"
    rows = ""
    for permit, ways in sorted(registered().items()):
        facts = {fact.__name__ for way in ways for fact in way}
        marks = " | ".join("yes" if f"is_{role}" in facts else "" for role in NAMES)
        rows += f"| `{permit}` | {marks} |\n"
    return (
        f"# Permits\n\n{MADE}\nWhat is not in the table is denied. Who may not see a room's things "
        f"gets the same answer as for things that do not exist.\n\n{head}{rows}"
    )


def roles() -> str:
    """The roles: what each is for, and what it may do."""
    from hamn.guards.access.permits import registered
    from hamn.guards.access.rules import DESCRIPTIONS, NAMES

    told = ""
    for role, name in NAMES.items():
        permits = [
            permit
            for permit, ways in sorted(registered().items())
            if any(fact.__name__ == f"is_{role}" for way in ways for fact in way)
        ]
        listed = ", ".join(f"`{permit}`" for permit in permits)
        told += f"\n## {name} (`{role}`)\n\n{DESCRIPTIONS[role]}\n\nFår: {listed}.\n"
    return (
        f"# Roller\n\n{MADE}\nEn person kan ha flera roller. Systemadministratören ger rollerna, "
        f"ingen ger sig själv en roll, och varje ändring står i spåret. Rollerna står i "
        f"`guards/access/rules.py`, vad de får göra i rummens `permits.py`.\n{told}"
    )


def events() -> str:
    """Every event that may stand in the trail."""
    from hamn.guards.audit.events import registered

    rows = "".join(f"| `{event}` | {told} |\n" for event, told in sorted(registered().items()))
    return f"# Events of the trail\n\n{MADE}\n| Event | Sentence |\n|---|---|\n{rows}"


def made() -> dict[Path, str]:
    """Every document by its path."""
    return {
        DOCS / "states.md": states(),
        DOCS / "permits.md": permits(),
        DOCS / "events.md": events(),
        DOCS / "roles.md": roles(),
        **{DOCS / "templates" / f"{name}.md": text for name, text in privacy.documents().items()},
    }


def _moves(moves: Mapping[Any, Collection[Any]]) -> list[str]:
    return [f"{one or '[*]'} --> {other}" for one, to in moves.items() for other in sorted(to)]


def _named(
    moves: Mapping[Any, Collection[Any]], names: Mapping[Any, str], first: object
) -> list[str]:
    told = [f"{one} : {name}" for one, name in names.items()]
    return [f"[*] --> {first}", *told, *_moves(moves)]


def _drawn(lines: list[str]) -> str:
    return "```mermaid\nstateDiagram-v2\n" + "".join(f"    {one}\n" for one in lines) + "```\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
