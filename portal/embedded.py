"""The PostgreSQL that comes with the portal: a private server per checkout, reached by socket only.

Where its data lives and how it starts and ends is decided here; where its programs come from is the concern
of ``portal.postgres_programs``, so another wheel or a system server can take their place.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from portal import postgres_programs, provision
from portal.postgres_programs import EmbeddedError

CHECKOUT = Path(__file__).resolve().parent.parent
#: A socket path has about 108 bytes; the file name in it needs ".s.PGSQL.5432.lock".
LONGEST_SOCKET_DIR = 80
START_SECONDS = 60

CONFIGURATION = """\
# Written anew at every start.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 512MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
jit = off
max_wal_size = 2GB
log_timezone = 'UTC'
timezone = 'UTC'
"""
NOT_DURABLE = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@dataclass(frozen=True)
class Cluster:
    """One data folder and the server on it."""

    name: str = "pg"
    durable: bool = True
    checkout: Path = CHECKOUT

    @property
    def base(self) -> Path:
        """Folder of everything below; as root outside the checkout, whose parents may be closed to others."""
        return (
            postgres_programs.ROOT_HOME / self.key
            if postgres_programs.runs_as_root()
            else self.checkout / ".local"
        )

    @property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.checkout)).hexdigest()[:12]

    @property
    def data(self) -> Path:
        return self.base / self.name

    @property
    def log(self) -> Path:
        return self.base / f"{self.name}.log"

    @property
    def socket_dir(self) -> Path:
        wanted = self.base / f"{self.name}.run"
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIR:
            return wanted
        short = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  # owner checked
        return short / f"kreisrund-{os.geteuid()}-{self.key}-{self.name}"

    def settings(self, database: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Django's settings for the app and the owner role; touches no disk and starts nothing."""
        common = {"ENGINE": "django.db.backends.postgresql", "NAME": database, "HOST": str(self.socket_dir)}
        return {**common, "USER": provision.APP}, {**common, "USER": provision.OWNER}

    def connect(self, database: str = "postgres", user: str = "postgres") -> Any:
        """Open an autocommit connection, as the superuser of this server unless told otherwise."""
        import psycopg

        return psycopg.connect(
            host=str(self.socket_dir), dbname=database, user=user, autocommit=True, connect_timeout=5
        )

    def is_running(self) -> bool:
        """Whether the server answers; a left-over pid file says nothing."""
        import psycopg

        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> bool:
        """Start the server unless it runs, after a crash too; True when this call started it."""
        self._make_folders()
        with _locked(self.base / f"{self.name}.start"):
            if self.is_running():
                return False
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._configure()
            self._forget_dead_server()
            self._launch()
            return True

    def stop(self) -> None:
        """Stop the server in good order; nothing happens when none runs."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "fast")

    def destroy(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def ensure_database(self, name: str) -> None:
        """Create both roles and a database for them, as far as they are missing."""
        with self.connect() as connection:
            provision.ensure_role(connection, provision.OWNER, createdb=True)
            provision.ensure_role(connection, provision.APP, createdb=False)
            if not provision.database_exists(connection, name):
                provision.create_database(connection, name)
        with self.connect(name, provision.OWNER) as connection:
            provision.limit_rights(connection)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the server up within the block; the last holder to leave stops it, whoever started it.

        Each holder has a shared lock on one file. Whoever starts the server also starts a small process that
        waits for the exclusive lock, which the kernel grants once no holder is alive, killed ones included.
        """
        self._make_folders()
        with open(self.base / f"{self.name}.holders", "a") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            reaper = self._spawn_reaper() if self.start() else None
            try:
                yield
            finally:
                self._let_go(file, reaper)

    def _let_go(self, file: IO[str], reaper: int | None) -> None:
        """Stop the server if nobody else holds it; else leave our reaper's task to a new one."""
        if reaper:  # would race us for the lock
            os.kill(reaper, signal.SIGKILL)
            os.waitpid(reaper, 0)
        fcntl.flock(file, fcntl.LOCK_UN)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if reaper:
                self._spawn_reaper()
        else:
            self.stop()

    def reap(self) -> None:
        """Wait until no holder is alive, then stop the server."""
        with open(self.base / f"{self.name}.holders", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.stop()

    def _spawn_reaper(self) -> int:
        """Start the process that outlives us; nobody waits for it, so this is not a Popen."""
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "portal.embedded", "reap", self.name, str(self.checkout)],
            {**os.environ, "PYTHONPATH": str(CHECKOUT)},
            file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1)],
            setsid=True,
        )

    def _make_folders(self) -> None:
        self.base.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if postgres_programs.runs_as_root():
            owner = postgres_programs.system_user()
            for folder in (self.base, self.socket_dir):
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        elif self.socket_dir.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{self.socket_dir} belongs to somebody else.")

    def _initialise(self) -> None:
        """Make the data folder under another name first: a killed initdb leaves nothing behind."""
        draft = self.base / f"{self.name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=libc",
            "--locale=C",
            "--lc-ctype=C.UTF-8",
        ]
        postgres_programs.run(
            self.base, "initdb", "-D", draft, "-U", "postgres", "--no-sync", "--no-instructions", *options
        )
        draft.rename(self.data)

    def _configure(self) -> None:
        text = CONFIGURATION.format(socket_dir=str(self.socket_dir).replace("'", "''"))
        path = self.data / "postgresql.conf"
        path.write_text(text if self.durable else text + NOT_DURABLE)

    def _forget_dead_server(self) -> None:
        """Remove what a killed server left behind: its number may belong to another process now."""
        import psutil

        path = self.data / "postmaster.pid"
        try:
            command = psutil.Process(int(path.read_text().splitlines()[0])).cmdline()
        except (OSError, ValueError, IndexError, psutil.Error):
            command = []
        if str(self.data) in command:
            return  # it lives, and is starting or stopping just now
        for left_over in (path, *self.socket_dir.glob(".s.PGSQL.*")):
            left_over.unlink(missing_ok=True)

    def _launch(self) -> None:
        """Start and wait until it answers; children of a killed server may need a moment to go away."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            started = self._control("start", "-l", self.log)
            if started.returncode == 0 or self.is_running():
                return
            if time.monotonic() > deadline or "still in use" not in self._end_of_log():
                raise EmbeddedError(f"The embedded database did not start:\n{self._end_of_log()}")
            time.sleep(0.5)

    def _control(self, verb: str, *options: object) -> "subprocess.CompletedProcess[str]":
        arguments = (verb, "-D", self.data, "-w", "-t", START_SECONDS, *options)
        return postgres_programs.run(self.base, "pg_ctl", *arguments, check=False)

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""


def cluster() -> Cluster:
    """The server of this checkout's demo and development database."""
    return Cluster()


def test_cluster() -> Cluster:
    """The server for tests: a crash of the machine may cost its data, so it need not sync."""
    return Cluster(name="pg-test", durable=False)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """``start``, ``stop``, ``status`` for a developer's shell; ``reap`` for this module itself."""
    verb = arguments[0] if arguments else "status"
    server = Cluster(arguments[1], checkout=Path(arguments[2])) if verb == "reap" else cluster()
    if verb == "reap":
        server.reap()
    elif verb == "start":
        server.start()
        server.ensure_database("kreisrund")
    elif verb == "stop":
        server.stop()
    print("running" if server.is_running() else "stopped", server.socket_dir)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
