"""What the tests of casework share: a case in a unit, opened by one of its workers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture
def open_case(cast: SimpleNamespace) -> Callable[..., Any]:
    """A function that opens a case: `open_case(by=cast.mika_worker, called="Påhittad Ek")`."""
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import CaseContent

    def opened(
        *, by: Any = None, unit: str = "mika", mine: bool = True, now: datetime = NOW, **says: Any
    ) -> Any:
        by = by or cast.mika_worker
        content = CaseContent(number="", **says)
        return actions.open_case(unit=unit, content=content, by=by, now=now, mine=mine)

    return opened


@pytest.fixture
def log(cast: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """A function that logs a contact at Mika: `log(text="…", case_id=…)`."""
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import ContactContent

    def logged(
        *, by: Any = None, on: date | None = None, service: str = "mika", **says: Any
    ) -> Any:
        names = ("case_id", "also_in", "answer_by", "mine")
        more = {name: says.pop(name) for name in names if name in says}
        return actions.log_contact(
            service=service,
            on=on or now.date(),
            content=ContactContent(**{"channel": "phone", "kind": "counselling"} | says),
            by=by or cast.mika_worker,
            now=now,
            **more,
        )

    return logged
