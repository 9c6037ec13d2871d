"""Years of invoices for a generated centre, straight into the tables, as a run would store them.

Usage: python -m bench.history YEARS, after `python -m bench.centre SIZE`. Prints how many.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

BATCH = 2_000
LAST_YEAR = 2026


def write(years: int) -> int:
    """Invoices of the last years for every agreement, nine of ten paid; their number."""
    from hamn.agreement.agreements.models import Agreement
    from hamn.agreement.invoicing.models import Invoice, InvoiceLine, Payment, Receipt
    from hamn.site.acting import acting_person

    by = acting_person(None)
    steps = _steps()
    ids = list(Agreement.objects.order_by("pk").values_list("pk", flat=True))
    Agreement.objects.update(starts_on=date(LAST_YEAR - years + 1, 1, 1))
    for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
        for first in range(0, len(ids), BATCH):
            part = ids[first : first + BATCH]
            stored = Invoice.objects.bulk_create(_invoices(part, year, first, steps, by))
            InvoiceLine.objects.bulk_create(
                InvoiceLine(
                    invoice=one, position=1, text="Del av kostnaden", amount_kr=one.amount_kr
                )
                for one in stored
            )
            Receipt.objects.bulk_create(
                Receipt(invoice=one, received_on=one.issued_on + timedelta(days=1))
                for one in stored
                if one.issued_on
            )
            Payment.objects.bulk_create(
                Payment(
                    invoice=one, paid_on=one.issued_on + timedelta(days=25), amount_kr=one.amount_kr
                )
                for one in stored
                if one.issued_on and one.pk % 10
            )
            _tell(stored, by)
    return Invoice.objects.count()


def _steps() -> list[dict[str, Any]]:
    """The explanation of a real fee, as it is stored."""
    from hamn.agreement.tariffs import queries, rules

    tariff, basis = queries.basis_for(None, "0117")
    fee = rules.fee_for(
        basis,
        index_percent=tariff.index_percent,
        base_year=2021,
        year=LAST_YEAR,
        in_force=date(2021, 1, 1),
    )
    return [step.as_data() for step in fee.steps]


def _invoices(
    ids: list[int], year: int, first: int, steps: list[dict[str, Any]], by: Any
) -> Iterator[Any]:
    from hamn.agreement.invoicing.models import Invoice

    for place, agreement in enumerate(ids, first + 1):
        issued = date(year, 1, 15) + timedelta(days=place % 28)
        yield Invoice(
            agreement_id=agreement,
            origin="own",
            kind="yearly",
            year=year,
            number=f"{year}{place:05d}",
            issued_on=issued,
            due_on=issued + timedelta(days=30),
            twelfths=12,
            amount_kr=20_000 + place,
            explanation=steps,
            created_by=by,
        )


def _tell(stored: list[Any], by: Any) -> None:
    from hamn.agreement.invoicing.events import Event
    from hamn.guards.audit import actions as audit

    audit.record_many(
        (audit.Happening(Event.ISSUED, one, {"number": one.number}) for one in stored), by=by
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    print(write(int(sys.argv[1])))
