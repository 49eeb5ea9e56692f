"""Jobs of the agencies: mails that go out after the request, from the queue of its own transaction."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from agencies import mails
from agencies.models import Membership, User

RETRY = RetryStrategy(max_attempts=6, exponential_wait=30)


@app.task(name="agencies.send_invitation", retry=RETRY)
def send_invitation(*, membership: int) -> None:
    """Mail an invitation. The link is made here, so that no valid key ever lies in the queue."""
    member = Membership.objects.select_related("user", "agency").filter(pk=membership).first()
    if member and member.is_active and member.user.is_active:
        mails.send_invitation(member)


@app.task(name="agencies.send_password_link", retry=RETRY)
def send_password_link(*, user: int | None) -> None:
    """Mail a link for a new password; ``None`` stands for an unknown address and sends nothing.

    Both cases cost the request the same, so the answer's time does not tell who has an account.
    """
    found = User.objects.filter(pk=user, is_active=True).first() if user else None
    if found:
        mails.send_password_link(found)
