"""Fixtures of the live tests: a served county for each module, and Redis where a test asks for it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.roundtable.live.county import Served, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/roundtable/live/" in str(item.path):
            # Real web processes: one set of them at a time.
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    with django_db_blocker.unblock(), served() as world:
        yield world


class RedisServer:
    """Debian's, on a socket of its own, without files."""

    def __init__(self, program: str, folder: Path) -> None:
        self.command = [program, "--port", "0", "--unixsocket", str(folder / "redis"), "--save", ""]
        self.url = f"unix://{folder / 'redis'}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE)
        assert self.process.stdout
        for line in self.process.stdout:
            if b"eady to accept connections" in line:
                break
        with redis.Redis.from_url(self.url) as client:
            assert client.ping()

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    program = shutil.which("redis-server")
    if program is None:
        say = pytest.fail if os.environ.get("NEED_REDIS") == "1" else pytest.skip
        say("No redis-server on this machine: Debian's package redis-server has it.")
    server = RedisServer(str(program), tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()
