"""Work that a connection may end at any time: begun again, after growing pauses that differ by process."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.1, 5.0
#: Who has worked for so many seconds starts over with short pauses.
STEADY = 20.0


async def keep_up(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work`` for ever; whatever ends it, it begins again."""
    pause = SHORTEST
    while True:
        begun = time.monotonic()
        try:
            await work()
        except Exception as error:
            # Only the kind: messages of the driver may name the server.
            logger.warning("%s has failed (%s)", name, type(error).__name__)
        if time.monotonic() - begun > STEADY:
            pause = SHORTEST
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST)
