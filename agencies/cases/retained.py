"""What a former lead keeps of a case that it handed over in part."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.enums import Category


class RetainedRecord(models.Model):
    """One category that stayed with the former lead: section, notes, people and history as they were.

    Written by a database trigger in the statement of the handover and read-only from then on; the rows it
    was made of are gone from the case. Visible to the team that held the case, and to nobody else.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    category = models.CharField(_("Datenkategorie"), max_length=20, choices=Category)
    #: The ended holding of the former lead: whose record it is, on which basis it was collected.
    holding = models.ForeignKey("cases.Disclosure", on_delete=models.CASCADE, related_name="+")
    retained_at = models.DateTimeField(_("verwahrt seit"), default=timezone.now)
    content = models.JSONField()

    class Meta:
        verbose_name = _("Verwahrte Daten")
        verbose_name_plural = _("Verwahrte Daten")
        constraints = [models.UniqueConstraint(fields=["holding", "category"], name="retained_once")]

    def __str__(self) -> str:
        return f"{self.category} {self.retained_at:%Y-%m-%d}"
