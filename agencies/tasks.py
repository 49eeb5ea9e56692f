"""Jobs of the agencies: mails that go out after the request, from the queue of its own transaction."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from agencies import mails
from agencies.models import Agency, Membership, User

#: For every mail: after 1 minute, then each time 10 minutes later than the last. A short outage delays a
#: mail by minutes; 28 more attempts reach over 64 hours, a mail server that is down all weekend.
RETRY = RetryStrategy(max_attempts=28, wait=60, linear_wait=600)


@app.task(name="agencies.send_invitation", retry=RETRY)
def send_invitation(*, membership: int) -> None:
    """Mail an invitation. The link is made here, so that no valid key ever lies in the queue."""
    member = Membership.objects.select_related("user", "agency").filter(pk=membership).first()
    if member and (member.is_active or member.is_pending) and member.user.is_active:
        mails.send_invitation(member)


@app.task(name="agencies.tell_oversight", retry=RETRY)
def tell_oversight(*, agency: int) -> None:
    """Tell those who answer for the agency or its data protection that one person more may read cases."""
    mails.tell_oversight(Agency.objects.get(pk=agency))


@app.task(name="agencies.send_password_link", retry=RETRY)
def send_password_link(*, user: int | None) -> None:
    """Mail a link for a new password; ``None`` stands for an unknown address and sends nothing.

    Both cases cost the request the same, so the answer's time does not tell who has an account.
    """
    found = User.objects.filter(pk=user, is_active=True).first() if user else None
    if found:
        mails.send_password_link(found)
