"""Inviting people into an agency: a new account, or a further membership for someone who has one.

Who has an account already works for somebody else: the further membership gives nothing until that
person accepts it, and accepting does not change for whom they work.
"""

from collections.abc import Iterable
from datetime import timedelta

from anyascii import anyascii
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agencies import actions, audit, tasks
from agencies.errors import Refused
from agencies.models import Membership, Team, User
from agencies.roles import Role


@transaction.atomic
def invite(
    *,
    email: str,
    first_name: str,
    last_name: str,
    username: str = "",
    role: Role,
    teams: Iterable[Team],
    by: Membership,
) -> Membership:
    """Invite someone into one's own agency; the mail leaves once this transaction is committed.

    Whoever has an account under this address keeps it, with its names, and gets a further membership to
    accept.

    :raises Refused: the person already belongs to the agency, or the user name has just been taken
    """
    known = account_of(email)
    user = known or _new_account(
        email=email,
        first_name=first_name,
        last_name=last_name,
        username=username or free_username(first_name, last_name),
    )
    _reopen(user)
    member = actions.join(user, by.agency, role=role, teams=teams, by=by, pending=known is not None)
    tasks.send_invitation.defer(membership=member.pk)
    return member


@transaction.atomic
def resend_invitation(member: Membership, *, by: Membership) -> None:
    """Send the invitation again, with a fresh term; only while nobody has worked with it."""
    if member.agency_id != by.agency_id:
        raise Refused(_("Diese Person gehört zu einer anderen Stelle."))
    if not member.is_unused:
        raise Refused(_("Eine Einladung geht nur an Zugänge, die noch nicht benutzt wurden."))
    _reopen(member.user)
    member.invited_at = timezone.now()
    member.save(update_fields=["invited_at"])
    audit.record("member.invite_again", member, by=by)
    tasks.send_invitation.defer(membership=member.pk)


def invitations_to(user: User) -> QuerySet[Membership]:
    """What a user can accept today; like every mailed link an invitation ends after some days."""
    since = timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    pending = Membership.objects.filter(
        user=user, accepted_at=None, invited_at__gt=since, agency__is_active=True
    )
    return pending.select_related("user", "agency").order_by("invited_at")


@transaction.atomic
def accept(member: Membership) -> None:
    """The invited person takes the membership; for whom they work at the moment stays as it is."""
    member.accepted_at, member.is_active = timezone.now(), True
    member.save(update_fields=["accepted_at", "is_active"])
    actions.sync_groups(member.user)
    audit.record("member.accept", member, by=member)


@transaction.atomic
def decline(member: Membership) -> None:
    """The invited person does not want it; the agency may invite again."""
    audit.record("member.decline", member, by=member)
    member.delete()


def _reopen(user: User) -> None:
    """Closed everywhere: the old password must not come back to life with the new membership."""
    if not user.is_active:
        user.is_active = True
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])


def account_of(email: str) -> User | None:
    """The account under a mail address, whatever agency it came from."""
    return User.objects.filter(email__iexact=email).order_by("-is_active", "pk").first()


def free_username(first_name: str, last_name: str) -> str:
    """A user name from the names, in plain letters, with a number if it is taken: ``olha.koval2``."""
    parts = [slugify(anyascii(name)).replace("-", "") for name in (first_name, last_name)]
    stem = ".".join(part for part in parts if part)[:60] or "zugang"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}{number}"
    return name


def _new_account(*, email: str, first_name: str, last_name: str, username: str) -> User:
    try:
        with transaction.atomic():
            # Without a password: only the mailed link can set one.
            return User.objects.create_user(
                username.lower(), email, None, first_name=first_name, last_name=last_name
            )
    except IntegrityError:
        text = _(
            "Der Anmeldename „%(name)s“ wurde gerade vergeben. Vielleicht haben Sie die Einladung "
            "zweimal abgeschickt; prüfen Sie bitte die Liste."
        )
        raise Refused(text % {"name": username}) from None
