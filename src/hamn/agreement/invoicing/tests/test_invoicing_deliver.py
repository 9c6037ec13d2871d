"""Documents on their way: states beside unchanged bytes, and the same bytes again are a replay."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import DeliveryEvent, Invoice, InvoiceFile
from hamn.agreement.invoicing.rules import DeliveryState, NotDeliverable
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import BadInput

Deliver = Callable[..., list[Path]]


@pytest.fixture
def invoice(
    cast: SimpleNamespace, in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> Invoice:
    return factories.issued(cast, in_force, run_year)


@pytest.fixture
def deliver(cast: SimpleNamespace, tmp_path: Path) -> Deliver:
    def make(folder: str = "out") -> list[Path]:
        rows = queries.with_documents(cast.controller, year=2026)
        return actions.deliver_to_folder(
            invoices=rows, folder=tmp_path / folder, by=cast.controller
        )

    return make


@pytest.fixture
def step(cast: SimpleNamespace) -> Callable[[DeliveryState], DeliveryEvent]:
    def make(state: DeliveryState) -> DeliveryEvent:
        return actions.record_delivery(
            number="202600001", state=state, adapter="test", detail="x" * 400, by=cast.controller
        )

    return make


def replays() -> list[bool]:
    return list(DeliveryEvent.objects.order_by("pk").values_list("is_replay", flat=True))


def test_the_folder_gets_the_stored_bytes_and_nothing_else(
    invoice: Invoice, deliver: Deliver, tmp_path: Path
) -> None:
    paths = deliver()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "202600001.pdf",
        "202600001.xml",
    ]
    for path in paths:
        stored = InvoiceFile.objects.get(invoice=invoice, format=path.suffix[1:])
        assert path.read_bytes() == bytes(stored.content)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == stored.sha256
    assert queries.delivery_state(invoice) == DeliveryState.SUBMITTED
    assert replays() == [False]


def test_what_lies_there_already_is_not_submitted_again(invoice: Invoice, deliver: Deliver) -> None:
    assert deliver() == deliver()
    assert replays() == [False]


def test_the_same_bytes_to_another_folder_are_a_replay_and_no_second_invoice(
    invoice: Invoice, deliver: Deliver
) -> None:
    deliver()
    deliver("again")
    assert replays() == [False, True]
    assert len(set(DeliveryEvent.objects.values_list("sha256", flat=True))) == 1
    assert Invoice.objects.count() == 1


def test_other_bytes_under_the_same_name_are_left_and_refused(
    invoice: Invoice, deliver: Deliver, tmp_path: Path
) -> None:
    file = tmp_path / "out" / "202600001.xml"
    file.parent.mkdir()
    file.write_bytes(b"someone else's")
    with pytest.raises(BadInput, match=r"202600001\.xml"):
        deliver()
    assert file.read_bytes() == b"someone else's"
    assert replays() == []


def test_a_file_lost_from_the_folder_is_written_again_as_a_replay(
    invoice: Invoice, deliver: Deliver
) -> None:
    paths = deliver()
    paths[0].unlink()
    deliver()
    assert paths[0].exists()
    assert replays() == [False, True]


def test_a_folder_that_cannot_be_made_is_refused_in_words(
    invoice: Invoice, deliver: Deliver, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="välj en annan"):
        deliver("file/out")


def test_states_follow_each_other_beside_the_same_bytes(
    invoice: Invoice, step: Callable[[DeliveryState], DeliveryEvent]
) -> None:
    before = list(InvoiceFile.objects.values_list("content", flat=True))
    for state in ("submitted", "transported", "rejected", "submitted", "accepted"):
        event = step(DeliveryState(state))
        assert queries.delivery_state(invoice) == state
        assert len(event.detail) == 300
    assert list(InvoiceFile.objects.values_list("content", flat=True)) == before
    assert replays() == [False, False, False, True, False]


@pytest.mark.parametrize("said", [("accepted",), ("transported", "accepted")])
def test_a_replay_takes_nothing_back_of_what_the_receiver_accepted(
    said: tuple[str, ...], invoice: Invoice, step: Callable[[DeliveryState], DeliveryEvent]
) -> None:
    for state in ("submitted", *said, "submitted", "submitted"):
        step(DeliveryState(state))
    assert replays()[-2:] == [True, True]
    assert queries.delivery_state(invoice) == DeliveryState.ACCEPTED
    with pytest.raises(NotDeliverable, match="godtagen"):
        step(DeliveryState.REJECTED)


def test_what_was_rejected_is_submitted_once_more_and_can_then_be_accepted(
    invoice: Invoice, step: Callable[[DeliveryState], DeliveryEvent]
) -> None:
    for state in ("submitted", "rejected", "submitted"):
        step(DeliveryState(state))
    assert queries.delivery_state(invoice) == DeliveryState.SUBMITTED
    step(DeliveryState.ACCEPTED)
    assert queries.delivery_state(invoice) == DeliveryState.ACCEPTED


def test_what_was_never_submitted_cannot_be_accepted(
    invoice: Invoice, step: Callable[[DeliveryState], DeliveryEvent]
) -> None:
    with pytest.raises(NotDeliverable, match="inte inlämnad"):
        step(DeliveryState.ACCEPTED)
    assert not DeliveryEvent.objects.exists()


def test_an_invoice_without_a_document_here_cannot_be_delivered(
    in_force: Callable[..., Any], cast: SimpleNamespace, tmp_path: Path
) -> None:
    in_force("0117", date(2024, 6, 1))
    path = tmp_path / "elsewhere.csv"
    path.write_text(
        "municipality_code,year,number,amount_kr,issued_on\n0117,2025,A-1,78029,2025-01-20\n"
    )
    actions.import_invoices(path=path, today=date(2026, 1, 1), by=cast.controller)
    with pytest.raises(BadInput, match="annat system"):
        actions.record_delivery(
            number="A-1",
            state=DeliveryState.SUBMITTED,
            adapter="test",
            detail="",
            by=cast.controller,
        )
