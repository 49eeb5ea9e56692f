"""The mail that says that minutes are ready: a link, and nothing about anybody."""

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.models import Meeting

TASK = "roundtable.send_minutes"


def tell(meeting: Meeting) -> None:
    """Queue a mail to everyone who was invited, one job each: a retry repeats nobody else's."""
    job = app.configure_task(TASK)
    for member in meeting.participants.order_by("pk").values_list("member_id", flat=True):
        job.defer(meeting=str(meeting.pk), member=member)


def send(meeting: UUID | str, member: Membership) -> bool:
    """Send the link to one person, who may have lost the right to it meanwhile. Runs for their agency."""
    is_there = member.is_active and member.user.is_active and member.may(Permission.JOIN_MEETINGS)
    sits_there = Meeting.objects.filter(pk=meeting, table__seats__agency=member.agency_id).exists()
    if not is_there or not sits_there or not member.user.email:
        return False
    parts = [
        _("Das Protokoll einer Sitzung Ihres Runden Tisches ist abgeschlossen."),
        settings.SITE_URL + reverse("roundtable:minutes", args=[meeting]),
        _("Diese Nachricht enthält keine Angaben zu Personen. Bitte melden Sie sich im Portal an."),
    ]
    send_mail(_("Kreisrund: Protokoll des Runden Tisches"), "\n\n".join(parts), None, [member.user.email])
    return True
