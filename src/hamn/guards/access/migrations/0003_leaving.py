"""A person has left on a day, is perhaps of the demo, and her address is in small letters."""

from django.db import migrations, models


def tidy(apps, editor):
    """Earlier rows: addresses in small letters, and a day for those who are no longer active."""
    people = apps.get_model("access", "Person").objects.all()
    for person in people:
        person.email = person.email.strip().lower()
        person.left_on = None if person.is_active else person.created_at.date()
        person.save(update_fields=["email", "left_on"])


class Migration(migrations.Migration):
    dependencies = [("access", "0002_head_of_unit")]

    operations = [
        migrations.AddField(
            model_name="person", name="is_demo", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="person", name="left_on", field=models.DateField(null=True)
        ),
        migrations.RunPython(tidy, migrations.RunPython.noop),
    ]
