"""Questions and topics are read by the whole table: a name its writer could know does not belong there."""

import re
from uuid import UUID

from agencies.cases.models import Identity
from agencies.roundtable.models import Item, ItemCase

#: Shorter ones are ordinary words of German ("An", "Da").
SHORTEST = 3


def named_in(text: str, case_id: UUID | None) -> list[str]:
    """The names of the case's person that stand in the text; none where the writer may not know them."""
    person = Identity.objects.filter(case=case_id).first() if case_id else None
    if person is None:
        return []
    known = f"{person.family_name} {person.given_name} {person.original_name}"
    names = {name for name in re.split(r"[\s-]+", known) if len(name) >= SHORTEST}
    words = {word.casefold() for word in re.split(r"\W+", text)}
    return sorted(name for name in names if {name.casefold(), f"{name}s".casefold()} & words)


def case_of(item: Item) -> UUID | None:
    """The case of an item, if the acting member sees it at all."""
    return ItemCase.objects.filter(item=item).values_list("case_id", flat=True).first()
