"""What the tests of disposal share: a shelf, and lists as far as they have come."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.disposal import actions
from hamn.guards.disposal.rules import holdings
from hamn.guards.disposal.tests.shelf import TODAY, Shelf

REGISTER = "hamn.guards.disposal.rules.registry._HOLDINGS"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, db: None) -> Shelf:
    """The only thing that any room holds in the test."""
    made = Shelf()
    monkeypatch.setattr(REGISTER, {made.kind: made})
    assert set(holdings()) == {made.kind}
    return made


@pytest.fixture
def planned(cast: SimpleNamespace, shelf: Shelf) -> Callable[..., Any]:
    """A function that plans mika's list of what is on the shelf: `planned()`."""

    def make(**more: Any) -> Any:
        given = {"unit": "mika", "on": TODAY, "today": TODAY, "by": cast.mika_worker, **more}
        return actions.plan_list(**given)

    return make


@pytest.fixture
def approved(cast: SimpleNamespace, planned: Callable[..., Any]) -> Callable[..., Any]:
    """A function that gives a list which the unit's head has approved."""

    def make(**more: Any) -> Any:
        row = planned(**more)
        return actions.approve_list(
            list_id=row.pk, seen=row.fingerprint, today=TODAY, by=cast.mika_head
        )

    return make
