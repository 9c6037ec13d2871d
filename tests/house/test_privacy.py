"""The data protection templates tell of everything that the system stores (artt. 30 and 35)."""

import re
from collections import Counter
from dataclasses import fields

import pytest
from tools import privacy

from tests.house.test_rooms import ROOT
from tests.house.test_tables import own_models


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return privacy.documents()


def test_every_room_that_stores_something_has_its_processing_and_none_has_two() -> None:
    told = [room for one in privacy.processings() for room in one["rooms"]]
    stored = {model._meta.app_label for model in own_models()}
    assert stored <= set(told)
    assert len(told) == len(set(told))
    assert "Övrigt" not in {one["name"] for one in privacy.processings()}


def test_every_processing_says_what_the_record_must_say() -> None:
    demanded = {"name", "rooms", "purpose", "ground", "persons", "data", "recipients"}
    for one in privacy.processings():
        assert set(one) == demanded
        assert all(one.values()), one["name"]


def test_every_model_stands_in_the_record_with_each_of_its_fields(texts: dict[str, str]) -> None:
    record = texts["registerforteckning"]
    for model in own_models():
        lines = [line for line in record.splitlines() if f"`{model.__name__}`" in line]
        for field in model._meta.local_concrete_fields:
            assert any(f"`{field.name}`" in line for line in lines), f"{model}.{field.name}"


def test_every_sealed_field_stands_in_the_impact_assessment(texts: dict[str, str]) -> None:
    lines = texts["konsekvensbedomning"].splitlines()
    for row in privacy.retention():
        if row["class"] == privacy.SEALED:
            told = privacy.term(row["model"])
            assert any(line.startswith(f"| {told} |") and row["field"] in line for line in lines)


def test_every_rule_of_disposal_and_every_regime_stands_in_the_impact_assessment(
    texts: dict[str, str],
) -> None:
    from hamn.guards.disposal.rules import rule_classes
    from hamn.support.services.rules import REGIMES

    for rule in rule_classes().values():
        assert rule.source in texts["konsekvensbedomning"]
    for regime in REGIMES.values():
        assert regime in texts["konsekvensbedomning"]


def test_every_risk_has_a_measure_and_a_proof_that_is_there() -> None:
    for risk in privacy.risks():
        assert risk["measure"]
        for path in risk["proof"].split(";"):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", privacy.NAMES)
def test_a_template_leaves_to_the_controller_what_only_she_can_decide(
    name: str, texts: dict[str, str]
) -> None:
    assert texts[name].count(privacy.FILL) >= 3
    assert "{{" not in texts[name]
    for link in re.findall(r"\]\(([\w./-]+\.md)\)", texts[name]):
        assert (ROOT / "docs" / "templates" / link).resolve().exists(), link


def test_a_room_that_nobody_has_told_of_is_left_to_be_filled_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = {"model": "okant.sak", "field": "id", "class": "keep", "rule": "påhittad regel"}
    monkeypatch.setattr(privacy, "retention", lambda: [row])
    record = privacy.documents()["registerforteckning"]
    section = record.partition("## Övrigt")[2]
    assert f"{privacy.FILL} beskriv" in section
    assert "| `okant.sak` | `id` | öppet, bevaras | påhittad regel |" in section


def test_a_cell_cannot_break_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"model": "okant.sak", "field": "id", "class": "keep", "rule": "en | annan\nrad"}
    monkeypatch.setattr(privacy, "retention", lambda: [row])
    assert "| en / annan rad |" in privacy.documents()["registerforteckning"]


def test_every_sealed_row_has_a_content_that_the_impact_assessment_tells_whole(
    texts: dict[str, str],
) -> None:
    from hamn.support.cases.models.sealed import SealedRow
    from hamn.support.cases.rules.kinds import KINDS

    models = {model.__name__ for model in SealedRow.__subclasses__()}
    models |= {
        model.__name__
        for model in own_models()
        if model._meta.app_label in ("door", "consultations")
        and "sealed" in {one.name for one in model._meta.local_concrete_fields}
    }
    # A record is told by its kinds, a letter's sender lies where contact details do.
    of_models = set(privacy.contents()) - set(KINDS)
    assert models - {"Record"} == of_models - {"Sender"} == set(privacy.CONTENTS) - {"Sender"}
    lines = texts["konsekvensbedomning"].splitlines()
    for code, content in privacy.contents().items():
        name = KINDS[code].name if code in KINDS else privacy.CONTENTS[code]
        [line] = [line for line in lines if line.startswith(f"| {name} | `")]
        assert not [one.name for one in fields(content) if f"`{one.name}`" not in line], name


def test_whatever_the_code_opens_from_a_sealed_row_is_among_the_contents() -> None:
    opened = {
        name
        for path in (ROOT / "src" / "hamn").rglob("*.py")
        for name in re.findall(
            r"content_of\([^()]*(?:\([^()]*\))?[^()]*, (\w+)\)", path.read_text()
        )
    }
    known = {content.__name__ for content in privacy.contents().values()}
    assert {name for name in opened if name[:1].isupper()} <= known
    assert len(opened & known) >= 5


def test_what_stands_open_beside_something_sealed_and_is_no_mere_when_or_who_is_told(
    texts: dict[str, str],
) -> None:
    """Fields of other sorts than moments, rows, workers and units say more than that."""
    from django.apps import apps
    from django.db import models

    plain = (models.DateField, models.UUIDField, models.ForeignKey, models.AutoField)
    plain += (models.BinaryField,)  # keys and digests
    sealed = {row["model"] for row in privacy.retention() if row["class"] == privacy.SEALED}
    silent = {"unit", "version", "key_version"}
    telling = {
        f"{row['model']}.{row['field']}"
        for row in privacy.retention()
        if row["model"] in sealed
        and row["model"].partition(".")[0] in ("cases", "vault", "door", "consultations")
        and row["class"] != privacy.SEALED
        and row["field"] not in silent
        and not isinstance(apps.get_model(row["model"])._meta.get_field(row["field"]), plain)
    }
    # Days that say more than when something was written.
    assert telling | {
        "cases.case.born_on",
        "cases.case.waits_since",
        "door.dialogue.waits_since",
    } == set(privacy.OPEN_TOLD)
    for field, told in privacy.OPEN_TOLD.items():
        model, _dot, name = field.rpartition(".")
        line = f"| {privacy.term(model)} | `{name}` | {told} |"
        assert line in texts["konsekvensbedomning"]


def test_a_word_that_the_glossary_has_for_two_things_is_told_as_the_right_one(
    texts: dict[str, str],
) -> None:
    meanings = Counter(
        term
        for _swedish, terms in privacy._glossary_rows()
        for term in re.findall(r"`(\w+)`", terms)
    )
    names = {model._meta.label_lower: model.__name__ for model in own_models()}
    twice = {label for label, name in names.items() if meanings[name] > 1}
    assert twice <= set(privacy.OWN_TERMS)
    assert "behörighet till låda (`Grant`)" in texts["registerforteckning"]
    for text in texts.values():
        assert "utvecklingsmedel" not in text


@pytest.mark.parametrize(
    "untrue",
    [
        "Allt utom tidpunkter, enhet och handläggare är förseglat",
        "utan koppling till ärendet",
        "bara som ett nycklat id",
        "14 dagar; nyckeln förstörs",
    ],
)
def test_the_templates_promise_nothing_that_the_database_does_not_keep(
    untrue: str, texts: dict[str, str]
) -> None:
    assert not [name for name, text in texts.items() if untrue in text]


def test_every_condition_of_a_permit_that_is_told_has_its_swedish_words() -> None:
    assert "`" not in re.sub(r"\| `[\w.]+` \|", "", privacy.TABLES["permits"]())


def test_every_proof_that_the_promises_name_is_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    proofs = re.findall(r"`((?:src|tests)/[\w/.]+)`", text)
    assert len(proofs) > 30
    assert not [path for path in proofs if not (ROOT / path).exists()]
