"""Jobs of the referrals: the hourly look at the clocks, and the mails."""

import logging
from datetime import date

from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from agencies import access
from agencies.models import Agency, Membership
from agencies.referrals import mails, overdue
from agencies.referrals.enums import Act, Side
from agencies.tasks import RETRY

logger = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")
@app.task(name="referrals.look_at_clocks", queueing_lock="referrals:clocks")
def look_at_clocks(timestamp: int) -> None:
    """Remind, escalate and expire what is due."""
    run_clocks(timezone.localdate())


def run_clocks(today: date) -> list[Act]:
    """Do all that is due on a day, each referral in a transaction of its own; returns what was done."""
    agencies = Agency.objects.in_bulk()
    done = []
    for pk, agency_id in overdue.due(today):
        agency = agencies[agency_id]
        try:
            with access.acting_for(agency):
                acted = overdue.act(pk, today, agency=agency)
        except DatabaseError:
            # One broken row must not stop everyone else's clock; the next hour tries it again.
            logger.exception("Clock of referral %s failed", pk)
            continue
        if acted:
            done.append(acted)
    return done


@app.task(name=mails.TASK, retry=RETRY)
def send_notice(*, notice: str, agency: int, side: str, member: int | None) -> None:
    """Send one queued mail; see ``mails``. While the mail server is away, it is tried again."""
    for_agency = Agency.objects.get(pk=agency)
    to = Membership.objects.select_related("user").filter(pk=member).first() if member else None
    try:
        with access.acting_for(for_agency):
            mails.send(mails.Notice(notice), for_agency, Side(side), to)
    except OSError:  # of which all errors of SMTP are
        # Asked for again meanwhile: that job says it all, and two of a kind cannot wait.
        if not mails.hold_waiting(notice=notice, agency=agency, side=side, member=member):
            raise
