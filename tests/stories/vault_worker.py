"""What the processes of the vault's stories do, on a centre of their own with a real key agent.

Usage: vault_worker.py build COUNT | make FROM COUNT | unseal | rotate | check | open.
"""

import json
import os
import sys
from datetime import date
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
PHRASE = "fyra ord på rad räcker"
HEAD = "head@test.example"


def build(count: int) -> None:
    """A centre with one head, a key for her unit, and that many boxes, each found by a name."""
    from hamn.guards.access import actions as access
    from hamn.guards.access.rules import Role
    from hamn.guards.vault import actions as vault
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    first = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    head = access.add_person(email=HEAD, title="Chef", roles=[Role.HEAD_OF_UNIT], by=first)
    row = access.propose_member(person_id=head.pk, unit="mika", is_head=True, by=first)
    access.accept_headship(membership_id=row.pk, by=head)
    vault.new_unit(unit="mika", name="Chefen", passphrase=PHRASE, by=head)
    make(0, count)


def make(first: int, count: int) -> None:
    """That many boxes more, each made and named in a transaction of its own, as casework does."""
    from django.db import transaction

    from hamn.guards.vault import actions as vault
    from hamn.guards.vault.rules import IndexKind

    for number in range(first, first + count):
        with transaction.atomic():
            box = vault.new_box(["mika"])
            vault.index(box, unit="mika", kind=IndexKind.NAME, values=[f"Namn{number}"])


def unseal() -> None:
    """The head opens her unit."""
    from hamn.guards.access.queries import by_email
    from hamn.guards.vault import actions as vault

    vault.unseal(unit="mika", passphrase=PHRASE, by=by_email(HEAD))


def rotate() -> None:
    """The unit's key is exchanged, twenty rows at a time."""
    from hamn.guards.vault import actions as vault
    from hamn.guards.vault.actions import rotating

    rotating.BATCH = 20
    print("ready", flush=True)
    vault.rotate("mika")


def check() -> dict[str, Any]:
    """How many boxes there are, open, and are found; and how the key stands."""
    from hamn.guards.vault import queries as vaults
    from hamn.guards.vault.models import SealedBox
    from hamn.guards.vault.rules import IndexKind

    boxes = list(SealedBox.objects.values_list("id", flat=True))
    (unit,) = (one for one in vaults.status().units if one.unit == "mika")
    return {
        "boxes": len(boxes),
        "open": len(vaults.open_boxes(boxes, ["mika"])),
        "found": sum(
            len(vaults.find(["mika"], IndexKind.NAME, f"Namn{number}"))
            for number in range(len(boxes))
        ),
        "version": unit.version,
        "left": unit.left,
        "agrees": unit.agrees,
        "must_rotate": unit.must_rotate,
    }


def open_one() -> str:
    """What a page would meet that opens a box: nothing, or the code of the refusal."""
    from hamn.core.errors import Refusal
    from hamn.guards.vault import queries as vaults
    from hamn.guards.vault.models import SealedBox

    try:
        vaults.open_box(SealedBox.objects.values_list("id", flat=True)[0], ["mika"])
    except Refusal as refusal:
        return refusal.code
    return "open"


def main() -> None:
    """The verb that was asked for."""
    import django

    django.setup()
    from hamn.guards.audit.actions import via

    via.set("story")
    verb, *rest = sys.argv[1:]
    if verb == "build":
        build(int(rest[0]))
    elif verb == "make":
        make(int(rest[0]), int(rest[1]))
    elif verb == "check":
        print(json.dumps(check()))
    elif verb == "open":
        print(open_one())
    else:
        {"unseal": unseal, "rotate": rotate}[verb]()


if __name__ == "__main__":
    main()
