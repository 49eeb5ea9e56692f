"""Writes invented files into the portal, one by one, through the same actions as the screens use."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random

from agencies import access
from agencies.cases import actions
from agencies.cases import models as cases
from agencies.cases.enums import CaseStatus
from agencies.enums import Category
from agencies.models import Membership, Team
from agencies.roles import Permission
from portal.demo.clock import at, office_hour
from portal.demo.dossiers import Dossier
from portal.demo.staffing import County, workers

Progress = Callable[[int], None]
#: A file as it was opened, with the member who acts for it from then on.
Opened = tuple[Dossier, cases.Case, Membership]


def team_of(county: County, file: Dossier) -> Team:
    """The team an agency would give the case to."""
    wanted = {
        ("jobcenter", True): "u25",
        ("jugendamt", True): "uma",
        ("jugendamt", False): "familie",
        ("sozialamt", False): "asyl",
        ("sozialamt", True): "asyl",
        ("arbeitsagentur", True): "berufsberatung",
    }.get((file.lead, file.age < 25))
    if file.lead == "sozialamt" and file.age > 66:
        wanted = "sgb12"
    if file.lead == "jobcenter" and not wanted:
        wanted = _of_jobcenter(file)
    return county.teams.get((file.lead, wanted or "")) or county.teams_of(file.lead)[0]


def _of_jobcenter(file: Dossier) -> str:
    if file.sections[Category.FAMILY]["single_parent"]:
        return "familie"
    entered = file.sections[Category.RESIDENCE]["entered_on"]
    if entered.year >= 2022:
        return "aif"
    town = file.sections[Category.CONTACT]["town"]
    return "nord" if town in ("Lindenau", "Weidenstedt", "Ulmenrode", "Eschwerder") else "sued"


def file_all(
    rng: Random, county: County, homes: Sequence[Sequence[Dossier]], progress: Progress
) -> list[Opened]:
    """Open every file in the order of time, then work on it as its history says."""
    household: dict[int, cases.Household] = {}
    planned = sorted(
        ((file, number) for number, home in enumerate(homes) for file in home),
        key=lambda pair: pair[0].opened_on,
    )
    opened = []
    for done, (file, number) in enumerate(planned):
        case, manager = _file(rng, county, file, household.get(number))
        household[number] = case.household  # type: ignore[assignment]
        opened.append((file, case, manager))
        progress(done + 1)
    return opened


def _file(
    rng: Random, county: County, file: Dossier, household: cases.Household | None
) -> tuple[cases.Case, Membership]:
    team = team_of(county, file)
    manager = rng.choice(workers(county, team))
    able = manager.may(Permission.OPEN_CASES)
    opener = manager if able else county.staff_of_team(team, Permission.OPEN_CASES)[0]
    moment = office_hour(rng, file.opened_on)
    with access.acting(opener):
        with at(moment):
            case = actions.open_case(
                by=opener,
                team=team,
                identity=file.sections[Category.IDENTITY],
                sections={key: value for key, value in file.sections.items() if key != Category.IDENTITY},
                manager=None if file.status == CaseStatus.NEW and rng.random() < 0.5 else manager,
                household=household,
                foreign_reference=file.number,
            )
            for member in file.members:
                actions.add_household_member(case, member, by=opener)
        _work(rng, case, file, opener)
    return case, opener


def _work(rng: Random, case: cases.Case, file: Dossier, by: Membership) -> None:
    for day, category, text in file.notes:
        with at(office_hour(rng, day)):
            actions.add_note(case, category=category, text=text, by=by)
    if file.status != CaseStatus.NEW:
        # Taken up within the first weeks; what it is now, it became later.
        taken_up = min(file.opened_on + timedelta(days=rng.randint(0, 10)), file.status_since)
        steps: Iterable[tuple[date, CaseStatus]] = [(taken_up, CaseStatus.ACTIVE)]
        if file.status != CaseStatus.ACTIVE:
            steps = [*steps, (file.status_since, file.status)]
        for day, status in steps:
            with at(office_hour(rng, day)):
                actions.set_status(case, status, by=by, parked_until=_until(file, status))


def _until(file: Dossier, status: CaseStatus) -> date | None:
    return file.parked_until if status == CaseStatus.PARKED else None
