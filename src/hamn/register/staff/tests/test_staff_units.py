"""Units from the centre's own file: seen by their own people, known to access."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions as access
from hamn.guards.access import rules as access_rules
from hamn.register.staff import actions, queries
from hamn.register.staff.models import Unit

from .staff_factories import ADULT, CHILD, TODAY, save_post, told

FIELDS = {
    "name": "Mottagningen Fyren",
    "short_name": "Fyren",
    "principal": "Exempelstads kommun",
    "place": 9,
    "starts_on": date(2020, 1, 1),
    "ends_on": None,
}

pytestmark = pytest.mark.django_db


def save(cast: SimpleNamespace, code: str = "fyren", **changed: Any) -> Unit:
    return actions.save_unit(code=code, fields={**FIELDS, **changed}, by=cast.first)


def test_another_centres_unit_is_known_to_access_without_code(cast: SimpleNamespace) -> None:
    save(cast)
    assert access_rules.units()["fyren"] == "Mottagningen Fyren"
    row = access.propose_member(
        person_id=cast.reader.pk, unit="fyren", is_head=False, by=cast.first
    )
    assert row.unit == "fyren"


def test_a_unit_that_has_ended_takes_no_new_people_and_keeps_its_name(
    cast: SimpleNamespace,
) -> None:
    save(cast, ends_on=date(2021, 1, 1))
    assert "fyren" not in access_rules.units()
    assert queries.unit_name("fyren") == "Mottagningen Fyren"
    with pytest.raises(BadInput, match="finns inte"):
        access.propose_member(person_id=cast.reader.pk, unit="fyren", is_head=False, by=cast.first)


def test_the_same_file_read_again_writes_nothing_and_a_changed_one_is_told(
    cast: SimpleNamespace,
) -> None:
    save(cast)
    before = len(told("unit_saved"))
    save(cast)
    assert len(told("unit_saved")) == before
    assert save(cast, name="Fyrens mottagning").name == "Fyrens mottagning"
    assert told("unit_saved")[-1] == (
        f"access.person:{cast.first.pk}",
        "staff.unit:fyren",
        {"starts_on": "2020-01-01", "ends_on": None},
    )


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("Fyren", {}),
        ("fyren", {"name": "a{b}"}),
        ("fyren", {"short_name": " "}),
        ("fyren", {"ends_on": date(2019, 12, 31)}),
    ],
)
def test_a_unit_that_cannot_be_is_refused_and_nothing_is_stored(
    cast: SimpleNamespace, code: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        save(cast, code, **changed)
    assert not Unit.objects.filter(pk=code).exists()


@pytest.mark.parametrize("who", ["mika_head", "mika_worker", "controller", "stranger"])
def test_only_a_system_administrator_saves_units(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        actions.save_unit(code="fyren", fields=FIELDS, by=getattr(cast, who))


def test_each_sees_her_own_units_and_an_administrator_all(cast: SimpleNamespace) -> None:
    def seen(person: Any) -> list[str]:
        return [unit.code for unit in queries.units(person)]

    assert seen(cast.mika_worker) == seen(cast.mika_head) == ["mika"]
    assert seen(cast.adult_coordinator) == [ADULT]
    assert seen(cast.administrator) == ["mika", "kast", ADULT, CHILD]
    assert seen(cast.head) == []
    for person in (cast.controller, cast.steward, cast.reader, cast.stranger):
        with pytest.raises(NotVisible):
            queries.units(person)


def test_another_unit_and_one_that_is_none_are_answered_alike(cast: SimpleNamespace) -> None:
    for code in ("kast", "finns_inte", ""):
        with pytest.raises(NotVisible, match="finns inte, eller är inte din"):
            queries.unit(cast.mika_worker, code)
        with pytest.raises(NotVisible, match="finns inte, eller är inte din"):
            queries.workers(cast.mika_worker, code)
        with pytest.raises(NotVisible, match="finns inte, eller är inte din"):
            queries.posts_of(cast.mika_worker, code)


def test_the_workers_are_those_who_belong_now_with_their_titles(cast: SimpleNamespace) -> None:
    save_post(cast, cast.mika_worker, "mika", title="Socionom A")
    found = {one.person: one for one in queries.workers(cast.mika_worker, "mika", TODAY)}
    assert set(found) == {cast.mika_head, cast.mika_worker, cast.mika_second}
    assert found[cast.mika_worker].title == "Socionom A"
    assert found[cast.mika_second].title == "mika_second"
    assert found[cast.mika_head].is_head and not found[cast.mika_worker].is_head
    row = cast.mika_second.memberships.get(unit="mika")
    access.end_member(membership_id=row.pk, by=cast.mika_head)
    assert cast.mika_second not in [
        one.person for one in queries.workers(cast.mika_worker, "mika", TODAY)
    ]


def test_one_head_may_head_several_units(cast: SimpleNamespace) -> None:
    row = access.propose_member(
        person_id=cast.mika_head.pk, unit="kast", is_head=True, by=cast.first
    )
    access.grant_member(membership_id=row.pk, by=cast.kast_head)
    assert [unit.code for unit in queries.units(cast.mika_head)] == ["mika", "kast"]
    save_post(cast, cast.mika_head, "mika", is_management=True, percent=50)
    save_post(cast, cast.mika_head, "kast", is_management=True, percent=50)
    sums = [one.staffing.management for one in queries.staffing(cast.mika_head, TODAY)]
    assert sums == [50, 50]


def test_what_the_lists_cost_does_not_grow_with_posts_and_people(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        save_post(cast, cast.mika_worker if number % 2 else None, "mika", percent=1 + number)
    with django_assert_max_num_queries(12):
        assert len(queries.overview(cast.administrator, on=TODAY)[0].posts) == 30
