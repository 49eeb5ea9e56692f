import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0002_row_security'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('case_reference', models.CharField(max_length=20, verbose_name='Geschäftszeichen')),
                ('purpose', models.CharField(choices=[('case_management', 'Fallführung'), ('integration_work', 'Eingliederung in Arbeit und Ausbildung'), ('language_course', 'Vermittlung in einen Sprachkurs'), ('school_training', 'Schule und Ausbildung'), ('recognition', 'Anerkennung von Abschlüssen'), ('youth_welfare', 'Hilfe für junge Menschen und Familien'), ('childcare', 'Kinderbetreuung'), ('benefit_claim', 'Klärung von Leistungen'), ('housing', 'Wohnraum'), ('residence_question', 'Aufenthaltsrechtliche Frage'), ('debt_advice', 'Schuldnerberatung'), ('advice', 'Beratung'), ('handover', 'Wechsel der Federführung')], max_length=30, verbose_name='Zweck')),
                ('legal_basis', models.CharField(choices=[('sgb10_67a', 'Erhebung zur eigenen Aufgabe (§ 67a SGB X)'), ('sgb10_69', 'Aufgabenerfüllung nach dem Sozialgesetzbuch (§ 69 Abs. 1 Nr. 1 SGB X)'), ('consent', 'Einwilligung der betroffenen Person (§ 67b Abs. 2 SGB X)'), ('sgb10_71_2', 'Ausländerrechtliche Übermittlung (§ 71 Abs. 2 SGB X)'), ('aufenthg_87', 'Ersuchen der Ausländerbehörde (§§ 86, 87 AufenthG)'), ('sgb2_16', 'Durchführung einer Maßnahme im Auftrag (§ 16 SGB II, § 69 SGB X)')], max_length=20, verbose_name='Rechtsgrundlage')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('identity', 'Identität'), ('contact', 'Kontakt'), ('residence', 'Aufenthalt'), ('language', 'Sprache'), ('education', 'Bildung und Anerkennung'), ('work', 'Arbeit'), ('inclinations', 'Neigungen'), ('family', 'Familie und Kinderbetreuung'), ('benefits', 'Leistungen'), ('housing', 'Wohnen'), ('debts', 'Schulden'), ('health', 'Gesundheit und Hemmnisse')], max_length=20), blank=True, default=list, size=None, verbose_name='Datenkategorien')),
                ('necessity', models.TextField(blank=True, max_length=2000, verbose_name='Erforderlichkeit')),
                ('beyond_reason', models.TextField(blank=True, max_length=2000, verbose_name='Begründung für weitere Daten')),
                ('valid_until', models.DateField(verbose_name='Daten sichtbar bis')),
                ('request', models.TextField(blank=True, max_length=5000, verbose_name='Anliegen')),
                ('state', models.CharField(choices=[('draft', 'Entwurf'), ('sent', 'gesendet'), ('received', 'eingegangen'), ('question', 'Rückfrage'), ('accepted', 'angenommen'), ('started', 'begonnen'), ('outcome', 'Ergebnis liegt vor'), ('closed', 'abgeschlossen'), ('declined', 'abgelehnt'), ('rerouted', 'weitergeleitet'), ('withdrawn', 'zurückgezogen'), ('expired', 'abgelaufen'), ('dropped_out', 'abgebrochen')], default='draft', max_length=12, verbose_name='Stand')),
                ('state_since', models.DateTimeField(verbose_name='seit')),
                ('version', models.PositiveIntegerField(default=1)),
                ('outcome', models.CharField(blank=True, choices=[('achieved', 'Ziel erreicht'), ('partly', 'Ziel teilweise erreicht'), ('not_achieved', 'Ziel nicht erreicht'), ('no_need', 'Bedarf entfallen'), ('no_show', 'Person nicht erschienen'), ('dropped_out', 'abgebrochen'), ('moved_away', 'verzogen')], max_length=20, verbose_name='Ergebnis')),
                ('outcome_text', models.TextField(blank=True, max_length=2000, verbose_name='Erläuterung zum Ergebnis')),
                ('decline_reason', models.CharField(blank=True, choices=[('not_responsible', 'nicht zuständig'), ('no_capacity', 'derzeit keine freien Plätze'), ('requirements', 'Voraussetzungen nicht erfüllt'), ('data_missing', 'Angaben fehlen oder stimmen nicht'), ('not_reached', 'Person nicht erreicht'), ('not_wanted', 'Person wünscht das Angebot nicht'), ('already_served', 'Person wird hier schon betreut')], max_length=20, verbose_name='Ablehnungsgrund')),
                ('parked_until', models.DateField(blank=True, null=True, verbose_name='zurückgestellt bis')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='angelegt am')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='zur Entscheidung vorgelegt am')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gesendet am')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='erste Antwort am')),
                ('followed_up_at', models.DateTimeField(blank=True, null=True, verbose_name='neu überwiesen am')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='beendet am')),
                ('remind_on', models.DateField(blank=True, null=True, verbose_name='Erinnerung am')),
                ('escalate_on', models.DateField(blank=True, null=True, verbose_name='Eskalation am')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='läuft ab am')),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('lapsed_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership')),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership', verbose_name='zuständig')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='referrals', to='cases.case')),
                ('disclosure', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referral', to='cases.disclosure')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='referrals.referral')),
                ('proposed_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='vorgeschlagene Stelle')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='Empfänger')),
                ('recipient_group', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
                ('recipient_team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.team', verbose_name='Team')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='Absender')),
                ('sender_group', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
                ('sender_member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership', verbose_name='überwiesen von')),
                ('sender_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.team', verbose_name='Team des Absenders')),
            ],
            options={
                'verbose_name': 'Überweisung',
                'verbose_name_plural': 'Überweisungen',
                'ordering': ('-state_since', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('request', 'Anliegen'), ('question', 'Rückfrage'), ('answer', 'Antwort'), ('remark', 'Nachricht')], default='remark', max_length=10, verbose_name='Art')),
                ('text', models.TextField(max_length=5000, verbose_name='Text')),
                ('at', models.DateTimeField(verbose_name='Zeitpunkt')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='referrals.referral')),
            ],
            options={
                'verbose_name': 'Nachricht',
                'verbose_name_plural': 'Nachrichten',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ReferralEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='Zeitpunkt')),
                ('act', models.CharField(choices=[('revise', 'Bearbeiten'), ('discard', 'Entwurf verwerfen'), ('submit', 'Zur Entscheidung vorlegen'), ('send', 'Senden'), ('withdraw', 'Zurückziehen'), ('answer', 'Rückfrage beantworten'), ('confirm_reroute', 'Weiterleitung zustimmen'), ('reject_reroute', 'Weiterleitung ablehnen'), ('close', 'Abschließen'), ('reopen', 'Wieder öffnen'), ('offer_next', 'Neu überweisen'), ('park', 'Zurückstellen'), ('receive', 'Eingang bestätigen'), ('ask', 'Rückfrage stellen'), ('accept', 'Annehmen'), ('decline', 'Ablehnen'), ('propose_reroute', 'Andere Stelle vorschlagen'), ('take_on', 'Selbst übernehmen'), ('assign', 'Zuweisen'), ('start', 'Beginn melden'), ('record_outcome', 'Ergebnis melden'), ('drop_out', 'Abbruch melden'), ('remark', 'Nachricht schreiben'), ('remind', 'Erinnerung'), ('escalate', 'Eskalation'), ('expire', 'Ablauf'), ('lapse', 'Ende der Datenübermittlung')], max_length=20, verbose_name='Vorgang')),
                ('before', models.CharField(choices=[('draft', 'Entwurf'), ('sent', 'gesendet'), ('received', 'eingegangen'), ('question', 'Rückfrage'), ('accepted', 'angenommen'), ('started', 'begonnen'), ('outcome', 'Ergebnis liegt vor'), ('closed', 'abgeschlossen'), ('declined', 'abgelehnt'), ('rerouted', 'weitergeleitet'), ('withdrawn', 'zurückgezogen'), ('expired', 'abgelaufen'), ('dropped_out', 'abgebrochen')], max_length=12)),
                ('after', models.CharField(choices=[('draft', 'Entwurf'), ('sent', 'gesendet'), ('received', 'eingegangen'), ('question', 'Rückfrage'), ('accepted', 'angenommen'), ('started', 'begonnen'), ('outcome', 'Ergebnis liegt vor'), ('closed', 'abgeschlossen'), ('declined', 'abgelehnt'), ('rerouted', 'weitergeleitet'), ('withdrawn', 'zurückgezogen'), ('expired', 'abgelaufen'), ('dropped_out', 'abgebrochen')], max_length=12)),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='Text')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='referrals.referral')),
            ],
            options={
                'verbose_name': 'Verlaufseintrag',
                'verbose_name_plural': 'Verlauf',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('taken_at', models.DateTimeField(verbose_name='Stand')),
                ('referral', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='snapshot', to='referrals.referral')),
            ],
            options={
                'verbose_name': 'Datenauszug',
                'verbose_name_plural': 'Datenauszüge',
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='Zeitpunkt')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='referrals.snapshot')),
            ],
            options={
                'verbose_name': 'Kenntnisnahme',
                'verbose_name_plural': 'Kenntnisnahmen',
            },
        ),
        migrations.CreateModel(
            name='SnapshotContent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('category', models.CharField(choices=[('identity', 'Identität'), ('contact', 'Kontakt'), ('residence', 'Aufenthalt'), ('language', 'Sprache'), ('education', 'Bildung und Anerkennung'), ('work', 'Arbeit'), ('inclinations', 'Neigungen'), ('family', 'Familie und Kinderbetreuung'), ('benefits', 'Leistungen'), ('housing', 'Wohnen'), ('debts', 'Schulden'), ('health', 'Gesundheit und Hemmnisse')], max_length=20, verbose_name='Datenkategorie')),
                ('rows', models.JSONField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contents', to='referrals.snapshot')),
            ],
            options={
                'verbose_name': 'Inhalt eines Datenauszugs',
                'verbose_name_plural': 'Inhalte von Datenauszügen',
            },
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['recipient_group', 'state', '-state_since'], name='referral_in_box'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['sender_group', 'state', '-state_since'], name='referral_out_box'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['assigned_to', 'state'], name='referral_assigned'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('remind_on__isnull', False)), fields=['remind_on'], name='referral_remind'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sent', 'received', 'question', 'accepted', 'started', 'outcome', 'closed', 'declined', 'rerouted', 'withdrawn', 'expired', 'dropped_out'])), name='referral_state_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('sender', models.F('recipient')), _negated=True), name='referral_leaves_the_house'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disclosure', None), ('sent_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('disclosure__isnull', False), ('request', ''), ('sent_at__isnull', False)), _connector='OR'), name='only_drafts_are_unsent'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['outcome', 'closed']), _negated=True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='closing_needs_an_outcome', violation_error_message='Ohne Ergebnis kann die Überweisung nicht abgeschlossen werden.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('decline_reason', ''), _negated=True), _connector='OR'), name='declining_needs_a_reason', violation_error_message='Eine Ablehnung braucht einen Grund.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'dropped_out', 'outcome', 'started']), _negated=True), models.Q(('accepted_by__isnull', False), ('answered_at__isnull', False)), _connector='OR'), name='taken_on_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_at__gte', models.F('sent_at')), _connector='OR'), models.Q(('closed_at', None), ('closed_at__gte', models.F('sent_at')), _connector='OR')), name='referral_dates_ordered'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ['accepted', 'draft', 'dropped_out', 'outcome', 'question', 'received', 'sent', 'started'])), models.Q(models.Q(('state__in', ['accepted', 'draft', 'dropped_out', 'outcome', 'question', 'received', 'sent', 'started']), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='over_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('parked_until', None), ('state', 'declined'), _connector='OR'), name='only_declined_referrals_wait'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['accepted', 'dropped_out', 'outcome', 'question', 'received', 'sent', 'started'])), fields=('case', 'recipient_group', 'purpose'), name='one_open_referral_per_purpose', violation_error_message='Zu diesem Zweck läuft dort bereits eine Überweisung.'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['referral', 'at'], name='message_referral_at'),
        ),
        migrations.AddIndex(
            model_name='referralevent',
            index=models.Index(fields=['referral', 'at'], name='event_referral_at'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('snapshot', 'member'), name='acknowledged_once_per_member'),
        ),
        migrations.AddConstraint(
            model_name='snapshotcontent',
            constraint=models.UniqueConstraint(fields=('snapshot', 'category'), name='content_once_per_category'),
        ),
    ]
