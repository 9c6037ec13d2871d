"""What a process does on a centre for the door's proofs: makes it, and reads what was stored.

Usage: python -m tools.door_centre build | check SEEDS SAID | block CODE
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
UNITS = ("mika", "kast", "coordinator_adult", "coordinator_child")


def build() -> dict[str, Any]:
    """A centre whose units have keys, as a key agent would make them; the seeds of those keys."""
    from django.conf import settings
    from django.db import connection

    from hamn.guards.vault.models import UnitKey
    from hamn.guards.vault.rules import fingerprint, new_pair
    from hamn.site.demo.build import DATA
    from hamn.site.door.role import demo_address
    from hamn.site.setup import set_up

    set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    seeds = {}
    for unit in UNITS:
        seed, pair = new_pair()
        seeds[unit] = seed.hex()
        UnitKey.objects.create(
            unit=unit, version=1, public=pair.public, fingerprint=fingerprint(pair.public)
        )
    has_roles = connection.vendor == "postgresql" and settings.DATABASE
    return {"seeds": seeds, "door_database": demo_address() if has_roles else ""}


def check(seeds: dict[str, str], said: list[tuple[str, str]]) -> dict[str, int]:
    """How much of what was said is there.

    lost: neither by its code nor at all; unread: that its unit's key does not open; doubled:
    stored more than once. dialogues, messages, facts: what stands in all.
    """
    from hamn.support.door.models import Dialogue, DialogueFact, DoorSalt, Message
    from hamn.support.door.rules.keys import derive

    salt = bytes(DoorSalt.objects.get().salt)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hashed = list(pool.map(lambda one: derive(one[0], salt), said))
    found = [_texts_of(one, seeds) for one in hashed]
    return {
        "said": len(said),
        "lost": sum(text not in hers for (_, text), (hers, _) in zip(said, found, strict=True)),
        "unread": sum(text not in own for (_, text), (_, own) in zip(said, found, strict=True)),
        "doubled": sum(len(hers) - len(set(hers)) for hers, _own in found),
        "dialogues": Dialogue.objects.count(),
        "messages": Message.objects.count(),
        "facts": DialogueFact.objects.filter(kind="opened").count(),
    }


def block(code: str) -> None:
    """The dialogue that the code finds is blocked, as a worker may do it."""
    from hamn.support.door.models import Dialogue, DoorSalt
    from hamn.support.door.rules.keys import derive

    derived = derive(code, bytes(DoorSalt.objects.get().salt))
    assert Dialogue.objects.filter(locator=derived.locator).update(state="blocked") == 1


def _texts_of(derived: Any, seeds: dict[str, str]) -> tuple[list[str], list[str]]:
    """What the code opens, by the person's own key; and by the unit's."""
    from hamn.support.door.models import Message
    from hamn.support.door.queries.dialogues import by_locator
    from hamn.support.door.queries.person import box_of

    dialogue = by_locator(derived.locator)
    if dialogue is None:
        return [], []
    rows = list(Message.objects.filter(dialogue_id=dialogue.pk))
    boxes = box_of(dialogue, derived.seed), _box_of_unit(dialogue, seeds)
    hers, own = ([_text(row, box) for row in rows] for box in boxes)
    return hers, own


def _text(row: Any, box: Any) -> str:
    from hamn.support.door.queries.dialogues import content_of
    from hamn.support.door.rules.content import MessageContent

    return content_of(row, box, MessageContent).text


def _box_of_unit(dialogue: Any, seeds: dict[str, str]) -> Any:
    """The box as the unit's key agent would open it."""
    from hamn.guards.vault.agent.keeper import grant_of
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import Grant
    from hamn.guards.vault.rules import open_key, pair_of

    grant = Grant.objects.get(box_id=dialogue.box, unit=dialogue.unit)
    private = pair_of(bytes.fromhex(seeds[dialogue.unit])).private
    to = grant_of(dialogue.box, grant.unit, grant.key_version)
    key = open_key(private, bytes(grant.sealed), to=to)
    return Box(dialogue.box, frozenset({dialogue.unit}), key)


def _json(path: str) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def main() -> None:
    """The verb that was asked for."""
    import django

    django.setup()
    from hamn.guards.audit.actions import via

    via.set("story")
    match sys.argv[1:]:
        case ["build"]:
            print(json.dumps(build()))
        case ["check", seeds, said]:
            given = [(code, text) for code, text in _json(said)]
            print(json.dumps(check(_json(seeds), given)))
        case ["block", code]:
            block(code)


if __name__ == "__main__":
    main()
