"""Search over names, references and birth dates, against the same indexes asked directly."""

from random import Random
from typing import Any

from agencies import access
from agencies.cases.models import Case
from agencies.cases.names import normalise, query_keys
from agencies.models import Membership
from portal.bench import bare
from portal.bench.measuring import Figure, in_turns, percentile
from portal.demo.origins import any_origin

QUERIES = 200


def queries(member: Membership, rng: Random) -> list[tuple[str, str]]:
    """What people type: two names (any spelling), one name, the original script, a date, a reference."""
    known = list(Case.objects.order_by("pk").values_list("reference", flat=True)[:400])
    found = []
    for number in range(QUERIES):
        origin = any_origin(rng)
        given, family = rng.choice(origin.male + origin.female), rng.choice(origin.family).for_man()
        text, born = f"{rng.choice(given.spellings)} {rng.choice(family.spellings)}", ""
        if number % 20 == 0:
            text = rng.choice(known)
        elif number % 10 == 1:
            text = rng.choice(family.spellings)
        elif number % 10 == 2 and family.original:
            text = f"{given.original} {family.original}"
        elif number % 10 == 3:
            born = f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.{rng.randint(1970, 2005)}"
        found.append((text, born))
    return found


SQL = """
SELECT c.id, c.reference, i.family_name, i.given_name, i.birth_year, similarity(s.text, %(needle)s)
FROM cases_casesearch s JOIN cases_case c ON c.id = s.case_id JOIN cases_identity i ON i.case_id = s.case_id
WHERE ({names} OR s.text LIKE %(like)s) AND s.text LIKE %(born)s
  AND EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.case_id = s.case_id AND g.category = 'identity'
              AND g.group_id = ANY(%(groups)s) AND (g.valid_until IS NULL OR g.valid_until > now()))
ORDER BY 6 DESC, 1 LIMIT 50
"""


def case_search(member: Membership) -> Figure:
    """p95 over all queries, each asked of both sides in turn."""
    connection = bare.connect()
    ours: list[float] = []
    theirs: list[float] = []
    with access.acting(member):
        for text, born in queries(member, Random(1)):
            statement, values = bare_query(text, born, list(member.group_ids))
            whole = f"{text} {born}".strip()
            a, b = in_turns(
                lambda whole=whole: access.search(member, whole),  # type: ignore[misc]
                lambda sql=statement, values=values: connection.execute(sql, values).fetchall(),  # type: ignore[misc]
                rounds=3,
                warm_up=1,
            )
            ours += a
            theirs += b
    connection.close()
    mine, base = percentile(ours, 0.95), percentile(theirs, 0.95)
    return Figure(mine, "ms (p95)", 3, mine / base, note=f"bare {base:.1f} ms")


def bare_query(text: str, born: str, groups: list[int]) -> tuple[Any, dict[str, Any]]:
    """The statement with this search's names in it, so that the planner sees constants."""
    wanted = [sorted(group) for group in query_keys(text) if group][:4]
    values: dict[str, Any] = {f"n{number}": group for number, group in enumerate(wanted)}
    names = " AND ".join(f"s.keys && %({name})s::varchar[]" for name in values) or "false"
    needle = normalise(text)
    values |= {"needle": needle, "like": f"%{needle}%", "born": f"%{normalise(born)}%", "groups": groups}
    return SQL.replace("{names}", f"({names})"), values
