"""The fixed cast and the one centre that every test meets.

The centre is set up once for each test process, by the same actions as a real one; a test sees it
fresh, since what a test writes is rolled back.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

# As the proxy before the desk says it.
BEHIND_TLS = {"x-forwarded-proto": "https"}
# Who works in the units: the head of each first, then those whom she lets in.
UNITS = {
    "mika": ("mika_head", "mika_worker", "mika_second"),
    "kast": ("kast_head", "kast_worker"),
    "coordinator_adult": ("adult_coordinator",),
    "coordinator_child": ("child_coordinator",),
}
STAFF = tuple(name for names in UNITS.values() for name in names)
# Every unit's passphrase; stretched as little as can be, so that a test does not wait for it.
PASSPHRASE = "enbart för provningen"


# What brings a database into a test; whatever starts processes of its own lies under tests/stories.
DATABASE = {"db", "transactional_db", "django_db_setup", "_django_setup_unittest"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that the two processes end together: the browser, then
    the other stories, then the rest. On PostgreSQL a room's tests that ask no database are left
    out: they have run.
    """
    items.sort(
        key=lambda item: (
            "/stories/browser/" not in str(item.path),
            "/stories/" not in str(item.path),
        )
    )
    if os.environ.get("HAMN_DATABASE"):
        left_out = [item for item in items if "/src/" in str(item.path) and not asks(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def asks(item: pytest.Item) -> bool:
    """Whether a test asks a database."""
    named = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(named) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Each worker process has an SQLite in its own memory; only PostgreSQL needs names apart."""
    from pytest_django.fixtures import _set_suffix_to_test_databases

    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if worker and os.environ.get("HAMN_DATABASE"):
        _set_suffix_to_test_databases(suffix=worker)
    _begin_with_tables()


def _begin_with_tables() -> None:
    """The tests' database begins as a copy of tables made once, which `migrate` finds right."""
    from django.db import connection
    from django.db.backends.signals import connection_created
    from tools.centres import made_tables

    tables = made_tables()
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = tables.database
        return

    def fill(connection: Any, **_more: Any) -> None:
        if connection.is_in_memory_db() and not connection.introspection.table_names():
            with closing(sqlite3.connect(tables.home / "hamn.sqlite3")) as made:
                made.backup(connection.connection)

    connection_created.connect(fill, weak=False)


@pytest.fixture(scope="session")
def key_agent() -> Iterator[Any]:
    """A real key agent in a thread of the test process, in the home of the tests."""
    from django.conf import settings

    from hamn.guards.vault.agent.keeper import Keeper
    from hamn.guards.vault.agent.keyfiles import KeyFiles
    from hamn.guards.vault.agent.server import running
    from hamn.guards.vault.rules import Cost

    # Of this process alone: pytest-django has read the settings before this file set the home.
    folder = Path(tempfile.mkdtemp(prefix="hamn-vault-"))
    settings.VAULT = folder
    cheap = Cost(passes=1, memory_kib=8, lanes=1)
    keeper = Keeper(KeyFiles(folder / "keys"), cost=cheap, wait=lambda _seconds: None)
    with running(folder, keeper) as agent:
        yield agent
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def unsealed_vault(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test meets the units' first keys, unsealed: what a test did to them is undone."""
    if not {"db", "transactional_db", "django_db_setup"} & set(request.fixturenames):
        yield
        return
    keeper = request.getfixturevalue("key_agent").keeper
    request.getfixturevalue("django_db_setup")
    files = {path: path.read_bytes() for path in keeper.files.folder.iterdir()}
    held = dict(keeper._held)
    yield
    for path in set(keeper.files.folder.iterdir()) - files.keys():
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
    keeper._held = held


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, key_agent: Any) -> None:
    """A centre with the whole annex, all 27 parties, one person of each role, and four units."""
    with django_db_blocker.unblock():
        from hamn.guards.access import actions as access
        from hamn.guards.access.models import Person
        from hamn.guards.access.rules import Role
        from hamn.register.organisations import actions as organisations
        from hamn.site.demo import build
        from hamn.site.setup import set_up

        first = set_up(build.DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
        for role in Role:
            access.add_person(email=f"{role}@test.example", title=role, roles=[role], by=first)
        access.add_person(email="stranger@test.example", title="stranger", roles=[], by=first)
        organisations.import_parties(
            path=build.DATA / "parties.csv", today=date(2021, 1, 1), by=first
        )
        assert Person.objects.count() == len(Role) + 2
        for unit, names in UNITS.items():
            _staff_unit(unit, names, first)
        _make_door_role()


def _staff_unit(unit: str, names: tuple[str, ...], first: Any) -> None:
    """The unit with its head, whom the others are let in by, and its key unsealed.

    The first unit's head accepts for herself; she then lets in the heads of the others.
    """
    from hamn.guards.access import actions as access
    from hamn.guards.access import queries
    from hamn.guards.access.rules import Role
    from hamn.guards.vault import actions as vault

    head = None
    for name in names:
        roles = [Role.CASEWORKER] if head else [Role.CASEWORKER, Role.HEAD_OF_UNIT]
        person = access.add_person(email=f"{name}@test.example", title=name, roles=roles, by=first)
        row = access.propose_member(person_id=person.pk, unit=unit, is_head=head is None, by=first)
        if head is None and queries.may_accept_alone(person):
            access.accept_headship(membership_id=row.pk, by=person)
        else:
            chief = head or queries.by_email(f"{UNITS['mika'][0]}@test.example")
            access.grant_member(membership_id=row.pk, by=chief)
        head = head or person
    vault.new_unit(unit=unit, name=names[0], passphrase=PASSPHRASE, by=first)


def _make_door_role() -> None:
    """What the door may do on PostgreSQL; the other process of the tests may just make the same."""
    from django.db import IntegrityError, connection

    from hamn.site.door.role import set_role

    if connection.vendor != "postgresql":
        return
    try:
        set_role()
    except IntegrityError:
        set_role()


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Who acts: steward (agreements), controller (money), head, reader, administrator, officer
    (information), stranger, first.

    The stranger is signed in and has no role; first has all, as in a centre's first week. Those
    of the units stand in UNITS by name.
    """
    from hamn.guards.access.models import Person
    from hamn.guards.access.queries import first_administrator

    people = {one.email.partition("@")[0]: one for one in Person.objects.all()}
    return SimpleNamespace(
        steward=people["agreement_administrator"],
        controller=people["controller"],
        reader=people["reader"],
        administrator=people["system_administrator"],
        officer=people["information_officer"],
        head=people["head_of_unit"],
        stranger=people["stranger"],
        first=first_administrator(),
        **{name: people[name] for name in STAFF},
    )


@pytest.fixture
def in_force(cast: SimpleNamespace) -> Callable[..., Any]:
    """A function that gives an agreement in force: `in_force("0117", date(2024, 6, 1))`."""
    from hamn.agreement.agreements import actions
    from hamn.agreement.agreements.rules import Side, SigningMethod

    def make(
        code: str, signed_on: date, *, start: date | None = None, base: int | None = None
    ) -> Any:
        agreement = actions.draft(
            code=code, index_base_year=base, agreed_start=start, reference="", by=cast.steward
        )
        for side in Side:
            agreement = actions.sign(
                agreement_id=agreement.pk,
                side=side,
                signed_on=signed_on,
                agreed_start=None,
                title="Socialchef",
                method=SigningMethod.DIGITAL,
                today=max(signed_on, date(2026, 1, 1)),
                by=cast.steward,
            )
        return agreement

    return make


@pytest.fixture
def plain_press() -> Any:
    """A press without judge and printer, for tests in which the documents do not matter."""
    from hamn.agreement.invoicing.actions.press import Press

    return Press(judge=lambda xml: [], draw=lambda document, xml: b"%PDF-test")


@pytest.fixture
def run_year(cast: SimpleNamespace, plain_press: Any) -> Callable[..., Any]:
    """A function that issues a year: `run_year(2026)`, in January unless told otherwise."""
    from hamn.agreement.invoicing import actions

    def run(year: int, *, today: date | None = None, only: str | None = None, **more: Any) -> Any:
        return actions.run_year(
            year=year,
            today=today or date(year, 1, 15),
            by=more.pop("by", cast.controller),
            press=more.pop("press", plain_press),
            only=only,
            **more,
        )

    return run


@pytest.fixture
def client() -> Any:
    """A browser that nobody is signed in with, behind the proxy that speaks TLS."""
    from django.test import Client

    return Client(headers=BEHIND_TLS)


@pytest.fixture
def desk(db: None) -> Callable[..., Any]:
    """A function that gives a browser signed in with second factor: `desk(person)`."""
    from django.test import Client

    from hamn.guards.access.adapter import mark_strong

    def signed_in(person: Any, **more: Any) -> Client:
        client = Client(headers=BEHIND_TLS, **more)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        mark_strong(session, person)
        session.save()
        return client

    return signed_in


@pytest.fixture
def door(db: None) -> Callable[..., Any]:
    """A function that gives a browser at the public face, its own settings around each request:
    `door()`. Addresses are written out (`/kontakt/`), or reversed in the door's own table."""
    from tests.at_the_door import AtTheDoor

    return AtTheDoor


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str


@pytest.fixture
def hamn(
    db: None, capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path
) -> Callable[..., Answer]:
    """The command, run in this process on the test's database with a home of its own."""
    from hamn.site.cli.main import main

    settings.HAMN_HOME = tmp_path / "home"
    settings.CENTRE_FILE = settings.HAMN_HOME / "centre.toml"
    settings.TRAIL_HEADS = settings.HAMN_HOME / "trail-heads.jsonl"
    settings.HAMN_HOME.mkdir()

    def command(*argv: object) -> Answer:
        capsys.readouterr()
        try:
            status = main([str(word) for word in argv])
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return command
