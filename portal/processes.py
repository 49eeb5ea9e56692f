"""Child processes of the launcher: started, watched, restarted, stopped in good order."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from portal.bootstrap import ROOT, say

LONGEST_PAUSE = 30
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel end this process when the launcher dies, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process; with ``restarts`` it is started again after growing pauses when it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], *, restarts: bool = False) -> None:
        self.name = name
        self.command = command
        self.restarts = restarts
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = 1.0
        self.due = 0.0
        self.begun = 0.0

    def start(self) -> None:
        """Start in a session of its own: Ctrl-C in the terminal reaches the launcher alone."""
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  # no threads run here
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end; after a while, make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not end by itself and is killed.")
            self.process.kill()
            self.process.wait()

    def look_after(self) -> bool:
        """Report and restart when it has ended; False when it has ended for good."""
        if self.is_alive():
            return True
        if self.process is not None:
            say(f"{self.name} has ended with code {self.process.returncode}.")
            self.process = None
            if not self.restarts:
                return False
            # One that ran for a while starts over with a short pause.
            self.pause = 1.0 if time.monotonic() - self.begun > 60 else min(self.pause * 2, LONGEST_PAUSE)
            self.due = time.monotonic() + self.pause
            say(f"{self.name} starts again in {self.pause:.0f} s.")
        elif time.monotonic() >= self.due:
            self.start()
        return True


def supervise(children: Sequence[Child]) -> int:
    """Watch until a signal interrupts (raised through) or a child without restarts ends (returns 1)."""
    while all(child.look_after() for child in children):
        time.sleep(0.3)
    return 1
