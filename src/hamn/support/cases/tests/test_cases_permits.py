"""The permit table of casework against the cast: what is not in the table is denied."""

from types import SimpleNamespace

import pytest

from hamn.core.errors import NotVisible
from hamn.guards.access import permits

pytestmark = pytest.mark.django_db
HEADS = {"mika_head", "kast_head", "adult_coordinator", "child_coordinator"}
WORKERS = HEADS | {"mika_worker", "mika_second", "kast_worker"}
# Permit, then who of the cast has it for some unit.
TABLE = {
    "cases.see": WORKERS,
    "cases.write": WORKERS,
    "cases.assign": WORKERS,
    "cases.search": WORKERS,
    "cases.break_glass": WORKERS,
    # Without asking the receiver first; and of what was read: heads, and a unit's accepted cover.
    "cases.assign_at_once": HEADS,
    "cases.review": HEADS,
    "cases.share": WORKERS,
    "cases.answer_request": WORKERS,
    "cases.decide_request": HEADS,
    "cases.decide_disclosure": WORKERS,
    "cases.take_mail": WORKERS | {"administrator"},
    "cases.count": WORKERS,
    # Totals of every unit, the small ones left out.
    "cases.count_all": HEADS | {"head", "controller"},
}
OTHERS = {"steward", "controller", "reader", "head", "administrator", "stranger"}
IN_MIKA = {"mika_head", "mika_worker", "mika_second"}
OF_ALL = {"cases.count_all": HEADS}  # asked of no unit


@pytest.mark.parametrize("permit", TABLE)
def test_only_those_in_the_table_have_the_permit(permit: str, cast: SimpleNamespace) -> None:
    having = {name for name in WORKERS | OTHERS if permits.allows(getattr(cast, name), permit)}
    assert having == TABLE[permit]


@pytest.mark.parametrize("permit", TABLE)
def test_a_permit_of_one_unit_is_none_of_another(permit: str, cast: SimpleNamespace) -> None:
    having = {n for n in WORKERS | OTHERS if permits.allows(getattr(cast, n), permit, "mika")}
    assert having == TABLE[permit] & (IN_MIKA | OTHERS | OF_ALL.get(permit, set()))


def test_no_permit_of_casework_is_missing_from_this_table() -> None:
    registered = {permit for permit in permits.registered() if permit.startswith("cases.")}
    assert registered == set(TABLE)


@pytest.mark.parametrize("permit", TABLE)
def test_outside_the_units_nobody_learns_that_there_is_anything(
    permit: str, cast: SimpleNamespace
) -> None:
    for name in OTHERS - TABLE[permit]:
        with pytest.raises(NotVisible, match="inget att visa för dig"):
            permits.require(getattr(cast, name), permit)
