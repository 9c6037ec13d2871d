from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("door", "0004_read_texts")]
    operations = [
        migrations.AddField("message", "service", models.CharField(max_length=40, null=True)),
    ]
