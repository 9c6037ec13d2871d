"""What the processes of the story about unreadable bytes do, on a centre of their own.

Usage: planter.py build PASSWORD | look | hide TABLE | show TABLE. `look` opens every sealed row
through the key agent and says what its content's texts are, so that the story knows what it has
planted; it is the one process that prints them.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args, get_type_hints

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
UNITS = {
    "mika": ("mika_head", "mika_worker", "mika_second"),
    "kast": ("kast_head", "kast_worker"),
    "coordinator_adult": ("adult_coordinator",),
    "coordinator_child": ("child_coordinator",),
}


def build(password: str) -> None:
    """A real centre with four staffed units and a steward, each with a password and an app."""
    from hamn.agreement.invoicing.models import InvoicingProfile
    from hamn.guards.access import actions as access
    from hamn.guards.access.rules import Role
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    first = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    InvoicingProfile.objects.update(is_example=False)
    chief = None
    for unit, names in UNITS.items():
        head = None
        for name in names:
            roles = [Role.CASEWORKER, *([] if head else [Role.HEAD_OF_UNIT])]
            one = _person(name, roles, password, first)
            row = access.propose_member(person_id=one.pk, unit=unit, is_head=not head, by=first)
            if chief is None:
                access.accept_headship(membership_id=row.pk, by=one)
            else:
                access.grant_member(membership_id=row.pk, by=head or chief)
            head, chief = head or one, chief or one
    _person("steward", [Role.AGREEMENT_ADMINISTRATOR], password, first)


def _person(name: str, roles: list[Any], password: str, first: Any) -> Any:
    from hamn.guards.access import actions as access
    from hamn.guards.access.actions.sealing import seal

    one = access.add_person(email=f"{name}@test.example", title=name, roles=roles, by=first)
    one.set_password(password)
    one.save(update_fields=["password"])
    one.authenticator_set.create(type="totp", data={"secret": seal(SECRET, owner=one.pk)})
    return one


def look() -> None:
    """Class, field and text of everything that is sealed; the fields that each class has."""
    told = {"texts": list(_everything()), "fields": sorted(_fields_of(set(_contents().values())))}
    print(json.dumps(told))


def _contents() -> dict[str, type]:
    """The content's class by what is sealed: a model, a kind of record. Of every model there is."""
    from hamn.support.cases.rules.contents import EVERY

    return EVERY


def _everything() -> Iterator[tuple[str, str, str]]:
    from hamn.guards.vault import queries as vaults
    from hamn.support.cases.models import Draft
    from hamn.support.cases.models.sealed import SealedRow
    from hamn.support.cases.queries.drafts import place_in
    from hamn.support.cases.queries.opened import content_of

    for model in SealedRow.__subclasses__():
        rows = list(model._default_manager.all())
        boxes = vaults.open_boxes({_box(row) for row in rows}, list(UNITS))
        for row in rows:
            kind: type[Any] = _contents()[_kind(row)]
            yield from _texts(content_of(row, boxes[_box(row)], kind))
    for draft in Draft.objects.all():
        box = vaults.open_box(draft.box, list(UNITS))
        yield "Draft", "fields", box.open(place_in(draft), bytes(draft.sealed)).decode()


def _box(row: Any) -> Any:
    return row.box if hasattr(row, "box") else row.case.box


def _kind(row: Any) -> str:
    name = type(row).__name__
    if name == "Record":
        return str(row.kind)
    return "Sender" if name == "ContactDetails" and row.contact_id else name


def _texts(content: Any) -> Iterator[tuple[str, str, str]]:
    """Every text that the content holds, at any depth."""
    for one in fields(content):
        value = getattr(content, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield from _texts(part)
            elif isinstance(part, str) and part:
                yield type(content).__name__, one.name, part


def _fields_of(kinds: set[type]) -> set[str]:
    """`Note.text`: the fields that hold one text, of the classes and of those within them."""
    found: set[str] = set()
    for kind in kinds:
        for name, hint in get_type_hints(kind).items():
            if hint is str:
                found.add(f"{kind.__name__}.{name}")
            inner = (part for part in get_args(hint) if isinstance(part, type))
            found |= _fields_of({part for part in inner if is_dataclass(part)})
    return found


def rename(table: str, to: str) -> None:
    """A table under another name, so that who asks for it fails in the midst of his work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{to}"')


def main() -> None:
    """The verb that was asked for."""
    import django

    django.setup()
    from hamn.guards.audit.actions import via

    via.set("story")
    match sys.argv[1:]:
        case ["build", password]:
            build(password)
        case ["look"]:
            look()
        case ["hide", table]:
            rename(table, f"{table}_away")
        case ["show", table]:
            rename(f"{table}_away", table)


if __name__ == "__main__":
    main()
