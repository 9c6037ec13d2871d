from django.db import migrations

from hamn.guards.audit.unordered import without_order


class Migration(migrations.Migration):
    dependencies = [("door", "0001_initial")]
    operations = [without_order("door_dialoguefact")]
