"""The bar under the in-box: what is done to the selected rows, and who shall do the work."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from agencies.referrals.enums import Act
from agencies.roles import ROLE_TABLE, Permission

ACTS = {Act.ACCEPT: _("Annehmen"), Act.TAKE_ON: _("Selbst übernehmen"), Act.ASSIGN: _("Zuweisen")}


class BulkForm(forms.Form):
    """Assigning needs a colleague and the right to distribute work."""

    to = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Zuweisen an"), required=False, empty_label=_("bitte wählen")
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not member.may(Permission.ASSIGN_REFERRALS):
            del self.fields["to"]
            return
        roles = [r for r, rule in ROLE_TABLE.items() if Permission.ANSWER_REFERRALS in rule.permissions]
        people = Membership.objects.filter(
            agency_id=member.agency_id, is_active=True, user__is_active=True, role__in=roles
        )
        to: Any = self.fields["to"]
        to.queryset = people.select_related("user", "agency").order_by("user__last_name", "user__first_name")
        to.label_from_instance = lambda found: f"{found.name} ({found.get_role_display()})"


def selected(data: QueryDict, limit: int = 100) -> dict[UUID, int | None]:
    """The ticked rows with the version each had on the screen; what is no id is left out."""
    found: dict[UUID, int | None] = {}
    for value in data.getlist("selected")[:limit]:
        seen = data.get(f"seen-{value}", "")
        try:
            found[UUID(value)] = int(seen) if seen.isascii() and seen.isdigit() else None
        except ValueError:
            continue
    return found
