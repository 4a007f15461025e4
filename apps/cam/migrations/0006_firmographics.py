from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0005_deals"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="city",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
        migrations.AddField(
            model_name="lead",
            name="employees",
            field=models.PositiveIntegerField(blank=True, help_text="People of the company, at least", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="employees_most",
            field=models.PositiveIntegerField(blank=True, help_text="At most, where that is known", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="industry",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddField(
            model_name="lead",
            name="region",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
        migrations.AddField(
            model_name="lead",
            name="revenue",
            field=models.DecimalField(blank=True, decimal_places=2, help_text="A year's", max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="revenue_currency",
            field=models.CharField(blank=True, db_default="", help_text="Empty where nobody said", max_length=3),
        ),
        migrations.AddField(
            model_name="lead",
            name="seniority",
            field=models.CharField(
                blank=True,
                choices=[
                    ("OWNER", "Owner"),
                    ("EXECUTIVE", "Executive"),
                    ("VP", "Vp"),
                    ("DIRECTOR", "Director"),
                    ("MANAGER", "Manager"),
                    ("SENIOR", "Senior"),
                    ("STAFF", "Staff"),
                    ("JUNIOR", "Junior"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="signals",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Why they may buy, in short words",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="website",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("employees__isnull", True), ("employees_most__isnull", True)),
                    models.Q(
                        ("employees__gte", 1),
                        models.Q(
                            ("employees_most__isnull", True),
                            ("employees_most__gte", models.F("employees")),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="lead_employees_are_a_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revenue__isnull", True), ("revenue_currency", "")), ("revenue__gte", 0), _connector="OR"
                ),
                name="lead_revenue_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "seniority__in",
                        ["", "OWNER", "EXECUTIVE", "VP", "DIRECTOR", "MANAGER", "SENIOR", "STAFF", "JUNIOR"],
                    )
                ),
                name="lead_seniority_is_known",
            ),
        ),
    ]
