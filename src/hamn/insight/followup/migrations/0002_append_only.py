from django.db import migrations

from hamn.guards.audit.immutable import append_only


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial")]
    operations = [append_only("followup_publishedtotal")]
