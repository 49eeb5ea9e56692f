"""django-guardian's known traps: each is here once, and none opens a case."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction
from django.http import Http404
from guardian.shortcuts import assign_perm, get_objects_for_group, get_objects_for_user, get_perms

from agencies import access
from agencies import actions as people
from agencies.cases.models import Case, CaseGrant
from agencies.models import Membership, User
from agencies.roles import Role
from tests import factories
from tests.access.rows import by_force, context, full_case, share_all

pytestmark = pytest.mark.django_db

VIEW = "cases.view_case"


def for_user(member: Membership, **options: object) -> list[Case]:
    """guardian's own answer inside the member's context, with the options that must be set."""
    options = {"accept_global_perms": False, "with_superuser": False, **options}
    with access.acting(member):
        return list(get_objects_for_user(User.objects.get(pk=member.user_id), VIEW, Case, **options))


@pytest.fixture
def case(lead):  # type: ignore[no-untyped-def]
    return full_case(lead)


def test_guardians_answer_is_ours_for_active_members(case, lead, recipient, stranger):
    factories.share(case, to=recipient.agency, by=lead)

    assert {m.agency.slug: for_user(m) for m in (lead, recipient, stranger)} == {
        "jobcenter": [case],
        "jugendamt": [case],
        "sozialamt": [],
    }


def test_guardian_serves_inactive_users_and_we_do_not(case, lead, county):
    User.objects.filter(pk=lead.user_id).update(is_active=False)

    assert for_user(lead) == [case]
    assert list(access.memberships_of(lead.user_id)) == []


def test_deactivated_member_loses_guardians_groups_too(case, lead, county):
    admin = county.member("jobcenter", Role.VERWALTUNG)
    with access.acting(admin):
        people.deactivate_member(lead, by=admin)

    assert for_user(lead) == []


def test_model_level_permission_of_a_group_opens_nothing(case, lead, stranger):
    permission = Permission.objects.get(codename="view_case", content_type__app_label="cases")
    stranger.agency.group.permissions.add(permission)

    assert for_user(stranger) == []
    # Even with guardian's default, which would hand out every case, the second wall holds.
    assert for_user(stranger, accept_global_perms=True) == []
    with access.acting(stranger), pytest.raises(Http404):
        access.case(stranger, case.pk)


def test_model_level_permission_of_a_user_opens_nothing(case, stranger):
    permission = Permission.objects.get(codename="view_case", content_type__app_label="cases")
    stranger.user.user_permissions.add(permission)

    assert for_user(stranger, accept_global_perms=True) == []


def test_superuser_sees_no_case(case, stranger):
    User.objects.filter(pk=stranger.user_id).update(is_superuser=True, is_staff=True)

    assert for_user(stranger, with_superuser=True) == []
    with access.acting(stranger):
        assert list(access.cases(stranger)) == []
        with pytest.raises(Http404):
            access.case(stranger, case.pk)


def test_legacy_union_of_global_permissions_is_not_set():
    assert not hasattr(settings, "GUARDIAN_LEGACY_GLOBAL_PERMS_GROUP_UNION")


def test_assign_perm_to_a_group_fails_for_the_app_role(case, lead, stranger):
    with access.acting(lead), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        assign_perm(
            "view_case",
            stranger.agency.group,
            case,
        )


def test_assign_perm_to_a_user_opens_nothing(case, lead, stranger):
    with access.acting(lead):
        assign_perm("view_case", stranger.user, case)

    assert for_user(stranger) == []
    with access.acting(stranger):
        assert list(access.cases(stranger)) == []
        with pytest.raises(Http404):
            access.case(stranger, case.pk)


def test_guardian_answers_by_context_and_not_by_the_union_of_agencies(case, lead, stranger):
    """A user of two agencies is in the groups of both; only the active one counts."""
    both = people.join(stranger.user, lead.agency, role=Role.FALLMANAGEMENT, teams=lead.teams.all())

    assert for_user(stranger) == []
    assert for_user(Membership.objects.get(pk=both.pk)) == [case]


def test_guardian_without_context_finds_nothing(case, lead):
    assert list(get_objects_for_group(lead.teams.get().group, VIEW, Case, accept_global_perms=False)) == []
    with context(groups=lead.teams.get().group_id):
        found = get_objects_for_group(lead.teams.get().group, VIEW, Case, accept_global_perms=False)
        assert list(found) == [case]


def test_permissions_of_a_case_are_those_of_its_grants(case, lead, recipient):
    factories.share(case, "identity", to=recipient.agency, by=lead)
    with access.acting(recipient):
        found = Case.objects.get(pk=case.pk)
        assert set(get_perms(recipient.agency.group, found)) == {"view_case", "view_identity"}


@pytest.mark.django_db(transaction=True)
def test_guardians_queries_know_of_expiry_through_the_second_wall(lead, recipient):
    case = full_case(lead)
    share_all(case, recipient, lead)
    assert for_user(recipient) == [case]

    by_force(
        "UPDATE cases_casegrant SET valid_until = now() - interval '1 second' WHERE valid_until IS NOT NULL",
        table="cases_casegrant",
    )

    assert for_user(recipient) == []


def test_grants_are_guardians_direct_model():
    from guardian.utils import get_group_obj_perms_model

    assert get_group_obj_perms_model(Case) is CaseGrant
