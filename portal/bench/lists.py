"""The list of cases: first page with exact or capped count, and as django-guardian would fetch it."""

from collections.abc import Callable
from statistics import median

from guardian.shortcuts import get_objects_for_user

from agencies import access
from agencies.cases.models import Case
from agencies.models import Membership
from portal.bench.bare import COUNTS, BareList
from portal.bench.measuring import Figure, in_turns, ratio_of_medians

CAP = 1000
ROUNDS = 41


def case_lists(member: Membership, say: Callable[[str], None]) -> dict[str, Figure]:
    """Ours runs in the row context of one request, as in a view; the bare one without any policy."""
    bare = BareList(member)
    with access.acting(member):
        _same_rows(member, bare)
        bare.count_sql, pages = _best_shapes(bare, say)
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


def _best_shapes(bare: BareList, say: Callable[[str], None]) -> tuple[str, Callable[[], object]]:
    shapes = {name: (lambda sql=sql: bare.count(sql)) for name, sql in COUNTS.items()}  # type: ignore[misc]
    found = dict(zip(shapes, map(median, in_turns(*shapes.values(), rounds=7)), strict=True))
    sliced, plain = map(median, in_turns(bare.page, bare.plain_page, rounds=7))
    best = min(found, key=found.__getitem__)
    say("  bare counts: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in found.items()))
    say(f"  bare pages: slices {sliced:.2f} ms, exists {plain:.2f} ms")
    return COUNTS[best], bare.page if sliced <= plain else bare.plain_page
