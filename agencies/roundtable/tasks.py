"""Jobs of the round table: invitations, reminders of promises, and cases that propose themselves."""

import logging
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from agencies import access
from agencies.models import Agency, Membership
from agencies.roundtable import mails, minutes_mails, reminding, triggers
from agencies.tasks import RETRY

logger = logging.getLogger(__name__)


@app.task(name=mails.INVITATION, retry=RETRY)
def send_invitation(*, meeting: str, member: int, cancelled: bool) -> None:
    """Mail an invitation, an update or a cancellation; see ``mails``."""
    found = Membership.objects.select_related("user", "agency").get(pk=member)
    try:
        with access.acting_for(found.agency):
            mails.send_invitation(UUID(meeting), found, cancelled=cancelled)
    except OSError:  # of which all errors of SMTP are
        # Asked for again meanwhile: that job says it all, and two of a kind cannot wait.
        if not mails.hold_waiting(mails.INVITATION, meeting=meeting, member=member, cancelled=cancelled):
            raise


@app.task(name=mails.REMINDER, retry=RETRY)
def send_reminder(*, agency: int, member: int | None) -> None:
    """Mail how many promises are due."""
    for_agency = Agency.objects.get(pk=agency)
    person = Membership.objects.select_related("user", "agency").filter(pk=member).first() if member else None
    try:
        with access.acting_for(for_agency):
            mails.send_reminder(for_agency, person)
    except OSError:
        if not mails.hold_waiting(mails.REMINDER, agency=agency, member=member):
            raise


@app.task(name=minutes_mails.TASK, retry=RETRY)
def send_minutes(*, meeting: str, member: int) -> None:
    """Mail the link to locked minutes; see ``minutes_mails``."""
    found = Membership.objects.select_related("user", "agency").get(pk=member)
    with access.acting_for(found.agency):
        minutes_mails.send(UUID(meeting), found)


@app.periodic(cron="23 6 * * *")
@app.task(name="roundtable.remind", queueing_lock="roundtable:remind")
def remind(timestamp: int) -> None:
    """Look every morning which promises are due."""
    run_reminders(timezone.localdate())


def run_reminders(today: date) -> list[UUID]:
    """Remind of every promise that is due, each in a transaction of its own; returns which."""
    agencies = Agency.objects.in_bulk()
    done = []
    for pk, agency_id in reminding.due(today):
        try:
            with access.acting_for(agencies[agency_id]):
                if reminding.remind(pk, agencies[agency_id]):
                    done.append(pk)
        except DatabaseError:
            # One broken row must not keep everyone else waiting; tomorrow tries it again.
            logger.exception("Reminder of commitment %s failed", pk)
    return done


@app.periodic(cron="41 5 * * *")
@app.task(name="roundtable.propose", queueing_lock="roundtable:propose")
def propose(timestamp: int) -> None:
    """Look every morning which cases belong before a table."""
    run_triggers(timezone.localdate(), Agency.objects.filter(is_active=True))


def run_triggers(today: date, agencies: Iterable[Agency]) -> int:
    """Propose the cases of each agency, which are all it sees here; returns how many."""
    count = 0
    for agency in agencies:
        try:
            with access.acting_for(agency):
                count += len(triggers.propose(agency, today))
        except DatabaseError:
            logger.exception("Proposals of agency %s failed", agency.pk)
    return count
