"""The head of a unit becomes a role."""

from django.db import migrations, models

ROLES = [
    "system_administrator",
    "agreement_administrator",
    "controller",
    "reader",
    "head_of_unit",
]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="personrole", name="role_is_known"),
        migrations.AlterField(
            model_name="personrole",
            name="role",
            field=models.CharField(choices=[(role, role) for role in ROLES], max_length=40),
        ),
        migrations.AddConstraint(
            model_name="personrole",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=ROLES), name="role_is_known"
            ),
        ),
    ]
