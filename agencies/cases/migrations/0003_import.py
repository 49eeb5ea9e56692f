"""Imports: their files and rows behind row-level security, and by what a person is known again."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from agencies.row_security import ME, MY_AGENCY, forbid, let_owner, protect

LED = (
    "EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.case_id = cases_caseorigin.case_id "
    "AND g.category = '' AND g.level = 'change')"
)
MINE = f"agency_id = {MY_AGENCY} AND user_id = {ME}"

# The clock of the installation, not of an agency: it needs no context and tells nothing but a number.
FORGET = """
CREATE FUNCTION forget_old_imports() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    deadline timestamptz := now() - interval '24 hours';
    forgotten integer;
BEGIN
    DELETE FROM cases_importrow r USING cases_importbatch b
        WHERE b.id = r.batch_id AND b.created_at < deadline;
    DELETE FROM cases_importfile f USING cases_importbatch b
        WHERE b.id = f.batch_id AND b.created_at < deadline;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE cases_importbatch SET state = 'expired', finished_at = now()
        WHERE created_at < deadline AND state IN ('uploaded', 'checking', 'checked', 'writing');
    RETURN forgotten;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_row_security"),
        ("cases", "0002_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("filename", models.CharField(max_length=120, verbose_name="Datei")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Spalten zuordnen"),
                            ("checking", "wird geprüft"),
                            ("checked", "geprüft, noch nicht eingelesen"),
                            ("writing", "wird eingelesen"),
                            ("done", "eingelesen"),
                            ("cancelled", "angehalten"),
                            ("failed", "abgebrochen"),
                            ("discarded", "verworfen"),
                            ("expired", "abgelaufen"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="hochgeladen am"),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="Zeilen")),
                ("done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("signature", models.CharField(max_length=32)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.team",
                        verbose_name="Team",
                    ),
                ),
            ],
            options={
                "verbose_name": "Import",
                "verbose_name_plural": "Importe",
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="CaseOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=32)),
                ("name_fingerprint", models.CharField(max_length=32)),
                ("household_key", models.CharField(blank=True, max_length=32)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.importbatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "Herkunft eines Falls",
                "verbose_name_plural": "Herkunft der Fälle",
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Zeile")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "neu"),
                            ("known", "schon vorhanden"),
                            ("double", "doppelt in der Datei"),
                            ("error", "fehlerhaft"),
                            ("written", "eingelesen"),
                        ],
                        max_length=8,
                        verbose_name="Ergebnis",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=250, verbose_name="Person")),
                ("faults", models.JSONField(default=list)),
                ("cells", models.JSONField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cases.importbatch",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Importzeile",
                "verbose_name_plural": "Importzeilen",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="cases.importbatch",
                    ),
                ),
                ("content", models.BinaryField()),
                ("sheet", models.CharField(blank=True, max_length=120)),
                (
                    "sheets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "headers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), size=None
                    ),
                ),
                ("samples", models.JSONField(default=list)),
                ("suggestions", models.JSONField(default=dict)),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Importdatei",
                "verbose_name_plural": "Importdateien",
            },
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(fields=["agency", "-created_at"], name="import_agency_newest"),
        ),
        migrations.AddIndex(
            model_name="caseorigin",
            index=models.Index(fields=["agency", "name_fingerprint"], name="origin_name"),
        ),
        migrations.AddIndex(
            model_name="caseorigin",
            index=models.Index(
                condition=models.Q(("household_key", ""), _negated=True),
                fields=["agency", "household_key"],
                name="origin_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseorigin",
            constraint=models.UniqueConstraint(
                fields=("agency", "fingerprint"), name="imported_once_per_agency"
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["batch", "kind", "number"], name="import_row_kind"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="import_row_once"),
        ),
        # The frame of an import names no person: the agency sees it.
        let_owner("cases_importbatch"),
        protect(
            "cases_importbatch",
            select=f"agency_id = {MY_AGENCY}",
            insert=f"agency_id = {MY_AGENCY}",
            update=f"agency_id = {MY_AGENCY}",
        ),
        forbid("cases_importbatch", "DELETE"),
        # File and rows are seen by who uploaded them, acting for that agency.
        let_owner("cases_importfile"),
        protect("cases_importfile", select=MINE, insert=MINE, update=MINE, delete=MINE),
        let_owner("cases_importrow"),
        protect("cases_importrow", select=MINE, insert=MINE, update=MINE, delete=MINE),
        protect(
            "cases_caseorigin",
            select=f"agency_id = {MY_AGENCY}",
            insert=f"agency_id = {MY_AGENCY} AND " + LED,
        ),
        forbid("cases_caseorigin", "UPDATE", "DELETE"),
        migrations.RunSQL(FORGET, "DROP FUNCTION forget_old_imports()"),
    ]
