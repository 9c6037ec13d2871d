"""The catalogue: the first centre's four, another centre's own, and every fault in a file."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.agreement.tariffs.rules import SERVICES
from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.support.services import actions, queries, rules
from hamn.support.services.models import Service

pytestmark = pytest.mark.django_db

OWN: dict[str, Any] = {
    "unit": "mika",
    "name": ["Exempelmottagningen", "The example clinic"],
    "description": "Råd till exempel.",
    "target_groups": {"exposed": "Utsatta"},
    "grounds": {"sex_for_compensation": ["Sex mot ersättning", "Sex for compensation"]},
    "age_groups": ["young_adult", "adult"],
    "channels": ["visit"],
    "forms": ["individual"],
    "needs_affiliation": True,
    "valid_from": date(2027, 1, 1),
}


def load(cast: SimpleNamespace, tables: Any) -> list[Service]:
    return actions.load_services(tables=tables, by=cast.administrator)


def test_the_first_centres_four_services_come_with_hamn(cast: SimpleNamespace) -> None:
    rows = load(cast, None)
    assert [row.code for row in rows] == list(SERVICES)
    assert [row.needs_affiliation for row in rows] == [True, True, False, False]
    assert [row.regime for row in Service.objects.filter(code="coordinator_child")] == [
        "advice_exempt"
    ]
    assert "human_trafficking" in queries.grounds_of("mika")
    assert set(queries.grounds_of("kast")) == {"buys_sex", "porn_use", "sex_addiction", "relative"}


def test_no_service_of_hamns_own_claims_a_boards_decision() -> None:
    assert {table["regime"] for table in queries.shipped().values()} == {"advice_exempt"}
    assert not any("decision_reference" in table for table in queries.shipped().values())


def test_another_centre_has_its_own_services_without_code(cast: SimpleNamespace) -> None:
    rows = load(cast, {"exempel": OWN, "mika": {"hours": "måndagar"}})
    assert [row.code for row in rows][:1] == ["exempel"]
    row = queries.service("exempel")
    assert row.ground_names == {"sex_for_compensation": "Sex mot ersättning"}
    assert (row.regime, row.refers_to, row.position) == ("advice_exempt", [], 0)


def test_a_service_is_read_in_the_readers_language(cast: SimpleNamespace) -> None:
    from django.utils import translation

    load(cast, {"exempel": OWN})
    row = queries.service("exempel")
    assert row.title == "Exempelmottagningen"
    with translation.override("en"):
        assert (row.title, row.told) == ("The example clinic", "Råd till exempel.")
        assert row.ground_names == {"sex_for_compensation": "Sex for compensation"}


def test_what_the_head_has_decided_stays_when_the_file_is_read_again(
    cast: SimpleNamespace,
) -> None:
    row = queries.service("mika")
    fields = {name: getattr(row, name) for name in rules.HEADS_FIELDS} | {"hours": "torsdagar"}
    actions.save_service(
        code="mika",
        fields=fields,
        seen=queries.version(row),
        today=row.decision_on,
        by=cast.mika_head,
    )
    load(cast, {"mika": {"hours": "måndagar", "name": "Mika"}})
    again = queries.service("mika")
    assert (again.hours, again.name) == ("torsdagar", "Mika")
    assert again.regime == "identity_exempt"


def test_a_service_that_the_file_no_longer_names_stays(cast: SimpleNamespace) -> None:
    load(cast, {"mika": {}})
    assert queries.service("mika").refers_children_to == ""
    assert queries.service("kast").name == "KAST"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"age_groups": ["elderly"]}, "age_groups"),
        ({"age_groups": []}, "age_groups"),
        ({"channels": "visit"}, "channels"),
        ({"forms": ["group"]}, "forms"),
        ({"grounds": ["a"]}, "grounds"),
        ({"grounds": {"Stor Bokstav": "x"}}, "grounds"),
        ({"grounds": {"a": ["x", "y", "z"]}}, "grounds"),
        ({"name": 5}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "rad\x00"}, "name"),
        ({"needs_affiliation": 1}, "needs_affiliation"),
        ({"regime": "none"}, "regime"),
        ({"regime": "identity_exempt"}, "14:5"),
        ({"decision_reference": "EXEMPEL 1"}, "både"),
        ({"decision_on": "2025-01-01"}, "decision_on"),
        ({"valid_from": "2025-01-01"}, "valid_from"),
        ({"phone": "ring"}, "telefonnummer"),
        ({"refers_to": ["nobody"]}, "nobody"),
        ({"refers_children_to": "nobody"}, "nobody"),
        ({"unit": "nobody"}, "nobody"),
        ({"fee_kr": 100}, "fee_kr"),
    ],
)
def test_a_fault_in_the_file_is_named_and_nothing_is_stored(
    change: dict[str, Any], told: str, cast: SimpleNamespace
) -> None:
    before = list(Service.objects.order_by("pk").values())
    with pytest.raises(BadInput, match=told):
        load(cast, {"exempel": {**OWN, **change}})
    assert list(Service.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("field", [name for name in OWN if name != "unit"])
def test_a_service_of_ones_own_is_told_whole(field: str, cast: SimpleNamespace) -> None:
    lacking = {name: value for name, value in OWN.items() if name != field}
    with pytest.raises(BadInput, match=field):
        load(cast, {"exempel": lacking})


@pytest.mark.parametrize("code", ["Mika", "a b", "", "x" * 41, "mikå"])
def test_a_services_code_is_plain(code: str, cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        load(cast, {code: OWN})


@pytest.mark.parametrize("table", ["text", 5, ["mika"]])
def test_a_service_is_a_table_of_its_own(table: Any, cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        load(cast, {"mika": table})


def test_only_a_system_administrator_reads_the_file_in(cast: SimpleNamespace) -> None:
    for person in (cast.mika_head, cast.reader):
        with pytest.raises(PermissionDenied):
            actions.load_services(tables=None, by=person)
    with pytest.raises(NotVisible):
        actions.load_services(tables=None, by=cast.stranger)
    load(cast, None)
    entry = Entry.objects.latest("place")
    assert entry.event == "services.loaded"


def test_the_database_itself_refuses_identity_free_work_without_a_decision(
    cast: SimpleNamespace,
) -> None:
    for change in ({"decision_reference": ""}, {"decision_on": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Service.objects.filter(pk="mika").update(**change)


def test_the_services_are_money_free() -> None:
    fields = {field.name for field in Service._meta.get_fields()}
    assert not {name for name in fields if "fee" in name or name.endswith(("_kr", "_ore"))}


def test_a_service_that_is_not_there_is_not_visible(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible, match="”nobody”"):
        queries.service("nobody")
    with pytest.raises(NotVisible):
        queries.services(cast.stranger)


def test_a_unit_finds_its_services_and_a_worker_her_own(cast: SimpleNamespace) -> None:
    assert [row.code for row in queries.services_of("kast")] == ["kast"]
    own = queries.own_services(cast.kast_worker, on=date(2026, 1, 1))
    assert [row.code for row in own] == ["kast"]
    assert queries.own_services(cast.kast_worker, on=date(2017, 1, 1)) == []
    assert queries.own_services(cast.reader, on=date(2026, 1, 1)) == []
