from django.db import migrations

from hamn.guards.audit.immutable import refused_while

FROZEN = "EXISTS (SELECT 1 FROM tariffs_tariff t WHERE t.id = {row}.tariff_id AND t.frozen_at IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial")]
    operations = [
        refused_while(table, [operation], when=FROZEN.format(row=row))
        for table in ("tariffs_tariffline", "tariffs_tariffpost")
        for operation, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ] + [
        refused_while("tariffs_tariff", ["UPDATE", "DELETE"], when="OLD.frozen_at IS NOT NULL"),
    ]
