"""The round tables of the fictional county: who sits there, when they meet, and about how many cases."""

from dataclasses import dataclass

from agencies.roundtable.enums import Rhythm
from portal.demo.round_table_texts import INTEGRATION, LANGUAGE, Matter


@dataclass(frozen=True)
class Plan:
    """One table; pairs are days from today and cases. ``running``: cases of the meeting that runs now."""

    name: str
    moderator: str
    seats: tuple[str, ...]
    rhythm: Rhythm
    duration: int
    place: str
    video_link: str
    matters: tuple[Matter, ...]
    past: tuple[tuple[int, int], ...]
    running: int
    invited: tuple[int, int]
    draft: tuple[int, int]
    backlog: int

    @property
    def cases(self) -> int:
        return sum(n for _, n in (*self.past, self.invited, self.draft)) + self.running + self.backlog


PLANS = (
    Plan(
        "Runder Tisch Integration Lindenau",
        "jobcenter",
        ("jobcenter", "sozialamt", "jugendamt", "auslaenderbehoerde", "arbeitsagentur", "bbs"),
        Rhythm.MONTHLY,
        60,
        "Kreishaus Lindenau, Raum 2.14",
        "https://video.lindenau.example/runder-tisch",
        INTEGRATION,
        past=((56, 9), (28, 10)),
        running=8,
        invited=(7, 7),
        draft=(35, 2),
        backlog=6,
    ),
    Plan(
        "Runder Tisch Sprache und Arbeit",
        "integrationsbuero",
        ("integrationsbuero", "jobcenter", "kvhs", "bildungstraeger"),
        Rhythm.FORTNIGHTLY,
        45,
        "Kreisvolkshochschule, Raum 7",
        "",
        LANGUAGE,
        past=((18, 6),),
        running=0,
        invited=(3, 6),
        draft=(17, 0),
        backlog=6,
    ),
)
