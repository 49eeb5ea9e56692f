"""Faults of the ground: a database that goes away and comes back, a server killed without warning."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from portal import embedded, provision
from tests.e2e.serving import collect_static

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30
HOLD = "import sys; from portal.embedded import Cluster; c = Cluster(sys.argv[1], durable=False)\n"
HOLD += "with c.held(): print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def cluster() -> Iterator[embedded.Cluster]:
    """A server of its own for one test, gone afterwards."""
    server = embedded.Cluster(name=f"fault{os.getpid()}", durable=False)
    yield server
    server.destroy()
    for path in server.base.glob(f"{server.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def until(condition: Callable[[], bool]) -> bool:
    """Ask again and again; every asking waits for a server itself, so this loop need not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
    return False


def postmaster(server: embedded.Cluster) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def test_server_recovers_after_being_killed(cluster):
    cluster.start()
    cluster.ensure_database("kept")
    os.kill(postmaster(cluster), signal.SIGKILL)

    assert until(lambda: not cluster.is_running())
    assert cluster.start() is True
    with cluster.connect() as connection:
        assert provision.database_exists(connection, "kept")


def test_server_starts_over_a_pid_file_that_names_another_process(cluster):
    cluster.start()
    text = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *text[1:]]) + "\n")

    assert cluster.start() is True


def test_start_and_stop_may_be_repeated(cluster):
    assert [cluster.start(), cluster.start()] == [True, False]
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()


def test_killed_holder_leaves_no_server(cluster):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, cluster.name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout.readline() == b"up\n"
        assert cluster.is_running()
        holder.kill()

    assert until(lambda: not cluster.is_running())


def test_socket_path_stays_short_in_a_deep_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr("portal.postgres_programs.runs_as_root", lambda: False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    deep = embedded.Cluster(checkout=tmp_path / ("x" * 120))
    other = embedded.Cluster(checkout=tmp_path / ("y" * 120))

    assert len(str(deep.socket_dir / ".s.PGSQL.5432.lock")) < 100
    assert deep.socket_dir != other.socket_dir


@pytest.fixture
def web(cluster) -> Iterator[str]:
    """A real web server on a database of its own; yields its address."""
    cluster.start()
    cluster.ensure_database("kreisrund")
    host = quote(str(cluster.socket_dir), safe="")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        **os.environ,
        "DEMO": "1",
        "DATABASE_URL": f"postgresql://{provision.APP}@{host}/kreisrund",
        "DATABASE_OWNER_URL": f"postgresql://{provision.OWNER}@{host}/kreisrund",
        "PORT": str(port),
    }
    collect_static()
    for command in (
        ["migrate", "--database", "owner"],
        ["createcachetable", "--database", "owner"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, env=variables, check=True, timeout=120
        )
    command = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--port", str(port)]
    server = subprocess.Popen([*command, "--log-level", "critical"], cwd=ROOT, env=variables)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(PATIENCE)


def fetch(address: str) -> tuple[int, str]:
    """GET with a session cookie, so that the page has to ask the database; status 0 while nobody listens."""
    request = urllib.request.Request(address, headers={"Cookie": "kreisrund_session=abcdefghijklmnop"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return 0, ""


def test_portal_says_503_without_database_and_is_back_by_itself(cluster, web):
    assert until(lambda: fetch(f"{web}/healthz") == (200, '{"status":"ok"}'))
    assert fetch(f"{web}/konto/login/")[0] == 200

    cluster.stop()
    assert fetch(f"{web}/healthz")[0] == 503
    status, page = fetch(f"{web}/konto/login/")
    assert (status, '<html lang="de">' in page) == (503, True)

    cluster.start()
    assert until(lambda: fetch(f"{web}/healthz")[0] == 200)
    assert fetch(f"{web}/konto/login/")[0] == 200
