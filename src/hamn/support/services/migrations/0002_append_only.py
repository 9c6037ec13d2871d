from django.db import migrations

from hamn.guards.audit.immutable import append_only


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]
    operations = [
        append_only("services_turnedawayevent"),
        append_only("services_turnedawayfact"),
    ]
