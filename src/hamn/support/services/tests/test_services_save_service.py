"""What a head decides about her service: regime, decision, phone and hours."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.support.services import actions, queries, rules

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def save(by: Any, *, code: str = "mika", seen: str | None = None, **changes: Any) -> Any:
    row = queries.service(code)
    fields = {name: getattr(row, name) for name in rules.HEADS_FIELDS} | changes
    version = queries.version(row) if seen is None else seen
    return actions.save_service(code=code, fields=fields, seen=version, today=TODAY, by=by)


def test_a_head_records_the_boards_decision_and_the_trail_keeps_it(cast: SimpleNamespace) -> None:
    row = save(
        cast.mika_head,
        regime="identity_exempt",
        decision_reference="EXEMPEL 2026/9",
        decision_on=date(2026, 1, 2),
        phone="08-465 004 09",
    )
    row.refresh_from_db()
    assert (row.decision_reference, row.decision_on) == ("EXEMPEL 2026/9", date(2026, 1, 2))
    assert row.phone == "+46846500409"
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.on) == ("services.saved", "services.service:mika")
    assert "EXEMPEL 2026/9" in entry.facts and "identity_exempt" in entry.facts


def test_without_its_decision_a_service_keeps_its_regime(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="14:5"):
        save(cast.mika_head, decision_reference="", decision_on=None)
    with pytest.raises(BadInput, match="inte varit än"):
        save(cast.mika_head, decision_on=date(2026, 11, 23))
    assert queries.service("mika").decision_reference == "EXEMPEL 2025/0001"


def test_the_head_of_the_unit_and_the_system_administrator_save_and_nobody_else(
    cast: SimpleNamespace,
) -> None:
    save(cast.mika_head, hours="måndagar")
    save(cast.administrator, hours="tisdagar")
    for person in (cast.mika_worker, cast.kast_head, cast.head, cast.reader, cast.controller):
        with pytest.raises(PermissionDenied):
            save(person, hours="onsdagar")
    with pytest.raises(NotVisible):
        save(cast.stranger, hours="onsdagar")
    assert queries.service("mika").hours == "tisdagar"


def test_who_saves_after_another_is_told_and_nothing_is_lost(cast: SimpleNamespace) -> None:
    seen = queries.version(queries.service("mika"))
    save(cast.mika_head, hours="måndagar")
    with pytest.raises(actions.Changed) as refused:
        save(cast.administrator, seen=seen, hours="tisdagar")
    assert refused.value.code == "services.changed"
    assert queries.service("mika").hours == "måndagar"


def test_a_phone_that_cannot_be_one_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="telefonnummer"):
        save(cast.mika_head, phone="ring mig")
