"""Inviting people into an agency: a new account, or a further membership for someone who has one."""

from collections.abc import Iterable

from anyascii import anyascii
from django.db import IntegrityError, transaction
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

    Whoever has an account under this address keeps it, with its names, and gets a further membership.

    :raises Refused: the person already belongs to the agency, or the user name has just been taken
    """
    user = account_of(email) or _new_account(
        email=email,
        first_name=first_name,
        last_name=last_name,
        username=username or free_username(first_name, last_name),
    )
    if not user.is_active:
        # Closed everywhere: the old password must not come back to life with the new membership.
        user.is_active = True
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
    member = actions.join(user, by.agency, role=role, teams=teams, by=by)
    tasks.send_invitation.defer(membership=member.pk)
    return member


@transaction.atomic
def resend_invitation(member: Membership, *, by: Membership) -> None:
    """Send the invitation again, with a fresh link; only while the person has never logged in."""
    if member.agency_id != by.agency_id:
        raise Refused(_("Diese Person gehört zu einer anderen Stelle."))
    if not member.is_active or member.user.last_login:
        raise Refused(_("Eine Einladung geht nur an offene Zugänge, die noch nicht benutzt wurden."))
    audit.record("member.invite_again", member, by=by)
    tasks.send_invitation.defer(membership=member.pk)


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
