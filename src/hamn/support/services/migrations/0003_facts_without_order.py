from django.db import migrations

from hamn.guards.audit.unordered import without_order


class Migration(migrations.Migration):
    dependencies = [("services", "0002_append_only")]
    operations = [
        without_order("services_turnedawayevent"),
        without_order("services_turnedawayfact"),
    ]
