from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("committee", "0005_procedure_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="motion", name="a_motion_is_of_a_known_kind"),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "proposal",
                        "release",
                        "amend",
                        "suspend",
                        "resume",
                        "override",
                        "write_off",
                        "refund",
                        "condition",
                        "preference",
                        "concentration",
                        "direct_cost",
                        "reserve",
                        "rules",
                        "seats",
                        "auditor",
                        "shortfall",
                        "lift",
                    ]
                ),
                name="a_motion_is_of_a_known_kind",
            ),
        ),
    ]
