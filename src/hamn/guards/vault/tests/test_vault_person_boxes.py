"""A box opened by somebody who is no unit: by her own key pair, without the key agent."""

from uuid import uuid4

import pytest

from hamn.guards.vault import actions, queries
from hamn.guards.vault.rules import SEED_BYTES, Place, Unreadable, pair_of

pytestmark = pytest.mark.django_db
SEED, OTHER = b"s" * SEED_BYTES, b"o" * SEED_BYTES
PLACE = Place("table", "column", "row")


def test_what_was_sealed_for_a_person_and_a_unit_is_read_by_both() -> None:
    box = actions.new_box(["mika"])
    hers = box.key_for_person(pair_of(SEED).public)
    text = box.seal(PLACE, b"made up")
    assert queries.person_box(box.id, hers, SEED).open(PLACE, text) == b"made up"
    assert queries.open_box(box.id, {"mika"}).open(PLACE, text) == b"made up"


def test_a_persons_box_opens_while_the_units_vault_is_closed(cast: object) -> None:
    box = actions.new_box(["mika"])
    hers = box.key_for_person(pair_of(SEED).public)
    actions.lock(unit="mika", by=cast.mika_head)  # type: ignore[attr-defined]
    assert queries.person_box(box.id, hers, SEED).id == box.id


def test_another_seed_opens_nothing() -> None:
    box = actions.new_box(["mika"])
    with pytest.raises(Unreadable):
        queries.person_box(box.id, box.key_for_person(pair_of(SEED).public), OTHER)


def test_a_persons_key_of_one_box_opens_no_other() -> None:
    box = actions.new_box(["mika"])
    with pytest.raises(Unreadable):
        queries.person_box(uuid4(), box.key_for_person(pair_of(SEED).public), SEED)


def test_a_units_grant_is_no_persons_key_and_the_other_way_round() -> None:
    from hamn.guards.vault.agent.keeper import grant_of

    box = actions.new_box(["mika"])
    public = pair_of(SEED).public
    with pytest.raises(Unreadable):
        queries.person_box(box.id, box.key_for(public, to=grant_of(box.id, "mika", 1)), SEED)


@pytest.mark.parametrize("seed", [b"", b"s", b"s" * (SEED_BYTES + 1)])
def test_what_is_no_seed_opens_nothing(seed: bytes) -> None:
    box = actions.new_box(["mika"])
    with pytest.raises(Unreadable):
        queries.person_box(box.id, box.key_for_person(pair_of(SEED).public), seed)
