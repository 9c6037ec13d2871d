"""Where what somebody writes goes."""

import pytest

from hamn.core.errors import BadInput
from hamn.support.door.queries.routes import check_routes
from hamn.support.door.rules.pages import Situation
from hamn.support.door.rules.routing import service_for


@pytest.mark.parametrize(
    ("situation", "service"),
    [
        (Situation.COMPENSATION, "mika"),
        (Situation.EXPLOITED, "coordinator_adult"),
        (Situation.BUYS, "kast"),
        (Situation.RELATIVE, "mika"),
        (Situation.CHILD, "coordinator_child"),
    ],
)
def test_a_situation_goes_to_its_service(situation: Situation, service: str) -> None:
    assert service_for(situation, is_child=False, table={}) == service


@pytest.mark.parametrize("situation", [one for one in Situation if one != "professional"])
def test_who_is_under_18_meets_the_coordinator_for_children_whatever_she_chose(
    situation: Situation,
) -> None:
    assert service_for(situation, is_child=True, table={}) == "coordinator_child"


def test_a_centre_may_route_otherwise() -> None:
    table = {"situations": {"relative": "kast", "child": "unga"}}
    assert service_for("relative", is_child=False, table=table) == "kast"
    assert service_for("buys", is_child=True, table=table) == "unga"


@pytest.mark.parametrize("situation", ["professional", "", "mika"])
def test_a_situation_that_nobody_writes_about_is_refused(situation: str) -> None:
    with pytest.raises(BadInput):
        service_for(situation, is_child=False, table={})


@pytest.mark.django_db
def test_the_shipped_routes_meet_everybody() -> None:
    check_routes({})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"situations": {"buys": "finns inte"}}, "finns inte"),
        ({"situations": {"köper": "kast"}}, "okänd situation, köper"),
        ({"units": {"mika": {"opens": 30}}}, "Tiderna för mika"),
        ({"units": 3}, "[door.units]"),
        ({"situations": []}, "[door.situations]"),
    ],
    ids=str,
)
def test_a_centre_whose_door_leads_nowhere_is_told_before_it_is_opened(
    table: dict[str, object], told: str
) -> None:
    with pytest.raises(BadInput) as refused:
        check_routes(table)
    assert told in str(refused.value)
