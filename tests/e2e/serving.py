"""A real portal for browser tests: its own database, uvicorn, the worker and a mail server of its own."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from portal import provision
from tests import database

START_SECONDS = 60
STATIC_SOURCES = (database.ROOT / "portal" / "static", database.ROOT / ".local" / "assets")
MANIFEST = database.ROOT / ".local" / "static" / "staticfiles.json"

_numbers = count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_database() -> Iterator[str]:
    """A copy of the migrated template that lives beside the test database; yields its name."""
    template = database.ensure_template()
    # Several at a time: the browser tests keep theirs for the whole run.
    name = f"{template}_e2e_{os.getpid()}_{next(_numbers)}"
    with database.owner_connection("postgres") as connection:
        provision.drop_database(connection, name)
        connection.execute("SELECT pg_advisory_lock(%s)", [database.TEMPLATE_LOCK])
        provision.clone_database(connection, name, template=template)
    database.limit_rights(name)
    try:
        yield name
    finally:
        with database.owner_connection("postgres") as connection:
            provision.drop_database(connection, name)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let this process work on another database for a while, to fill it."""
    before = str(settings.DATABASES["default"]["NAME"])
    database.use_database(name)
    try:
        yield
    finally:
        connections.close_all()
        database.use_database(before)


def _address(role: str, name: str) -> str:
    values = settings.DATABASES[role]
    password = f":{quote(values['PASSWORD'])}" if values.get("PASSWORD") else ""
    host = quote(str(values["HOST"] or values.get("OPTIONS", {}).get("host", "")), safe="")
    return f"postgresql://{values['USER']}{password}@{host}/{name}"


def environment(name: str, port: int, **extra: str) -> dict[str, str]:
    """What the portal's processes get: a demo installation on the given database."""
    return {
        **os.environ,
        "DEMO": "1",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "browser-tests-" * 5,
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": _address("default", name),
        "DATABASE_OWNER_URL": _address("owner", name),
        **extra,
    }


def collect_static() -> None:
    """Lay out the static files as in production, unless nothing changed; processes beside us wait."""
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with (MANIFEST.parent.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(path.stat().st_mtime for root in STATIC_SOURCES for path in root.rglob("*"))
        if MANIFEST.exists() and MANIFEST.stat().st_mtime > newest:
            return
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(command, cwd=database.ROOT, env={**os.environ, "DEMO": "1"}, check=True)


@contextmanager
def running_portal(name: str, **extra: str) -> Iterator[str]:
    """Web server and worker on the database ``name``, stopped at the end; yields the address."""
    collect_static()
    port = free_port()
    env = environment(name, port, **extra)
    web = ["uvicorn", "portal.asgi:application", "--port", str(port), "--log-level", "warning"]
    commands = [
        [sys.executable, "-m", *web],
        [sys.executable, "manage.py", "procrastinate", "worker"],
    ]
    processes = [subprocess.Popen(command, cwd=database.ROOT, env=env) for command in commands]
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}", processes[0])
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _wait_until_healthy(url: str, web: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The portal under test did not come up.")
