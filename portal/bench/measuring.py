"""Timing two things in turns, so that a busy machine slows both alike."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Act = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``limit`` is a ceiling, or a floor where ``at_least``; either may be unset."""

    value: float
    unit: str
    limit: float | None
    ratio: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def judged(self) -> float:
        """The number the limit is about: the ratio where there is one."""
        return self.value if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.judged >= self.limit if self.at_least else self.judged <= self.limit

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def timed(act: Act) -> float:
    """Milliseconds of one run."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def in_turns(*acts: Act, rounds: int, warm_up: int = 3) -> list[list[float]]:
    """Run A B A B …; milliseconds of each run, per act. Garbage is collected between, not within."""
    for _ in range(warm_up):
        for act in acts:
            act()
    times: list[list[float]] = [[] for _ in acts]
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for act, found in zip(acts, times, strict=True):
                found.append(timed(act))
            gc.collect(0)
    finally:
        gc.enable()
    return times


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def ratio_of_medians(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return median(ours) / median(theirs)
