"""The list of cases: first page with exact or capped count, and as django-guardian would fetch it."""

from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

from guardian.shortcuts import get_objects_for_user

from agencies import access
from agencies.cases.models import Case
from agencies.models import Membership
from portal.bench.bare import CAPPED_COUNTS, COUNTS, BareList
from portal.bench.measuring import Act, Figure, in_turns, ratio_of_medians

CAP = 1000
ROUNDS = 41


def case_lists(member: Membership, say: Callable[[str], None]) -> dict[str, Figure]:
    """Ours runs in the row context of one request, as in a view; the bare one without any policy."""
    bare = BareList(member)
    with access.acting(member):
        _same_rows(member, bare)
        pages = _choose_shapes(bare, say)
        exact = in_turns(
            lambda: (access.newest_cases(member), access.count_cases(member)),
            lambda: (pages(), bare.count()),
            rounds=ROUNDS,
        )
        capped = in_turns(
            lambda: (access.newest_cases(member), access.count_cases(member, cap=CAP)),
            lambda: (pages(), bare.capped(CAP)),
            rounds=ROUNDS,
        )
        guardian = in_turns(
            lambda: _guardian(member),
            lambda: (access.newest_cases(member), access.count_cases(member)),
            rounds=9,
        )
    bare.connection.close()
    return {
        "case_list_exact": _figure(exact, 1.5),
        "case_list_capped": _figure(capped, 4),
        "case_list_guardian": Figure(
            median(guardian[0]), "ms", 4, ratio_of_medians(*guardian), at_least=True, note="guardian ÷ ours"
        ),
    }


def _figure(times: list[list[float]], limit: float) -> Figure:
    note = f"bare {median(times[1]):.1f} ms"
    return Figure(median(times[0]), "ms", limit, ratio_of_medians(*times), note=note)


def _guardian(member: Membership) -> tuple[list[Case], int]:
    """The same page by guardian's own query, in the same row context."""
    found = get_objects_for_user(
        member.user, "cases.view_case", Case, accept_global_perms=False, with_superuser=False
    )
    newest = found.select_related(*access.FRAME_NAMES, "identity").order_by("-opened_at", "-pk")
    return list(newest[:50]), found.count()


def _same_rows(member: Membership, bare: BareList) -> None:
    """A comparison counts only between equal answers."""
    ours = [case.pk for case in access.newest_cases(member)]
    theirs = [row[0] for row in bare.page()]
    if ours != theirs or access.count_cases(member) != bare.count():
        raise AssertionError("The bare query answers something else than the portal.")


def _choose_shapes(bare: BareList, say: Callable[[str], None]) -> Callable[[], object]:
    """Let the bare list use the fastest of its shapes; returns the page."""
    bare.count_sql = COUNTS[
        _fastest("counts", {name: partial(bare.count, sql) for name, sql in COUNTS.items()}, say)
    ]
    capped = {name: partial(bare.capped, CAP, sql) for name, sql in CAPPED_COUNTS.items()}
    bare.capped_sql = CAPPED_COUNTS[_fastest("capped counts", capped, say)]
    pages = {"slices": bare.page, "exists": bare.plain_page}
    return pages[_fastest("pages", pages, say)]


def _fastest(title: str, shapes: Mapping[str, Act], say: Callable[[str], None]) -> str:
    found = dict(zip(shapes, map(median, in_turns(*shapes.values(), rounds=9)), strict=True))
    say(f"  bare {title}: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in found.items()))
    return min(found, key=found.__getitem__)
