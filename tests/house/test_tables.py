"""The tables that run through the house: permits, events, states, fields classed for forgetting."""

import ast
import csv
import re

import pytest
from django.apps import apps
from django.db import models

from hamn.agreement.agreements import rules as agreements
from hamn.agreement.invoicing import rules as invoicing
from hamn.guards.access.permits import registered as permits
from hamn.guards.access.rules import NAMES, Role
from hamn.guards.audit.events import registered as events
from hamn.guards.disposal import rules as disposal
from hamn.support.cases.rules import requests
from hamn.support.cases.rules import states as cases
from hamn.support.cases.rules.kinds import KINDS, Kind
from tests.house.test_rooms import ROOMS, ROOT, SRC, sources

# Nobody, where Hamn itself did it: a letter that came by the mail server.
OR_THE_SYSTEM = {"Contact.logged_by"}


def own_models() -> list[type[models.Model]]:
    """The models of the house."""
    return [model for model in apps.get_models() if model.__module__.startswith("hamn.")]


def test_every_permit_that_the_code_asks_for_is_in_the_table_and_none_is_idle() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    asked = set(re.findall(r'(?:permits\.require\([^"]*|@permit\()"([a-z_.]+)"', text))
    idle = {permit for permit in permits() if permit not in asked and not permit.endswith(".see")}
    assert asked <= set(permits())
    assert idle == set()


def test_every_event_has_a_swedish_sentence_and_is_written_somewhere() -> None:
    for room in ROOMS:
        if (room / "events.py").exists() and room.name != "audit":
            own = [path for path in sources() if {room, SRC / "site"} & set(path.parents)]
            text = "".join(path.read_text(encoding="utf-8") for path in own)
            module = ast.parse((room / "events.py").read_text(encoding="utf-8"))
            names = [
                (target.id, node.value.value)
                for each in module.body
                if isinstance(each, ast.ClassDef)
                for node in each.body
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                for target in node.targets
                if isinstance(target, ast.Name)
            ]
            assert names
            for name, value in names:
                assert events()[value].endswith(".")
                assert text.count(f"Event.{name}") >= 2, f"{value} is never written"


def test_every_status_is_in_the_moves_has_a_name_and_is_reached() -> None:
    assert set(agreements.MOVES) == set(agreements.Status) == set(agreements.NAMES)
    reached = set().union(*agreements.MOVES.values()) | {agreements.Status.DRAFT}
    assert reached == set(agreements.Status)
    runs = set(invoicing.RUN_MOVES) - {None}
    assert runs == set(invoicing.RunState) == set(invoicing.RUN_NAMES)
    assert set().union(*invoicing.RUN_MOVES.values()) == set(invoicing.RunState)
    lists = set(disposal.LIST_MOVES) - {None}
    assert lists == set(disposal.ListState) == set(disposal.LIST_NAMES)
    assert set().union(*disposal.LIST_MOVES.values()) == set(disposal.ListState)
    states = set(invoicing.DELIVERY_MOVES) - {None}
    assert states == set(invoicing.DeliveryState) == set(invoicing.DELIVERY_NAMES)


def test_every_state_of_a_case_and_a_request_is_in_the_moves_has_a_name_and_is_reached() -> None:
    assert set(cases.MOVES) == set(cases.CaseState) == set(cases.CASE_STATES)
    reached = set().union(*cases.MOVES.values()) | {cases.CaseState.ACTIVE}
    assert reached == set(cases.CaseState)
    assert set(cases.CaseState) > cases.OPEN
    assert set(requests.REQUEST_MOVES) == set(requests.REQUEST_STATES)
    reached = set().union(*requests.REQUEST_MOVES.values()) | {requests.RECEIVED}
    assert reached == set(requests.REQUEST_STATES)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_state_of_a_kind_of_record_has_a_name_and_is_reached(kind: Kind) -> None:
    reached = set().union(*kind.moves.values()) | {kind.first}
    assert reached == set(kind.states)
    assert set(kind.moves) <= set(kind.states)
    assert kind.done <= set(kind.states)
    assert all(kind.states.values())


def test_every_outcome_and_role_has_a_name() -> None:
    assert set(invoicing.OUTCOME_NAMES) == set(invoicing.Outcome)
    silent = {invoicing.Outcome.TO_ISSUE, invoicing.Outcome.ISSUED}
    assert set(invoicing.REASONS) == set(invoicing.Outcome) - silent
    assert set(invoicing.INVOICE_STATE_NAMES) == set(invoicing.InvoiceState)
    assert set(NAMES) == set(Role)


def test_every_field_is_classed_for_forgetting() -> None:
    with (ROOT / "docs" / "retention.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    classed = {(row["model"], row["field"]): row for row in rows}
    present = {
        (model._meta.label_lower, field.name)
        for model in own_models()
        for field in model._meta.local_concrete_fields
    }
    assert set(classed) == present
    assert {row["class"] for row in rows} <= {"keep", "erase", "seal"}
    assert all(row["rule"] for row in rows)


def test_who_and_when_come_together() -> None:
    for model in own_models():
        fields = {field.name: field for field in model._meta.local_concrete_fields}
        for name, field in fields.items():
            moment = fields.get(name.removesuffix("_by") + "_at")
            if f"{model.__name__}.{name}" in OR_THE_SYSTEM:
                continue
            if name.endswith("_by") and moment is not None:
                assert field.null == moment.null, f"{model.__name__}.{name}"


def test_every_model_stands_in_the_glossary() -> None:
    terms = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    missing = [model.__name__ for model in own_models() if f"`{model.__name__}`" not in terms]
    assert not missing


def test_every_verb_of_the_command_line_stands_in_the_readme() -> None:
    from django.utils import translation

    from hamn.site.cli.main import parser

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with translation.override("sv"):
        usage = parser().format_help()
    verbs = set(re.findall(r"^    ([a-z-]+)  ", usage, re.M))
    assert len(verbs) >= 12
    assert not [verb for verb in verbs if f"hamn {verb}" not in readme]


def test_no_model_saves_itself_in_its_own_way() -> None:
    homes = [*SRC.rglob("models.py"), *SRC.rglob("models/*.py")]
    assert len({path.parent for path in homes}) > len(list(SRC.rglob("models.py")))
    assert not [path for path in homes if "def save(" in path.read_text(encoding="utf-8")]


@pytest.mark.django_db
def test_the_migrations_hold_what_the_models_say() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
