"""Two versions of one text made into one, in which every line of both still stands."""

from difflib import SequenceMatcher


def merged(theirs: str, mine: str) -> str:
    """Common lines once, in their order; where the two differ, theirs first, then mine."""
    before, after = theirs.splitlines(), mine.splitlines()
    lines: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        lines += before[i1:i2]
        if tag != "equal":
            lines += after[j1:j2]
    return "\n".join(lines)
