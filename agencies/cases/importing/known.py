"""Whom an agency's earlier imports have brought already, so that no person is opened twice."""

from collections.abc import Iterable

from agencies.cases.importing.models import CaseOrigin
from agencies.cases.importing.rows import Row, fingerprint
from agencies.cases.models import ForeignReference
from agencies.models import Membership


def known_fingerprints(table: Iterable[Row], *, by: Membership) -> set[str]:
    """Fingerprints of rows whose person the agency has: imported, or opened under the same own number.

    Two different numbers tell two persons of one name and birth date apart; where one of the rows has none,
    they are taken for the same, so that a file that lost its numbers brings nobody a second time.
    """
    listed = list(table)
    mine = {row.fingerprint for row in listed}
    named = {row.name_fingerprint for row in listed}
    origins = CaseOrigin.objects.filter(agency_id=by.agency_id)
    found = set(origins.filter(fingerprint__in=mine | named).values_list("fingerprint", flat=True))
    known = {row.fingerprint for row in listed if found & {row.fingerprint, row.name_fingerprint}}
    unnumbered = origins.filter(name_fingerprint__in=mine & named)
    known |= set(unnumbered.values_list("name_fingerprint", flat=True))
    return known | (mine & _by_number(listed, by=by))


def _by_number(listed: list[Row], *, by: Membership) -> set[str]:
    numbers = {str(row.values["foreign_reference"]) for row in listed if row.values.get("foreign_reference")}
    if not numbers:
        return set()
    found = ForeignReference.objects.filter(agency_id=by.agency_id, number__in=numbers)
    return {
        fingerprint({"foreign_reference": number, "given_name": given_name})
        for number, given_name in found.values_list("number", "case__identity__given_name")
        if given_name
    }
