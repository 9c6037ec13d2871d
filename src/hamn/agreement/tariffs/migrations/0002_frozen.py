from django.db import migrations

from hamn.guards.audit.immutable import no_truncate, refused_while

FROZEN = "EXISTS (SELECT 1 FROM tariffs_tariff t WHERE t.id IN ({tariffs}) AND t.frozen_at IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial")]
    operations = [
        refused_while(table, [operation], when=FROZEN.format(tariffs=tariffs))
        for table in ("tariffs_tariffline", "tariffs_tariffpost")
        for operation, tariffs in (
            ("INSERT", "NEW.tariff_id"),
            # A line may neither leave a frozen tariff nor move into one.
            ("UPDATE", "OLD.tariff_id, NEW.tariff_id"),
            ("DELETE", "OLD.tariff_id"),
        )
    ] + [
        *(no_truncate(f"tariffs_{table}") for table in ("tariff", "tariffline", "tariffpost")),
        refused_while("tariffs_tariff", ["UPDATE", "DELETE"], when="OLD.frozen_at IS NOT NULL"),
    ]
