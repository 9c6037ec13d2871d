"""The fixed cast and the one centre that every test meets.

The centre is set up once for each test process, by the same actions as a real one; a test sees it
fresh, since what a test writes is rolled back.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

# Before Django reads its settings: no test may touch a centre in the folder it is started from.
os.environ["HAMN_HOME"] = tempfile.mkdtemp(prefix="hamn-test-")
os.environ.pop("HAMN_AS", None)
os.environ.pop("HAMN_LANGUAGE", None)
# Pages are tested as they are written, not as they were collected last.
os.environ["HAMN_STATIC"] = "plain"
# The browser of the stories leaves a loop in its thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# As the proxy before the desk says it.
BEHIND_TLS = {"x-forwarded-proto": "https"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Each worker process has an SQLite in its own memory; only PostgreSQL needs names apart."""
    from pytest_django.fixtures import _set_suffix_to_test_databases

    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if worker and os.environ.get("HAMN_DATABASE"):
        _set_suffix_to_test_databases(suffix=worker)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A centre with the whole annex, all 27 parties, and one person of each role."""
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


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Who acts: steward (agreements), controller (money), head, reader, administrator, stranger,
    first.

    The stranger is signed in and has no role; first has all, as in a centre's first week.
    """
    from hamn.guards.access.queries import by_email, first_administrator

    return SimpleNamespace(
        steward=by_email("agreement_administrator@test.example"),
        controller=by_email("controller@test.example"),
        reader=by_email("reader@test.example"),
        administrator=by_email("system_administrator@test.example"),
        head=by_email("head_of_unit@test.example"),
        stranger=by_email("stranger@test.example"),
        first=first_administrator(),
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
