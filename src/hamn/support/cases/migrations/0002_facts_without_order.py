from django.db import migrations

from hamn.guards.audit.unordered import without_order


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [without_order("cases_fact")]
