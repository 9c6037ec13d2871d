"""The documents that are made from the code's own tables, so that they cannot go out of date.

Usage: tools/documents.py writes docs/states.md, permits.md, events.md and roles.md; the house
tests fail when a committed one differs.
"""

import os
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
MADE = "Made from the code by `tools/documents.py`; do not edit.\n"


def states() -> str:
    """The moves of agreements and of deliveries, drawn."""
    from hamn.agreement.agreements import rules as agreements
    from hamn.agreement.invoicing import rules as invoicing

    moves = [
        (f"{one} : {agreements.NAMES[one]}", [f"{one} --> {other}" for other in sorted(others)])
        for one, others in agreements.MOVES.items()
    ]
    runs = [
        f"{one or '[*]'} --> {other}"
        for one, others in invoicing.RUN_MOVES.items()
        for other in sorted(others)
    ]
    delivery = [
        f"{one or '[*]'} --> {other}"
        for one, others in invoicing.DELIVERY_MOVES.items()
        for other in sorted(others)
    ]
    lines = ["[*] --> draft", *(line for name, more in moves for line in (name, *more))]
    return (
        f"# States\n\n{MADE}\n## An agreement (avtal)\n\n{_drawn(lines)}\n"
        f"## A year's invoicing run\n\nOne person prepares it, another releases it.\n\n"
        f"{_drawn(runs)}\n"
        f"## A document on its way to its receiver\n\nSubmitting again is a replay of the same "
        f"bytes, never a second invoice.\n\n{_drawn(delivery)}"
    )


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
    }


def _drawn(lines: list[str]) -> str:
    return "```mermaid\nstateDiagram-v2\n" + "".join(f"    {one}\n" for one in lines) + "```\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
