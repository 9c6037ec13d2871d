"""Credit notes, whole or part, from the stored rows; and issuing anew what was credited whole."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Sum

from hamn.core.errors import BadInput, _
from hamn.core.money import kronor, split
from hamn.guards.access import permits

from .. import queries, rules
from ..document import DocumentLine, Kind, from_data
from ..drafting import credit_note
from ..models import Invoice, InvoiceLine, InvoiceRun
from ..queries.explained import CREDIT_LABELS
from ..rules import NotCreditable, Origin, Outcome
from .issue import prepare, refuse_changed
from .press import Press, Pressed
from .store import Moved, Ready, ensure_series, next_place, numbered, store

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def credit(
    *,
    number: str,
    reason: str,
    amount_kr: int | None,
    today: date,
    by: "Person",
    press: Press,
) -> Invoice:
    """A credit note on the invoice: for all that is left of it, or for part of it (H10, F13).

    Raises NotCreditable when nothing is left or the document is not ours to credit, Stopped when
    the credit note breaks an e-invoice rule, BadInput for a bad amount or no reason.
    """
    permits.require(by, "invoicing.credit")
    rules.check_reason(reason)
    while True:
        original = queries.invoice(by, number)
        lines = _reversed_lines(original, amount_kr)
        series = rules.series_name(queries.profile().series_prefix, today)
        first = next_place(series)
        ready = _ready(original, lines, reason, today, rules.number_in(series, first), press, by)
        ensure_series(series)
        try:
            with transaction.atomic():
                _refuse_credited(queries.locked(by, number), amount_kr, lines)
                store([ready], series=series, first=first, by=by)
        except Moved:
            continue
        return queries.invoice(by, str(ready.invoice))


def reissue(*, number: str, today: date, by: "Person", press: Press) -> Invoice:
    """The charge of a wholly credited invoice once more, with today's data on the parties.

    Raises NotCreditable unless it is credited whole, Stopped when an e-invoice rule is broken.
    """
    permits.require(by, "invoicing.issue")
    while True:
        original = queries.invoice(by, number)
        round_ = _next_round(original)
        batch = list(queries.to_look_at(by).filter(pk=original.agreement_id))
        run = InvoiceRun(
            year=original.year, today=today, hands_over=original.origin == Origin.LEDGER
        )
        plans = queries.plans(batch, year=original.year, anew=True)
        ready, without, series, first = prepare(
            plans,
            queries.buyers(batch, today),
            seller=queries.seller(today),
            run=run,
            press=press,
            by=by,
            round_=round_,
        )
        if not ready:
            raise rules.Stopped(_not_issued(without[0].outcome), **without[0].facts)
        ensure_series(series)
        try:
            with transaction.atomic():
                refuse_changed(by, batch, plans, original.year, anew=True)
                if _next_round(queries.locked(by, number)) != round_:
                    raise Moved
                store(ready, series=series, first=first, by=by)
        except Moved:
            continue
        return queries.invoice(by, str(ready[0].invoice))


def _not_issued(outcome: Outcome) -> str:
    return rules.REASONS[outcome]


def _next_round(original: Invoice) -> int:
    charges = Invoice.objects.filter(agreement=original.agreement_id, year=original.year).exclude(
        kind=Kind.CREDIT
    )
    newest = charges.order_by("-round")[0]
    credited = newest.credit_notes.aggregate(sum=Sum("amount_kr", default=0))["sum"]
    if newest.pk != original.pk or credited != original.amount_kr:
        raise NotCreditable(
            _("Faktura {number} är inte helt krediterad. Kreditera hela den först."),
            number=str(newest),
        )
    return int(charges.aggregate(last=Max("round"))["last"]) + 1


def _reversed_lines(original: Invoice, amount_kr: int | None) -> list[InvoiceLine]:
    """Rows that reverse the original's, whole or in proportion to what is left of each."""
    if original.kind == Kind.CREDIT or original.origin == Origin.ELSEWHERE or not original.number:
        raise NotCreditable(
            _("{number} kan inte krediteras här: bara en faktura som har utfärdats kan det."),
            number=str(original),
        )
    lines = list(
        original.lines.annotate(gone=Sum("reversed_by__amount_kr", default=0)).order_by("position")
    )
    left = {f"{line.position:05d}": line.amount_kr - line.gone for line in lines}
    total = sum(left.values())
    wanted = total if amount_kr is None else amount_kr
    if not 0 < wanted <= total:
        raise _bad_amount(original, total, wanted)
    parts = split(wanted, left)
    return [
        InvoiceLine(position=place, text=line.text, amount_kr=part, reverses=line)
        for place, (line, part) in enumerate(zip(lines, parts.values(), strict=True), 1)
        if part
    ]


def _refuse_credited(
    original: Invoice, amount_kr: int | None, lines: Sequence[InvoiceLine]
) -> None:
    """Raise Moved when another credit note came between."""
    present = [line.amount_kr for line in _reversed_lines(original, amount_kr)]
    if present != [line.amount_kr for line in lines]:
        raise Moved


def _bad_amount(original: Invoice, total: int, wanted: int) -> NotCreditable | BadInput:
    if not total:
        return NotCreditable(
            _("Faktura {number} är redan helt krediterad."), number=original.number
        )
    return BadInput(
        _("Det går att kreditera mellan 1 kr och {total} av faktura {number}, inte {wanted}."),
        total=kronor(total),
        number=original.number,
        wanted=kronor(wanted),
    )


def _ready(
    original: Invoice,
    lines: Sequence[InvoiceLine],
    reason: str,
    today: date,
    number: str,
    press: Press,
    by: "Person",
) -> Ready:
    total = sum(line.amount_kr for line in lines)
    steps = [*original.explanation, _credit_step(original, total)]
    pressed: Pressed | None = None
    if original.document is not None:
        document = credit_note(
            from_data(original.document, original.explanation),
            number=number,
            issued_on=today,
            lines=[
                DocumentLine(position=line.position, text=line.text, amount_kr=line.amount_kr)
                for line in lines
            ],
            steps=steps,
            reason=reason,
            seller=queries.seller(today),
        )
        pressed = press.press(document)
    invoice = Invoice(
        agreement_id=original.agreement_id,
        kind=Kind.CREDIT,
        year=original.year,
        amount_kr=total,
        credits_id=original.pk,
        reason=reason,
        explanation=steps,
        created_by=by,
    )
    return Ready(numbered(invoice, pressed), list(lines), pressed)


def _credit_step(original: Invoice, total_kr: int) -> dict[str, object]:
    part = total_kr != original.amount_kr
    code = "credit_part" if part else "credit_whole"
    return {
        "code": code,
        "label": CREDIT_LABELS[code].format(number=original.number),
        "value": kronor(total_kr),
        "clause": "",
        "facts": {"number": original.number},
    }
