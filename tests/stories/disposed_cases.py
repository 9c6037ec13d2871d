"""What the processes of the cases' disposal do, on a centre of their own with real keys.

Usage: disposed_cases.py build | dispose | attack KEYS. An attack tries every private key in a
folder of key files on every grant that the database holds, and reads what it can.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from disposer import TODAY, _secrets, _staff, agent

THEN, LATER = datetime(2019, 5, 6, 9, tzinfo=UTC), datetime(2025, 11, 3, 9, tzinfo=UTC)


def build() -> None:
    """Old cases with notes, contacts and a file, a living one, and an approved list."""
    from hamn.guards.disposal import actions as disposal
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    first = set_up(DATA / "centre.toml", today=TODAY.replace(year=2018), is_example=True)
    with agent():
        staff = _staff(first)
        worker, head = staff["mika_worker"], staff["mika_head"]
        for number in range(2):
            _case(f"Död {number}", THEN, worker)
        _case("Levande", LATER, worker)
        _contact("Död kontakt", THEN, worker)
        row = disposal.plan_list(unit="mika", on=TODAY, today=TODAY, by=worker)
        disposal.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=head)


def _case(name: str, now: datetime, by: Any) -> None:
    from hamn.guards.vault import actions as vault
    from hamn.support.cases import actions
    from hamn.support.cases.actions.sealing import put
    from hamn.support.cases.models import ContactDetails
    from hamn.support.cases.rules.content import CaseContent

    content = CaseContent(number="", called=name)
    opened = actions.open_case(unit="mika", content=content, by=by, now=now)
    given = {"case_id": opened.case.pk, "by": by, "now": now}
    actions.write_note(text=f"{name}, anteckning", title="", on=now.date(), **given)
    _contact(f"{name}, kontakt", now, by, case_id=opened.case.pk)
    box = vault.new_box(["mika"])
    details = ContactDetails(case=opened.case, box=box.id)
    put(details, {"words": f"{name}, kontaktuppgift"}, box)
    details.save()


def _contact(text: str, now: datetime, by: Any, **more: Any) -> None:
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import ContactContent

    content = ContactContent(channel="phone", kind="counselling", text=text)
    given = {"by": by, "now": now, **more}
    actions.log_contact(service="mika", on=now.date(), content=content, **given)


def dispose() -> None:
    """The approved list, run by who runs the system: the unit's head approved it."""
    from hamn.guards.access.queries import first_administrator
    from hamn.guards.disposal import actions
    from hamn.guards.disposal.models import DisposalList
    from hamn.support.cases.models import Case, Contact, Fact

    with agent():
        row = DisposalList.objects.get()
        by = first_administrator()
        assert by is not None
        row = actions.run_list(list_id=row.pk, today=TODAY, by=by)
    left = {model.__name__: model.objects.count() for model in (Case, Contact, Fact)}
    print(json.dumps({"destroyed": row.destroyed, "records": row.certificate.records, **left}))


def attack(keys: str) -> None:
    """The texts of every sealed row that any private key in the folder opens, by brute force."""
    boxes = _opened(Path(keys))
    read = [
        json.loads(boxes[box].open(place, sealed))
        for box, place, sealed in _sealed()
        if box in boxes
    ]
    names = ("called", "text", "words")
    told = sorted(text for one in read for name in names if (text := one.get(name)))
    print(json.dumps(told))


def _opened(keys: Path) -> dict[str, Any]:
    from hamn.guards.vault import rules
    from hamn.guards.vault.agent.keeper import grant_of
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import Grant
    from hamn.guards.vault.rules.pairs import pair_of

    boxes = {}
    for private in (pair_of(secret.seed).private for secret in _secrets(keys)):
        for grant in Grant.objects.all():
            to = grant_of(grant.box_id, grant.unit, grant.key_version)
            try:
                key = rules.open_key(private, bytes(grant.sealed), to=to)
            except rules.Unreadable:
                continue
            boxes[str(grant.box_id)] = Box(grant.box_id, frozenset(), key)
    return boxes


def _sealed() -> Iterator[tuple[str, Any, bytes]]:
    from hamn.support.cases.models import Case, Contact, ContactDetails, Record
    from hamn.support.cases.queries.opened import place_of

    for model in (Case, Contact, ContactDetails, Record):
        for row in model.objects.all():
            box = row.case.box if isinstance(row, Record) else row.box
            yield str(box), place_of(row), bytes(row.sealed)


if __name__ == "__main__":
    import django

    django.setup()
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["dispose"]:
            dispose()
        case ["attack", folder]:
            attack(folder)
