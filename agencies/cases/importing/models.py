"""An import from upload to result, its file and rows while it lasts, and which case came from which row."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Membership, Team, User


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Spalten zuordnen")
    CHECKING = "checking", _("wird geprüft")
    CHECKED = "checked", _("geprüft, noch nicht eingelesen")
    WRITING = "writing", _("wird eingelesen")
    DONE = "done", _("eingelesen")
    CANCELLED = "cancelled", _("angehalten")
    FAILED = "failed", _("abgebrochen")
    DISCARDED = "discarded", _("verworfen")
    EXPIRED = "expired", _("abgelaufen")


#: A job is at work; pages show progress and ask again.
RUNNING = (ImportState.CHECKING, ImportState.WRITING)
#: Nothing follows any more.
FINISHED = (
    ImportState.DONE,
    ImportState.CANCELLED,
    ImportState.FAILED,
    ImportState.DISCARDED,
    ImportState.EXPIRED,
)


class RowKind(models.TextChoices):
    NEW = "new", _("neu")
    KNOWN = "known", _("schon vorhanden")
    DOUBLE = "double", _("doppelt in der Datei")
    ERROR = "error", _("fehlerhaft")
    WRITTEN = "written", _("eingelesen")


class ImportBatch(models.Model):
    """One upload: who, when, how far, how many. Names no person; stays when file and rows are deleted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("Team"))
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(_("Datei"), max_length=120)
    state = models.CharField(_("Stand"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    message = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("hochgeladen am"), default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: When a job last moved; an import at rest for long has lost its worker.
    moved_at = models.DateTimeField(default=timezone.now)
    cancel_requested = models.BooleanField(default=False)
    total = models.PositiveIntegerField(_("Zeilen"), default=0)
    done = models.PositiveIntegerField(default=0)
    #: Rows by ``RowKind``, kept for the list after the rows are gone.
    counts = models.JSONField(default=dict)
    #: Digest of a heading → target key, remembered for the agency's next file with the same headings.
    mapping = models.JSONField(default=dict)
    signature = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Importe")
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["agency", "-created_at"], name="import_agency_newest")]

    def __str__(self) -> str:
        return f"{self.filename} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("cases:import_report", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def faulty_count(self) -> int:
        """Rows that stayed out."""
        return sum(self.counts.get(kind, 0) for kind in (RowKind.ERROR, RowKind.DOUBLE))


class ImportFile(models.Model):
    """The uploaded file; personal data, so only its uploader sees it, and it goes when the import is done."""

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, primary_key=True, related_name="file")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    sheet = models.CharField(max_length=120, blank=True)
    sheets = ArrayField(models.CharField(max_length=120), default=list)
    headers = ArrayField(models.CharField(max_length=120))
    #: First values of each column, as shown on the page.
    samples = models.JSONField(default=list)
    #: Column → [target key, confidence].
    suggestions = models.JSONField(default=dict)
    warnings = ArrayField(models.TextField(), default=list)

    class Meta:
        verbose_name = _("Importdatei")
        verbose_name_plural = _("Importdateien")

    def __str__(self) -> str:
        return str(self.batch_id)


class ImportRow(models.Model):
    """What became of one row. Cells are kept only where the row has to go back to the user."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("Zeile"))
    kind = models.CharField(_("Ergebnis"), max_length=8, choices=RowKind)
    name = models.CharField(_("Person"), max_length=250, blank=True)
    #: [target key, German sentence] for each fault.
    faults = models.JSONField(default=list)
    cells = models.JSONField(null=True)

    class Meta:
        verbose_name = _("Importzeile")
        verbose_name_plural = _("Importzeilen")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "kind", "number"], name="import_row_kind")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class CaseOrigin(models.Model):
    """By what an agency's import knows a person again: makes a second import of the same row change nothing.

    Fingerprints are one-way digests, and the row is visible to the importing agency alone.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=32)
    #: The same without the agency's number: the next file may come without that column.
    name_fingerprint = models.CharField(max_length=32)
    #: Digest of the agency's number of the household; later imports join the same household by it.
    household_key = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("Herkunft eines Falls")
        verbose_name_plural = _("Herkunft der Fälle")
        constraints = [
            models.UniqueConstraint(fields=["agency", "fingerprint"], name="imported_once_per_agency")
        ]
        indexes = [
            models.Index(fields=["agency", "name_fingerprint"], name="origin_name"),
            models.Index(
                fields=["agency", "household_key"],
                condition=~models.Q(household_key=""),
                name="origin_household",
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint
