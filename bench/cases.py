"""Casework measured beside a real key agent: a case of 200 notes, saving a contact, the lists.

Usage: python -m bench.cases SIZE [TIMES], on an empty centre. Fills it with so many sealed cases in
all four units, then asks for the pages as one worker with 30 open cases. Prints one line of JSON.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.pages import HEADERS, _noting
from bench.vault import PHRASE, agent

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import UnitKey

WORKER = "mika@centrum.example"
MORE_WORKERS = 9  # in each unit, beside the demo's
OWN, NOTES = 30, 200
OPEN_SHARE, NOBODYS_SHARE = 0.08, 0.005  # of all cases; of the open ones
CHUNK = 5_000
TEXT = "Påhittad anteckning om ett påhittat möte. " * 12


def main(size: int, times: int) -> dict[str, Any]:
    """Figures of every page, and how long it took to fill the centre."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    with agent():
        start = time.perf_counter()
        case = _unsealed() or _fill(size)
        taken = time.perf_counter() - start
        return {"size": size, "fill_s": taken, "pages": _measured(case, times)}


def _unsealed() -> Any:
    """The case with many notes of a centre that was filled before, its keys unsealed; or None."""
    from hamn.guards.vault.agent import client
    from hamn.guards.vault.models import UnitKey
    from hamn.support.cases.models import Case

    for key in UnitKey.objects.all():
        client.ask("unseal", unit=key.unit, passphrase=PHRASE, slow=True)
    return Case.objects.order_by("-opened_on", "-pk").filter(records__state="final").first()


def _fill(size: int) -> Any:
    """The units with their staff and cases; the case with many notes."""
    from django.db import connection

    from hamn.guards.access import actions as access
    from hamn.guards.access.queries import by_email
    from hamn.guards.access.rules import Role, units
    from hamn.guards.vault import actions as vault
    from hamn.guards.vault.models import UnitKey
    from hamn.site.demo.build import DATA
    from hamn.site.demo.staff import HEAD, build_staff
    from hamn.site.setup import set_up

    first = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    access.add_person(email=HEAD, title="Enhetschef", roles=[Role.HEAD_OF_UNIT], by=first)
    build_staff(first)
    for unit in sorted(units()):
        vault.new_unit(unit=unit, name="Bänken", passphrase=PHRASE, by=first)
    keys = {key.unit: key for key in UnitKey.objects.all()}
    people = {unit: list(_more_workers(unit, first)) for unit in keys}
    cases = _cases(size, keys, people, by_email(WORKER))
    while chunk := list(islice(cases, CHUNK)):
        _store(chunk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _many_notes(by_email(WORKER))


def _more_workers(unit: str, first: "Person") -> Iterator["Person"]:
    from hamn.guards.access import actions as access
    from hamn.guards.access import queries
    from hamn.guards.access.rules import Role

    head = queries.members_of([unit]).filter(is_head=True)[0].person
    for number in range(MORE_WORKERS):
        email = f"{unit}-{number}@bench.example"
        one = access.add_person(email=email, title=email, roles=[Role.CASEWORKER], by=first)
        row = access.propose_member(person_id=one.pk, unit=unit, is_head=False, by=first)
        access.grant_member(membership_id=row.pk, by=head)
        yield one


def _cases(
    size: int, keys: "dict[str, UnitKey]", people: dict[str, list["Person"]], worker: "Person"
) -> Iterator[list[Any]]:
    """The rows of each case: its box and grant, itself, a contact and a note."""
    rng, today = random.Random(1), datetime.now(UTC).date()
    for number in range(size):
        unit = "mika" if number < OWN else sorted(keys)[number % len(keys)]
        is_open = number < OWN or rng.random() < OPEN_SHARE
        person: Person | None = worker if number < OWN else rng.choice(people[unit])
        if is_open and number >= OWN and rng.random() < NOBODYS_SHARE:
            person = None
        yield _rows(
            keys[unit], person, today - timedelta(days=rng.randrange(1800)), is_open, number
        )


def _rows(
    key: "UnitKey", person: "Person | None", began: date, is_open: bool, number: int
) -> list[Any]:
    from hamn.guards.vault import rules
    from hamn.guards.vault.agent.keeper import grant_of
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import Grant, SealedBox
    from hamn.support.cases.actions.sealing import put
    from hamn.support.cases.models import Case, Contact, Record
    from hamn.support.cases.rules.content import CaseContent, ContactContent
    from hamn.support.cases.rules.notes import Note

    box = Box(uuid4(), frozenset({key.unit}), rules.new_data_key())
    to = grant_of(box.id, key.unit, key.version)
    grant = Grant(
        box_id=box.id,
        unit=key.unit,
        key_version=key.version,
        sealed=box.key_for(bytes(key.public), to=to),
    )
    today = datetime.now(UTC).date()
    case = Case(
        unit=key.unit,
        box=box.id,
        state="active" if is_open else "closed",
        closed_on=None if is_open else began,
        responsible=person,
        opened_on=began,
        last_note_on=began,
        due_on=today + timedelta(days=number % 30 - 5) if is_open and number % 3 == 0 else None,
        waits_since=today if is_open and number % 7 == 0 else None,
    )
    put(case, CaseContent(f"X-{number:07}", called=f"Påhittad {number}"), box)
    writer = person or key_writer()
    days = {"on": began, "last_note_on": began}
    contact = Contact(unit=key.unit, box=box.id, case=case, logged_by=writer, **days)
    put(contact, ContactContent("phone", "counselling", text=TEXT[:200]), box)
    return [
        SealedBox(id=box.id),
        grant,
        case,
        contact,
        _note(case, box, Note(TEXT), writer, Record),
    ]


def key_writer() -> Any:
    """Who wrote in a case that nobody is responsible for."""
    from hamn.guards.access.queries import by_email

    return by_email(WORKER)


def _note(case: Any, box: "Box", note: Any, writer: Any, model: Any) -> Any:
    from hamn.support.cases.actions.sealing import put

    row = model(case=case, kind="note", state="working", on=case.opened_on, written_by=writer)
    put(row, note, box)
    return row


def _store(chunk: list[list[Any]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        for rows in zip(*chunk, strict=True):
            type(rows[0]).objects.bulk_create(rows, batch_size=500)


def _many_notes(worker: "Person") -> Any:
    """A case of the worker's with 200 notes of two kilobytes at the most."""
    from hamn.support.cases import actions
    from hamn.support.cases.models import Record
    from hamn.support.cases.rules.content import CaseContent
    from hamn.support.cases.rules.notes import Note

    content = CaseContent("", called="Påhittad Ek")
    opened = actions.open_case(unit="mika", content=content, by=worker, now=datetime.now(UTC))
    notes = [Note(TEXT * 3, title=f"Anteckning {n}", by=worker.pk) for n in range(NOTES)]
    rows = [_note(opened.case, opened.box, note, worker, Record) for note in notes]
    rows[0].state = "final"  # tells this case from the others
    Record.objects.bulk_create(rows)
    return opened.case


def _measured(case: Any, times: int) -> dict[str, Any]:
    from django.urls import reverse

    from hamn.ui import once

    client, worker = _client()
    new, today = reverse("cases:new_contact"), datetime.now(UTC).date()
    fields = {
        **{"on_ar": today.year, "on_manad": today.month, "on_dag": today.day, "to": "sjalv"},
        **{"channel": "phone", "kind": "counselling", "form": "individual", "minutes": 20},
        **{"age_group": "unknown", "municipality": "unknown", "source": "own_contact"},
        "text": TEXT[:300],
    }

    def save() -> Any:
        answer = client.post(new, {**fields, once.FIELD: once.token(worker.pk)})
        assert answer.status_code == 302, answer.content[:3000]
        return answer

    acts: dict[str, Callable[[], Any]] = {
        "a case with 200 notes": lambda: client.get(reverse("cases:show", args=[case.pk])),
        "new contact, saved": save,
        "min dag": lambda: client.get(reverse("cases:today")),
        "mina": lambda: client.get(reverse("cases:mine")),
        "enheten": lambda: client.get(reverse("cases:of_unit")),
        "enheten, alla": lambda: client.get(reverse("cases:of_unit") + "?lage=alla"),
        "enheten, en sida bort": _next_page(client, reverse("cases:of_unit") + "?lage=alla"),
    }
    return {name: _figures(act, times) for name, act in acts.items()}


def _next_page(client: Any, path: str) -> Callable[[], Any]:
    """The page after the first one of a list."""
    answer = client.get(path)
    text = answer.content.decode()
    mark = text.split('rel="next" href="')
    url = mark[1].split('"')[0].replace("&amp;", "&") if len(mark) > 1 else "?lage=alla"
    return lambda: client.get(path.partition("?")[0] + url)


def _client() -> tuple[Any, "Person"]:
    """A browser signed in as the worker."""
    from django.test import Client

    from hamn.guards.access.adapter import mark_strong
    from hamn.guards.access.queries import by_email

    person = by_email(WORKER)
    client = Client(headers=HEADERS)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    mark_strong(session, person)
    session.save()
    return client, person


def _figures(act: Callable[[], Any], times: int) -> dict[str, Any]:
    """Milliseconds at the middle and the slow end, queries, and what of it is cryptography."""
    from django.db import connection

    answer = act()
    assert answer.status_code in (200, 302), answer.status_code
    asked: list[str] = []
    with connection.execute_wrapper(_noting(asked)):
        act()
    taken = []
    with sealing_timed() as spent:
        began = time.process_time()
        for _ in range(times):
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)
        cpu = time.process_time() - began
    return {
        "p50_ms": statistics.median(taken) * 1000,
        "p95_ms": statistics.quantiles(taken, n=20)[-1] * 1000,
        "queries": len(asked),
        "kb": len(answer.content) / 1000,
        "cpu_ms": cpu / times * 1000,
        "agent_ms": spent.seconds["agent"] / times * 1000,
        "aead_ms": spent.seconds["aead"] / times * 1000,
        "asked": spent.calls["agent"] / times,
    }


class sealing_timed:  # noqa: N801 reads as a statement
    """While it lasts: seconds and calls of the agent, and of sealing and opening fields."""

    def __enter__(self) -> "sealing_timed":
        from hamn.guards.vault.agent import client
        from hamn.guards.vault.boxes import Box

        self.seconds = {"agent": 0.0, "aead": 0.0}
        self.calls = {"agent": 0, "aead": 0}
        self._owners = [(client, "ask", "agent"), (Box, "seal", "aead"), (Box, "open", "aead")]
        self._whole = [getattr(owner, name) for owner, name, _kind in self._owners]
        for (owner, name, kind), whole in zip(self._owners, self._whole, strict=True):
            setattr(owner, name, self._timed(whole, kind))
        return self

    def __exit__(self, *_fault: object) -> None:
        for (owner, name, _kind), whole in zip(self._owners, self._whole, strict=True):
            setattr(owner, name, whole)

    def _timed(self, whole: Callable[..., Any], kind: str) -> Callable[..., Any]:
        @wraps(whole)
        def timed(*given: Any, **more: Any) -> Any:
            start = time.perf_counter()
            try:
                return whole(*given, **more)
            finally:
                self.seconds[kind] += time.perf_counter() - start
                self.calls[kind] += 1

        return timed


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40)))
