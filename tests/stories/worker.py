"""What the processes of the stories do.

Usage: worker.py build | run DELAY_S | release | work DELAY_S | check | credit N.
"""

import json
import os
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamn.agreement.invoicing.actions.press import Press

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
TODAY = date(2026, 1, 15)
SIGNED = date(2021, 2, 10)
HEAD = "head@test.example"


def build() -> None:
    """The demo's parties, each with an agreement in force, nothing invoiced."""
    from hamn.agreement.agreements import actions as agreements
    from hamn.agreement.agreements.rules import Side, SigningMethod
    from hamn.guards.access import actions as access
    from hamn.guards.access.rules import Role
    from hamn.register.organisations import actions as organisations
    from hamn.register.organisations import queries as registers
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    person = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    access.add_person(email=HEAD, title="Enhetschef", roles=[Role.HEAD_OF_UNIT], by=person)
    organisations.import_parties(path=DATA / "parties.csv", today=date(2021, 1, 1), by=person)
    for party in registers.parties(person):
        if party.is_provider:
            continue
        agreement = agreements.draft(
            code=party.municipality_id,
            index_base_year=None,
            agreed_start=None,
            reference="",
            by=person,
        )
        for side in Side:
            agreements.sign(
                agreement_id=agreement.pk,
                side=side,
                signed_on=SIGNED,
                agreed_start=None,
                title="",
                method=SigningMethod.PAPER,
                today=TODAY,
                by=person,
            )


def run(delay_s: float) -> None:
    """The year's run in batches of three, each document taking a while."""
    from hamn.agreement.invoicing import actions
    from hamn.site.acting import acting_person

    press = slow_press(delay_s)
    person = acting_person(None)
    print("ready", flush=True)
    result = actions.run_year(year=2026, today=TODAY, by=person, press=press)
    print(result.issued)


def slow_press(delay_s: float) -> "Press":
    """A press whose documents take a while, and batches of three."""
    from hamn.agreement.invoicing import queries
    from hamn.agreement.invoicing.actions.press import Press

    def draw(document: object, xml: bytes) -> bytes:
        time.sleep(delay_s)
        return b"%PDF-story"

    queries.in_batches.__defaults__ = (3,)
    return Press(judge=lambda xml: [], draw=draw)


def release() -> None:
    """A run of the year, prepared by one person and released by another."""
    from hamn.agreement.invoicing import actions
    from hamn.guards.access.queries import by_email
    from hamn.site.acting import acting_person

    run = actions.prepare_run(year=2026, today=TODAY, by=acting_person(None))
    actions.release_run(
        run_id=run.pk, expected_kr=run.expected_kr or 0, today=TODAY, by=by_email(HEAD)
    )


def work(delay_s: float) -> None:
    """The worker until its queue is empty; tasks of killed workers are taken over at once."""
    from hamn.agreement.invoicing import tasks
    from hamn.site import worker

    press = slow_press(delay_s)
    tasks.configured = lambda folder: press
    print("ready", flush=True)
    worker.work(once=True, silence=timedelta(0))


def credit(count: int) -> None:
    """That many credit notes of one krona on the first invoice."""
    from hamn.agreement.invoicing import actions, queries
    from hamn.agreement.invoicing.actions.press import Press
    from hamn.site.acting import acting_person

    person = acting_person(None)
    number = str(queries.invoices_for(person).order_by("pk")[0])
    press = Press(judge=lambda xml: [], draw=lambda document, xml: b"%PDF-story")
    print("ready", flush=True)
    for _ in range(count):
        actions.credit(
            number=number, reason="prov", amount_kr=1, today=TODAY, by=person, press=press
        )


def check() -> None:
    """What stands in the database, as JSON: numbers, charges, orphans, the trail's verdict."""
    from django.conf import settings

    from hamn.agreement.invoicing.models import (
        Invoice,
        InvoiceFile,
        InvoiceLine,
        InvoiceRun,
        NumberSeries,
        RunOutcome,
    )
    from hamn.guards.audit import queries as audit
    from hamn.guards.audit.models import Entry

    invoices = list(Invoice.objects.order_by("number"))
    run = InvoiceRun.objects.latest("pk")
    delivered = settings.HAMN_HOME / "invoices" / "2026"
    print(
        json.dumps(
            {
                "numbers": [row.number for row in invoices],
                "charges": [[row.agreement_id, row.year, row.kind] for row in invoices],
                "amounts": sorted(row.amount_kr for row in invoices),
                "last_place": NumberSeries.objects.get(name="2026").last,
                "run": [run.state, run.planned, run.looked_at, run.issued],
                "outcomes": sorted(
                    RunOutcome.objects.filter(run=run).values_list("code", flat=True)
                ),
                "delivered": sorted(path.name for path in delivered.glob("[!.]*")),
                "lines": InvoiceLine.objects.count(),
                "files": InvoiceFile.objects.count(),
                "told": Entry.objects.filter(
                    event__in=["invoicing.issued", "invoicing.credited"]
                ).count(),
                "is_trail_sound": audit.verify(settings.TRAIL_HEADS).is_sound,
            }
        )
    )


if __name__ == "__main__":
    import django

    django.setup()
    verb, *words = sys.argv[1:]
    verbs = {
        **{"build": build, "run": run, "check": check, "credit": credit},
        **{"release": release, "work": work},
    }
    verbs[verb](*(int(word) if verb == "credit" else float(word) for word in words))
