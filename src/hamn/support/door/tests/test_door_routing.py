"""Where what somebody writes goes."""

import pytest

from hamn.core.errors import BadInput
from hamn.support.door.queries.routes import check_routes
from hamn.support.door.rules.pages import OFFERED, WRITTEN_ABOUT, Situation, number_of, numbered
from hamn.support.door.rules.routing import service_for


@pytest.mark.parametrize(
    ("situation", "service"),
    [
        (Situation.COMPENSATION, "mika"),
        (Situation.EXPLOITED, "coordinator_adult"),
        (Situation.BUYS, "kast"),
        (Situation.RELATIVE, "mika"),
        (Situation.CHILD, "coordinator_child"),
        (Situation.RELATIVE_OF_BUYER, "kast"),
        (Situation.PORN, "kast"),
        (Situation.SELF_HARM, "mika"),
        (Situation.OTHER, "mika"),
    ],
)
def test_a_situation_goes_to_its_service(situation: Situation, service: str) -> None:
    assert service_for(situation, is_child=False, table={}) == service


@pytest.mark.parametrize("situation", WRITTEN_ABOUT)
def test_who_is_under_18_meets_the_coordinator_for_children_whatever_she_chose(
    situation: Situation,
) -> None:
    assert service_for(situation, is_child=True, table={}) == "coordinator_child"


def test_a_centre_may_route_otherwise() -> None:
    table = {"situations": {"relative": "kast", "child": "unga"}}
    assert service_for("relative", is_child=False, table=table) == "kast"
    assert service_for("buys", is_child=True, table=table) == "unga"


def test_a_situation_that_a_centre_has_no_route_of_its_own_for_follows_its_like() -> None:
    table = {"situations": {"buys": "killar", "compensation": "ankar", "porn": "kast"}}
    found = {one: service_for(one, is_child=False, table=table) for one in WRITTEN_ABOUT}
    assert found[Situation.RELATIVE_OF_BUYER] == "killar"
    assert (found[Situation.SELF_HARM], found[Situation.OTHER]) == ("ankar", "ankar")
    assert found[Situation.PORN] == "kast"


def test_everything_that_is_offered_to_who_writes_has_a_number_and_nothing_else_has() -> None:
    assert set(OFFERED) == set(WRITTEN_ABOUT)
    assert [numbered(number_of(one)) for one in WRITTEN_ABOUT] == list(WRITTEN_ABOUT)
    assert numbered(0) is None and numbered(len(WRITTEN_ABOUT) + 1) is None


@pytest.mark.parametrize("situation", ["professional", "service", "", "mika"])
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
        ({"situations": {"service": "kast"}}, "okänd situation, service"),
        ({"situations": {"porn": "finns inte"}}, "finns inte"),
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
