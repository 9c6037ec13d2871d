from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("door", "0003_door_salt")]
    operations = [
        migrations.AddField("pagetext", "reviewer", models.CharField(max_length=120, null=True)),
        migrations.AddField("pagetext", "reviewed_on", models.DateField(null=True)),
    ]
