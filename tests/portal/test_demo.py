"""The fictional county: consistent, the same every time, and the same shape whichever way it is written."""

import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from agencies import access
from agencies.cases.enums import BenefitKind, WorkPermission
from agencies.cases.models import Case, CaseGrant, Disclosure
from agencies.cases.sections import SECTIONS
from agencies.enums import AgencyKind, Category, Level
from agencies.enums import ResidenceKind as R
from agencies.models import Agency, Membership, User
from agencies.referrals.models import Referral
from agencies.roles import Permission, Role
from portal.demo import bulk, seeding, staffing
from portal.demo.clock import at
from portal.demo.dossiers import Dossier, dossiers
from portal.demo.life import IN_PROCEDURE

pytestmark = pytest.mark.django_db


def quiet(text: str) -> None:
    pass


@pytest.fixture
def county() -> staffing.County:
    return seeding.make_county(people=40, say=quiet)


def everyone(county: staffing.County) -> Iterator[Membership]:
    """One member for each agency who sees all its cases."""
    for slug in county.agencies:
        able = [m for m in county.staff(slug, Permission.VIEW_CASES) if m.may(Permission.ALL_TEAMS)]
        yield able[0]


def seen_by_all(county: staffing.County) -> dict[Any, Case]:
    found: dict[Any, Case] = {}
    for member in everyone(county):
        with access.acting(member):
            found |= {case.pk: case for case in access.cases(member)}
    return found


def test_county_has_every_kind_of_agency_and_every_role(county: staffing.County) -> None:
    assert set(Agency.objects.values_list("kind", flat=True)) == set(AgencyKind)
    assert {member.role for member in county.members.values()} == set(Role)
    assert {"jobcenter.fallmanagement", "auslaenderbehoerde.sachbearbeitung", "kvhs.kursbuero"} <= set(
        county.members
    )


def test_every_demo_login_has_a_membership_and_the_password(county: staffing.County) -> None:
    users = User.objects.prefetch_related("memberships")
    assert all(user.is_demo and user.memberships.all() for user in users)
    assert users[0].check_password(staffing.PASSWORD)
    assert max(len(user.memberships.all()) for user in users) == 2


def test_every_case_has_one_lead_all_sections_and_a_worker_who_sees_it(county: staffing.County) -> None:
    cases = seen_by_all(county)
    assert len(cases) == 40
    for member in everyone(county):
        with access.acting(member):
            for case in Case.objects.filter(lead_agency=member.agency):
                held = Disclosure.objects.filter(case=case, level=Level.CHANGE, revoked_at=None)
                assert [row.recipient_team_id for row in held] == [case.lead_team_id]
                assert all(model.objects.filter(case=case).exists() for model in SECTIONS.values())
                assert case.manager is None or case.lead_team.group_id in case.manager.group_ids


def test_references_rise_with_the_day_of_opening(county: staffing.County) -> None:
    cases = sorted(seen_by_all(county).values(), key=lambda case: case.opened_at)
    numbers = [int(case.reference.rsplit("-", 1)[1]) for case in cases]
    # Two files of one day may stand in either order of the hour.
    days = [case.opened_at.date() for case in cases]
    assert sorted(zip(days, numbers, strict=True)) == sorted(
        zip(days, numbers, strict=True), key=lambda pair: pair[1]
    )
    assert all(case.reference.startswith(f"K-{case.opened_at.year}-") for case in cases)


def test_referrals_reach_many_states_and_carry_a_request(county: staffing.County) -> None:
    states: Counter[str] = Counter()
    for member in everyone(county):
        with access.acting(member):
            sent = Referral.objects.filter(sender=member.agency)
            states.update(sent.values_list("state", flat=True))
            assert all(row.messages.count() for row in sent.exclude(state="draft"))
    assert states.total() == 40 * seeding.REFERRALS // seeding.PEOPLE


def shape(county: staffing.County) -> list[Any]:
    rows = [
        (case.reference, case.identity.name, case.status, case.lead_team.slug, case.opened_at)
        for case in seen_by_all(county).values()
        if hasattr(case, "identity")
    ]
    return [*sorted(rows), *staffing.accounts()]


def test_same_seed_makes_the_same_county() -> None:
    made = []
    for _ in range(2):
        with transaction.atomic():
            county = seeding.make_county(people=12, say=quiet)
            # References go on counting after a rollback, as any sequence does.
            made.append([row[1:] if isinstance(row, tuple) else row for row in shape(county)])
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert len(made[0]) > 12


def files(count: int) -> list[Dossier]:
    return [file for home in dossiers(Random(3), seeding.reference_day(), count) for file in home]


def test_files_are_valid_and_hang_together() -> None:
    for file in files(150):
        for category, model in SECTIONS.items():
            section = model(**file.sections[category])
            section.clean_fields(exclude=["case"])
        residence, benefits = file.sections[Category.RESIDENCE], file.sections[Category.BENEFITS]
        identity = file.sections[Category.IDENTITY]
        if residence["kind"] in IN_PROCEDURE:
            assert residence["work_permission"] != WorkPermission.ALLOWED
            assert benefits["kind"] in (BenefitKind.ASYLBLG, BenefitKind.NONE)
        if residence["kind"] == R.PAR_24:
            assert identity["nationality"] in ("UA", "XX", "ZZ")
            assert residence["entered_on"].year >= 2022
        assert residence["entered_on"] <= file.opened_on <= file.status_since <= seeding.reference_day()


def test_partners_share_address_status_and_household() -> None:
    homes = [home for home in dossiers(Random(5), seeding.reference_day(), 120) if len(home) > 1]
    assert homes
    for home in homes:
        assert len({file.sections[Category.CONTACT]["street"] for file in home}) == 1
        assert [bool(file.members) for file in home[1:]] == [False] * (len(home) - 1)


def test_unknown_birth_days_occur_about_as_often_as_in_life() -> None:
    parts = [file.sections[Category.IDENTITY] for file in files(600)]
    unknown = sum(fields["birth_month"] is None for fields in parts) / len(parts)
    new_year = sum((fields["birth_month"], fields["birth_day"]) == (1, 1) for fields in parts) / len(parts)
    assert 0.02 < unknown < 0.12
    assert 0.02 < new_year < 0.15


def grants_of(case_id: Any) -> set[tuple[str, str, str, str]]:
    return {
        (
            row.category,
            row.level,
            row.permission.codename,
            str(row.case_opened_at == row.content_object.opened_at),
        )
        for row in CaseGrant.objects.filter(content_object_id=case_id).select_related(
            "permission", "content_object"
        )
    }


def test_bulk_cases_have_the_same_shape_as_those_opened_one_by_one(county: staffing.County) -> None:
    batch = next(batch for batch in bulk.plan(county, 30, 1) if batch.by.agency.slug == "jobcenter")
    ids = bulk.write(batch, county)
    assert not set(ids) & set(bulk.write(batch, county)), "a second load adds, it does not collide"
    with access.acting(batch.by):
        one_by_one = Case.objects.filter(lead_agency=batch.by.agency).exclude(pk__in=ids)[0]
        wanted = grants_of(one_by_one.pk)
        assert len(ids) == len(batch.files)
        for case in Case.objects.filter(pk__in=ids):
            held = {row for row in grants_of(case.pk) if row[1] == Level.CHANGE}
            assert held == {row for row in wanted if row[1] == Level.CHANGE}
            assert all(model.objects.filter(case=case).exists() for model in SECTIONS.values())
            assert case.household_id
            found = access.search(batch.by, case.reference)
            assert [hit.pk for hit in found] == [case.pk]
            by_name = access.search(batch.by, f"{case.identity.given_name} {case.identity.family_name}")
            assert case.pk in {hit.pk for hit in by_name}


def test_bulk_gives_the_jobcenter_seventy_percent(county: staffing.County) -> None:
    batches = bulk.plan(county, 1000, 1)
    led = Counter({batch.by.agency.slug: 0 for batch in batches})
    for batch in batches:
        led[batch.by.agency.slug] += len(batch.files)
    sent = sum(
        led[slug] * percent / 100 for slug, (percent, to, _) in bulk.SHARES.items() if to == "jobcenter"
    )
    assert len(led) == 8
    assert sum(led.values()) == 1000
    assert led["jobcenter"] + sent == pytest.approx(700, abs=15)


def test_second_run_keeps_the_data_and_tells_the_accounts(settings: Any, tmp_path: Any) -> None:
    settings.LOCAL_DIR, settings.PRODUCTION, settings.SITE_URL = tmp_path, False, "http://127.0.0.1:8123"
    for _ in range(2):
        call_command("demo", people=10, verbosity=0, stdout=StringIO())
    told = json.loads((tmp_path / "demo.json").read_text())
    assert told["url"] == "http://127.0.0.1:8123"
    assert len(told["accounts"]) == Membership.objects.count()
    assert told["accounts"][0] == {
        "username": "jobcenter.fallmanagement",
        "password": "kreisrund-demo",
        "agency": "Jobcenter Landkreis Lindenau",
        "agency_kind": "jobcenter",
        "role": "fallmanagement",
    }


def test_clock_stands_within_the_block_only() -> None:
    moment = timezone.now().replace(year=2024)
    with at(moment):
        assert timezone.now() == moment
        assert Disclosure._meta.get_field("valid_from").get_default() == moment
    assert timezone.now().year > 2024
