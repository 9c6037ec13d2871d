"""Every verb in every state and by everyone: only the table's moves, only by the steward."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements import queries
from hamn.agreement.agreements.models import Agreement, Signature
from hamn.agreement.agreements.rules import Status, WrongState
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry

VERBS: dict[str, Callable[[Any, Agreement], Agreement]] = {
    "sign": lambda by, row: do.sign(
        by, row, do.PROVIDER if row.signatures.exists() else do.MUNICIPALITY
    ),
    "notice": do.notice,
    "withdraw": do.withdraw,
}
WORKS = {
    ("sign", "draft"): "signed_by_one",
    ("sign", "signed_by_one"): "in_force",
    ("notice", "in_force"): "under_notice",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "signed_by_one"): "withdrawn",
}


def stored() -> list[Any]:
    return [
        list(Agreement.objects.order_by("pk").values_list()),
        list(Signature.objects.order_by("pk").values_list()),
        Entry.objects.count(),
    ]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_only_where_the_table_has_its_move(
    cast: SimpleNamespace, verb: str, status: Status
) -> None:
    agreement = do.in_state(cast, status)
    if (verb, status) in WORKS:
        assert VERBS[verb](cast.steward, agreement).status == WORKS[verb, status]
        agreement.refresh_from_db()
        assert agreement.status == WORKS[verb, status]
        assert do.last_entry().on == f"agreements.agreement:{agreement.pk}"
        return
    before = stored()
    with pytest.raises(WrongState):
        VERBS[verb](cast.steward, agreement)
    assert stored() == before


@pytest.mark.parametrize(("verb", "status"), WORKS)
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("controller", PermissionDenied),
        ("reader", PermissionDenied),
        ("administrator", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_only_the_steward_moves_an_agreement(
    cast: SimpleNamespace, verb: str, status: str, who: str, refusal: type[Exception]
) -> None:
    agreement = do.in_state(cast, status)
    before = stored()
    with pytest.raises(refusal):
        VERBS[verb](getattr(cast, who), agreement)
    assert stored() == before


@pytest.mark.parametrize("verb", VERBS)
def test_an_agreement_that_does_not_exist_is_not_visible(cast: SimpleNamespace, verb: str) -> None:
    agreement = do.draft(cast.steward)
    agreement.signatures.all().delete()
    Agreement.objects.filter(pk=agreement.pk).delete()
    with pytest.raises(NotVisible, match="Avtalet finns inte"):
        VERBS[verb](cast.steward, agreement)


def test_the_history_tells_each_move_oldest_first(cast: SimpleNamespace) -> None:
    agreement = do.in_state(cast, "ended")
    entries = queries.history(cast.reader, agreement)
    assert [entry.event for entry in entries] == [
        "agreements.drafted",
        "agreements.signed",
        "agreements.signed",
        "agreements.notice_given",
        "agreements.ended",
    ]
    assert [entry.by for entry in entries] == [f"access.person:{cast.steward.pk}"] * 4 + ["system"]
    with pytest.raises(NotVisible):
        queries.history(cast.stranger, agreement)
