from django.db import migrations

from hamn.guards.audit.immutable import append_only
from hamn.guards.audit.unordered import without_order


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [
        append_only("consultations_consultationfact"),
        without_order("consultations_consultationfact"),
    ]
