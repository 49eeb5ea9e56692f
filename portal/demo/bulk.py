"""Many cases at once, for benchmarks: invented like the others, written through the same doors.

Per batch one member of the leading agency acts. Rows go in as JSON and are unfolded by the database; grants
follow from the disclosures by trigger, and row-level security judges every row.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections
from django.utils import timezone

from agencies import access
from agencies.cases import models as cases
from agencies.cases.enums import CaseStatus
from agencies.cases.opening import next_references
from agencies.cases.searching import search_terms
from agencies.cases.sections import SECTIONS, Identity
from agencies.cases.sharing import usual
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.models import AuditEntry, Membership, Team
from agencies.roles import Permission
from portal.demo import staffing
from portal.demo.clock import office_hour
from portal.demo.dossiers import Dossier, dossiers
from portal.demo.filing import team_of
from portal.demo.passing_on import REASONS
from portal.demo.people import identity
from portal.demo.seeding import reference_day
from portal.demo.unfolding import insert, insert_for_cases

BATCH = 2_000
TEMPLATES = 1_500
#: Percent of the cases an agency leads; the jobcenter sees 70 with what it is sent.
LEADS = {
    "jobcenter": 60, "sozialamt": 14, "jugendamt": 7, "arbeitsagentur": 7,
    "integrationsbuero": 5, "kvhs": 3, "bbs": 2, "bildungstraeger": 2,
}  # fmt: skip
#: Percent of an agency's cases it passes on, to whom and for what.
SHARES: dict[str, tuple[int, str, Purpose]] = {
    "jobcenter": (30, "arbeitsagentur", Purpose.INTEGRATION_WORK),
    "sozialamt": (36, "jobcenter", Purpose.INTEGRATION_WORK),
    "jugendamt": (36, "jobcenter", Purpose.INTEGRATION_WORK),
    "arbeitsagentur": (35, "jobcenter", Purpose.INTEGRATION_WORK),
}
Row = dict[str, Any]


@dataclass
class Batch:
    """Cases of one agency to be written in one transaction."""

    files: list[Dossier]
    by: Membership
    seed: int


def load(count: int, *, seed: int, say: Callable[[str], None], workers: int = 2) -> float:
    """Write ``count`` cases; returns how many a second, without the clean-up that follows."""
    county, begun = staffing.load(), time.monotonic()
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for written in pool.map(lambda batch: _write_alone(batch, county), plan(county, count, seed)):
            done += written
            say(f"  {done:,} of {count:,} cases ({done / (time.monotonic() - begun):,.0f}/s)")
            if done == written:
                analyse()
    rate = count / (time.monotonic() - begun)
    analyse(vacuum=True)
    return rate


def plan(county: staffing.County, count: int, seed: int) -> list[Batch]:
    """Batches per agency by its share; all files come from one stock of whole lives."""
    rng = Random(seed)
    stock: dict[str, list[Dossier]] = {slug: [] for slug in LEADS}
    for home in dossiers(rng, reference_day(), TEMPLATES):
        for file in home:
            stock.get(file.lead, stock["jobcenter"]).append(file)
    batches = []
    for slug, percent in LEADS.items():
        leader = next(m for m in county.staff(slug, Permission.ALL_TEAMS) if m.may(Permission.OPEN_CASES))
        files = cycle(stock[slug] or stock["jobcenter"])
        left = round(count * percent / 100)
        while left > 0:
            size = min(left, BATCH)
            batches.append(Batch(list(islice(files, size)), leader, rng.randrange(2**32)))
            left -= size
    rng.shuffle(batches)
    return batches


def _write_alone(batch: Batch, county: staffing.County) -> int:
    """In a thread of its own, with a connection of its own."""
    try:
        write(batch, county)
    finally:
        connection.close()
    return len(batch.files)


def write(batch: Batch, county: staffing.County) -> list[UUID]:
    """Write one batch in one transaction, as the member who leads it; returns the ids of the cases."""
    rng, by = Random(batch.seed), batch.by
    slug = by.agency.slug
    with access.acting(by):
        opened = sorted(_moments(rng, batch.files))
        references = next_references(len(opened), reference_day().year)
        ids = [uuid4() for _ in opened]
        teams = [_team(county, file, slug) for file in batch.files]
        homes = [uuid4() for _ in opened]
        insert(
            cases.Household, [{"id": home, "created_at": at} for home, at in zip(homes, opened, strict=True)]
        )
        pairs = list(zip(ids, batch.files, strict=True))
        managers = {team.pk: staffing.workers(county, team) for team in set(teams)}
        insert(
            cases.Case,
            [
                {
                    "id": pk,
                    "reference": reference,
                    "household_id": home,
                    "lead_agency_id": by.agency_id,
                    "lead_team_id": team.pk,
                    "manager_id": rng.choice(managers[team.pk]).pk,
                    "status": file.status,
                    "status_since": file.status_since,
                    "parked_until": file.parked_until if file.status == CaseStatus.PARKED else None,
                    "opened_at": at,
                }
                for (pk, file), reference, home, team, at in zip(
                    pairs, references, homes, teams, opened, strict=True
                )
            ],
        )
        insert(
            cases.Disclosure,
            [_held(pk, by, team, at) for pk, team, at in zip(ids, teams, opened, strict=True)],
        )
        identities = [_identity(rng, file) for file in batch.files]
        insert(Identity, [{"case_id": pk, **fields} for pk, fields in zip(ids, identities, strict=True)])
        _insert_sections(pairs)
        insert(cases.CaseSearch, list(_search_rows(ids, references, identities)))
        insert(AuditEntry, [_audit(by, pk, at) for pk, at in zip(ids, opened, strict=True)])
        insert(cases.Disclosure, list(_shares(rng, ids, by, county)))
    return ids


def _moments(rng: Random, files: Sequence[Dossier]) -> list[datetime]:
    return [office_hour(rng, file.opened_on) + timedelta(seconds=rng.random() * 3600) for file in files]


def _team(county: staffing.County, file: Dossier, slug: str) -> Team:
    team = team_of(county, file)
    return team if team.agency.slug == slug else county.teams_of(slug)[0]


def _identity(rng: Random, file: Dossier) -> Row:
    """The same life under another name, born on another day of about the same year."""
    origin, woman = file.person.origin, file.person.is_woman
    family = rng.choice(origin.family)
    # A copy: batches that share a life are written at the same time.
    someone = replace(
        file.person,
        given=rng.choice(origin.female if woman else origin.male),
        family=family.for_woman() if woman else family.for_man(),
    )
    fields = identity(rng, someone)
    if fields["birth_day"] and fields["birth_day"] != 1:
        fields["birth_day"], fields["birth_month"] = rng.randint(1, 28), rng.randint(1, 12)
    return fields


def _held(pk: UUID, by: Membership, team: Team, at: datetime) -> Row:
    return {
        "id": uuid4(),
        "case_id": pk,
        "recipient_id": by.agency_id,
        "recipient_team_id": team.pk,
        "recipient_group_id": team.group_id,
        "purpose": Purpose.CASE_MANAGEMENT,
        "legal_basis": LegalBasis.COLLECTION,
        "categories": Category.values,
        "level": Level.CHANGE,
        "valid_from": at,
        "decided_by_id": by.pk,
    }


def _shares(rng: Random, ids: Sequence[UUID], by: Membership, county: staffing.County) -> Iterator[Row]:
    percent, slug, purpose = SHARES.get(by.agency.slug, (0, "jobcenter", Purpose.INTEGRATION_WORK))
    recipient = county.agencies[slug]
    row = usual(recipient.kind, purpose)
    assert row is not None
    for pk in ids:
        if rng.random() * 100 < percent:
            held = _held(pk, by, county.teams_of(slug)[0], timezone.now())
            yield held | {
                "sender_id": by.agency_id,
                "recipient_id": recipient.pk,
                "recipient_team_id": None,
                "recipient_group_id": recipient.group_id,
                "purpose": purpose,
                "legal_basis": row.legal_basis,
                "categories": [category for category in Category if category in row.categories],
                "level": Level.VIEW,
                "necessity": REASONS[slug, purpose],
                "valid_until": timezone.now() + timedelta(days=rng.randint(30, row.days)),
            }


def _audit(by: Membership, pk: UUID, at: datetime) -> Row:
    target = f"{cases.Case._meta.label_lower}:{pk}"
    return {"at": at, "user_id": by.user_id, "agency_id": by.agency_id, "verb": "case.open", "target": target,
            "case_id": pk, "detail": {}}  # fmt: skip


def _search_rows(ids: Sequence[UUID], references: Sequence[str], identities: Sequence[Row]) -> Iterator[Row]:
    for pk, reference, fields in zip(ids, references, identities, strict=True):
        yield {"case_id": pk, **search_terms(reference, Identity(**fields), [])}


def _insert_sections(pairs: Sequence[tuple[UUID, Dossier]]) -> None:
    for category, model in SECTIONS.items():
        if category == Category.IDENTITY:
            continue
        # Lives come from a stock, so each section is sent once and unfolded for all who share it.
        kinds = {id(file): file.sections[category] for _, file in pairs}
        numbers = {key: number for number, key in enumerate(kinds, 1)}
        insert_for_cases(model, list(kinds.values()), [(pk, numbers[id(file)]) for pk, file in pairs])


def analyse(*, vacuum: bool = False) -> None:
    """Bring the planner's figures up to date, as the owner: at this size nobody waits for autovacuum."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuum else "ANALYZE")
    connections["owner"].close()
