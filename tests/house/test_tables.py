"""The tables that run through the house: permits, events, states, fields classed for forgetting."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from hamn.agreement.agreements import rules as agreements
from hamn.agreement.invoicing import rules as invoicing
from hamn.guards.access.permits import registered as permits
from hamn.guards.access.rules import NAMES, Role
from hamn.guards.audit.events import registered as events
from tests.house.test_rooms import ROOMS, ROOT, SRC, sources

# Called within another action's transaction, which has checked the permit; or by the clock.
WITHOUT_PERMIT = {"freeze", "record", "record_many", "prepare", "store"}
# Write nothing themselves, or through actions that tell the trail.
WITHOUT_EVENT = {"hand_over", "take_back", "import_parties", "import_population", "import_invoices"}
WITHOUT_EVENT |= {"prepare"}


def actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every public function of the rooms' actions that a person does, with `by`."""
    for room in ROOMS:
        for path in [room / "actions.py", *sorted((room / "actions").glob("*.py"))]:
            if path.exists():
                for node in ast.parse(path.read_text(encoding="utf-8")).body:
                    if isinstance(node, ast.FunctionDef) and _is_done_by_someone(node):
                        yield f"{room.name}.{node.name}", node


def _is_done_by_someone(node: ast.FunctionDef) -> bool:
    keywords = {argument.arg for argument in node.args.kwonlyargs}
    return "by" in keywords and not node.name.startswith("_")


def without(names: set[str]) -> list[object]:
    """The actions but those named, each with its name as the test's id."""
    return [pytest.param(node, id=name) for name, node in actions() if node.name not in names]


def own_models() -> list[type[models.Model]]:
    """The models of the house."""
    return [model for model in apps.get_models() if model.__module__.startswith("hamn.")]


def calls(node: ast.AST) -> set[str]:
    """The names of all functions that are called within."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def test_every_permit_that_the_code_asks_for_is_in_the_table_and_none_is_idle() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    asked = set(re.findall(r'(?:permits\.require\([^"]*|@permit\()"([a-z_.]+)"', text))
    idle = {permit for permit in permits() if permit not in asked and not permit.endswith(".see")}
    assert asked <= set(permits())
    assert idle == set()


@pytest.mark.parametrize("node", without(WITHOUT_PERMIT))
def test_every_action_of_a_person_asks_for_its_permit(node: ast.FunctionDef) -> None:
    assert "permits.require" in calls(node) or calls(node) & {"record_receipt", "record_payment"}


@pytest.mark.parametrize("node", without(WITHOUT_EVENT))
def test_every_action_that_changes_something_tells_the_trail(node: ast.FunctionDef) -> None:
    tells = {
        *("audit.record", "audit.record_many", "record_many", "Entry.objects.bulk_create"),
        *("store", "_end", "_save_imported", "record_receipt", "record_payment"),
        *("save_populations", "save_party", "record_delivery"),
    }
    assert calls(node) & tells


def test_every_event_has_a_swedish_sentence_and_is_written_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    for room in ROOMS:
        if (room / "events.py").exists() and room.name != "audit":
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
    states = set(invoicing.DELIVERY_MOVES) - {None}
    assert states == set(invoicing.DeliveryState) == set(invoicing.DELIVERY_NAMES)


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
    for path in SRC.rglob("models.py"):
        assert "def save(" not in Path(path).read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_migrations_hold_what_the_models_say() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
