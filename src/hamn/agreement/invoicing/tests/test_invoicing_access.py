"""Who may do what with invoices, verb by verb, and that each verb leaves its row in the trail."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements.rules import Side
from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, InvoiceRun, InvoicingProfile
from hamn.agreement.invoicing.rules import DeliveryState, Outcome, Reading
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.access import actions as access

pytestmark = pytest.mark.slow

TODAY = date(2026, 2, 1)
PRESS = Press(judge=lambda xml: [], draw=lambda document, xml: b"%PDF-test")
Verb = Callable[..., Any]


def _profile(by: Any, folder: Path) -> None:
    row = queries.profile()
    names = [f.name for f in InvoicingProfile._meta.concrete_fields if f.name != "id"]
    actions.save_profile(fields={name: getattr(row, name) for name in names}, by=by)


def _run(by: Any, folder: Path, **more: Any) -> Any:
    return actions.run_year(year=2026, today=TODAY, by=by, press=PRESS, **more)


def _credit(by: Any, folder: Path) -> None:
    actions.credit(
        number="202600001", reason="Fel", amount_kr=None, today=TODAY, by=by, press=PRESS
    )


def _import(by: Any, folder: Path) -> None:
    path = folder / "in.csv"
    path.write_text("municipality_code,year,number,amount_kr,issued_on\n0120,2025,A,1,2025-01-08\n")
    actions.import_invoices(path=path, today=TODAY, by=by)


def _take_back(by: Any, folder: Path) -> None:
    waiting = Invoice.objects.filter(number__isnull=True)[0]
    path = folder / "back.csv"
    path.write_text(f"reference,number,issued_on\n{waiting.reference},L-1,2026-01-20\n")
    actions.take_back(path=path, today=TODAY, by=by)


def _decide(by: Any, folder: Path) -> None:
    actions.decide(code="0123", year=2026, reading=Reading.NOTHING, reason="Beslut", by=by)


def _deliver(by: Any, folder: Path) -> None:
    rows = Invoice.objects.filter(number="202600001")
    actions.deliver_to_folder(invoices=rows, folder=folder / "out", by=by)


def _step(by: Any, folder: Path) -> None:
    actions.record_delivery(
        number="202600001", state=DeliveryState.SUBMITTED, adapter="x", detail="", by=by
    )


def _reissue(by: Any, folder: Path) -> None:
    actions.reissue(number="202600002", today=TODAY, by=by, press=PRESS)


def _receive(by: Any, folder: Path) -> None:
    actions.record_receipt(number="202600001", on=TODAY, today=TODAY, by=by)


def _pay(by: Any, folder: Path) -> None:
    actions.record_payment(number="202600001", on=TODAY, amount_kr=5, today=TODAY, by=by)


def _prepare(by: Any, folder: Path) -> None:
    actions.prepare_run(year=2026, today=TODAY, by=by)


def _release(by: Any, folder: Path) -> None:
    run = InvoiceRun.objects.get(only="0120")
    actions.release_run(run_id=run.pk, expected_kr=run.expected_kr or 0, today=TODAY, by=by)


def _withdraw(by: Any, folder: Path) -> None:
    actions.withdraw_run(run_id=InvoiceRun.objects.get(only="0120").pk, by=by)


def _cancel(by: Any, folder: Path) -> None:
    actions.cancel_run(run_id=InvoiceRun.objects.get(only="0120").pk, by=by)


VERBS: dict[str, tuple[Verb, str]] = {
    "save_profile": (_profile, "profile_saved"),
    "run_year": (_run, "run_ended"),
    "prepare_run": (_prepare, "run_prepared"),
    "release_run": (_release, "run_released"),
    "withdraw_run": (_withdraw, "run_withdrawn"),
    "cancel_run": (_cancel, "run_cancelled"),
    "credit": (_credit, "credited"),
    "reissue": (_reissue, "issued"),
    "decide": (_decide, "decided"),
    "deliver_to_folder": (_deliver, "delivered"),
    "record_delivery": (_step, "delivered"),
    "record_receipt": (_receive, "received"),
    "record_payment": (_pay, "paid"),
    "import_invoices": (_import, "imported"),
    "hand_over": (
        lambda by, folder: actions.hand_over(path=folder / "b.csv", year=2026, today=TODAY, by=by),
        "handed_over",
    ),
    "take_back": (_take_back, "numbered"),
}


@pytest.fixture
def centre(cast: SimpleNamespace, in_force: Callable[..., Any]) -> None:
    """202600001 to deliver and pay, 202600002 credited whole, one waiting, one under notice.

    And 0120's run, prepared.
    """
    factories.sign(in_force, ("0115", "0117", "0123"))
    for code in ("0115", "0117"):
        _run(cast.controller, Path(), only=code)
    actions.credit(
        number="202600002",
        reason="Fel",
        amount_kr=None,
        today=TODAY,
        by=cast.controller,
        press=PRESS,
    )
    agreements.give_notice(
        agreement_id=agreements.queries.latest(cast.steward, "0123").pk,
        received=TODAY,
        from_side=Side.MUNICIPALITY,
        reason="test",
        today=TODAY,
        by=cast.steward,
    )
    factories.sign(in_force, ("0120", "0125"))
    _run(cast.controller, Path(), only="0125", hands_over=True)
    actions.prepare_run(year=2026, today=TODAY, by=cast.first, only="0120")


def test_every_verb_is_in_the_table() -> None:
    assert set(VERBS) == set(actions.__all__)


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("verb", VERBS)
def test_the_controller_may_and_it_stands_in_the_trail(
    verb: str, cast: SimpleNamespace, tmp_path: Path
) -> None:
    do, event = VERBS[verb]
    before = len(factories.events())
    do(cast.controller, tmp_path)
    assert f"invoicing.{event}" in factories.events()[before:]


# Who beside the controller may do something.
ALSO = {
    "administrator": {"save_profile"},
    "steward": {"prepare_run", "withdraw_run"},
    "head": {
        *("release_run", "withdraw_run", "cancel_run"),
        # What she released is delivered in her name.
        *("deliver_to_folder", "record_delivery", "hand_over"),
    },
    "reader": set(),
    "stranger": set(),
}
ANSWERS = {
    "steward": PermissionDenied,
    "reader": PermissionDenied,
    "head": PermissionDenied,
    "administrator": NotVisible,
    "stranger": NotVisible,
}


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize(
    ("who", "verb"), sorted((who, verb) for who, verbs in ALSO.items() for verb in verbs)
)
def test_some_others_may_their_part_of_it(
    who: str, verb: str, cast: SimpleNamespace, tmp_path: Path
) -> None:
    do, event = VERBS[verb]
    before = len(factories.events())
    do(getattr(cast, who), tmp_path)
    assert f"invoicing.{event}" in factories.events()[before:]


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize(
    ("who", "verb"),
    sorted((who, verb) for who in ANSWERS for verb in VERBS if verb not in ALSO[who]),
)
def test_others_are_refused_and_nothing_is_written(
    who: str, verb: str, cast: SimpleNamespace, tmp_path: Path
) -> None:
    before = factories.stored(), factories.events()
    with pytest.raises(ANSWERS[who]):
        VERBS[verb][0](getattr(cast, who), tmp_path)
    assert (factories.stored(), factories.events()) == before


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("who", ["controller", "steward", "reader", "head"])
def test_those_with_a_duty_at_the_agreements_may_see(who: str, cast: SimpleNamespace) -> None:
    viewer = getattr(cast, who)
    assert queries.invoice(viewer, "202600001").amount_kr > 0
    assert list(queries.preview(viewer, year=2026))


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("who", ["administrator", "stranger"])
def test_others_see_nothing(who: str, cast: SimpleNamespace) -> None:
    viewer = getattr(cast, who)
    run = InvoiceRun.objects.get(only="0120")
    row = Invoice.objects.get(number="202600001")
    reads: list[Callable[[], object]] = [
        lambda: queries.run_of(viewer, run.pk),
        lambda: queries.runs_for(viewer),
        lambda: queries.run_page(viewer, run),
        lambda: queries.run_counts(viewer, run),
        lambda: queries.run_totals(viewer, 2026),
        lambda: queries.totals_now(viewer, 2026),
        lambda: queries.preview_page(viewer, year=2026),
        lambda: queries.preview_page(viewer, year=2026, outcome=Outcome.NO_AGREEMENT),
        lambda: queries.missing_before_invoicing(viewer, 2026),
        lambda: queries.invoices_list(viewer, on=TODAY),
        lambda: queries.due_between(viewer, TODAY, TODAY),
        lambda: queries.years_with_invoices(viewer),
        lambda: queries.payments_of(viewer, row),
        lambda: queries.deliveries_of(viewer, row),
        lambda: queries.credit_notes_of(viewer, row),
        lambda: queries.invoice(viewer, "202600001"),
        lambda: list(queries.preview(viewer, year=2026)),
        lambda: list(queries.invoice_rows(viewer, year=2026)),
        lambda: list(queries.with_documents(viewer, year=2026)),
        lambda: list(queries.awaiting_number(viewer, year=2026)),
        lambda: queries.year_totals(viewer, 2026),
        lambda: queries.run_rows(viewer, queries.latest_run(2026)),
    ]
    for read in reads:
        with pytest.raises(NotVisible):
            read()


@pytest.mark.usefixtures("centre")
def test_someone_who_has_left_may_nothing(cast: SimpleNamespace) -> None:
    access.leave(person_id=cast.controller.pk, on=TODAY, today=TODAY, by=cast.administrator)
    cast.controller.refresh_from_db()
    with pytest.raises(NotVisible):
        queries.invoice(cast.controller, "202600001")
