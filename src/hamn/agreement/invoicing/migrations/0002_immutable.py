from django.db import migrations

from hamn.guards.audit.immutable import append_only, frozen_columns, refused_while

ALWAYS = (
    "id agreement_id run_id origin kind year round twelfths amount_kr credits_id reason document "
    "explanation created_at created_by_id"
).split()


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial")]
    operations = [
        frozen_columns("invoicing_invoice", ALWAYS),
        # The ledger's number and dates come once, after the basis was handed over.
        refused_while(
            "invoicing_invoice",
            ["UPDATE"],
            when="OLD.number IS NOT NULL OR OLD.origin <> 'ledger'",
        ),
        append_only("invoicing_invoiceline"),
        append_only("invoicing_invoicefile"),
        append_only("invoicing_deliveryevent"),
    ]
