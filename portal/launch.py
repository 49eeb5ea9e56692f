"""Starts a demo: database, migrations, the fictional county, web server and worker; stops them all again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager, nullcontext
from types import FrameType

from portal import embedded, processes
from portal.bootstrap import LOCAL, say, step

DATABASE = os.environ.get("EMBEDDED_DATABASE", "kreisrund")
#: Nothing about visitors in the log; browsers say nothing on their sockets, and what they hear is short.
WEB_OPTIONS = (
    *("--no-server-header", "--no-access-log", "--log-level", "warning"),
    *("--ws-max-size", "1024", "--ws-per-message-deflate", "false"),
)


def database(*, fresh: bool = False) -> AbstractContextManager[None]:
    """Keep the embedded server up within the block; nothing to do when DATABASE_URL names another one."""
    if os.environ.get("DATABASE_URL"):
        return nullcontext()
    server = embedded.cluster()
    if fresh:
        with step("Removing the old data"):
            server.destroy()
            (LOCAL / "demo.json").unlink(missing_ok=True)
    return server.held()


def prepare_data() -> None:
    """Bring tables, cache table and static files to the state of this code."""
    if not os.environ.get("DATABASE_URL"):
        embedded.cluster().ensure_database(DATABASE)
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    with step("Migrations"):
        call_command("migrate", database="owner", verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)
    with step("Static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


def seed() -> None:
    """Let the demo command make the fictional county, or find that it is there; it shows its own progress."""
    from django.core.management import get_commands

    if "demo" not in get_commands():
        return
    say("- Fictional county")
    done = subprocess.run([sys.executable, "manage.py", "demo"], cwd=embedded.CHECKOUT)
    if done.returncode:
        sys.exit("The demo data could not be made; see above.")


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}")


def wait_until_healthy(port: int, web: processes.Child, seconds: float = 60) -> None:
    """Return once the health address says 200; end when it does not come to that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and web.is_alive():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit("The web server did not come up; see its messages above.")


def tell_accounts(url: str) -> None:
    say(f"\nKreisrund runs at {url}  (Ctrl-C stops it)\n")
    path = LOCAL / "demo.json"
    if not path.exists():
        return
    accounts = json.loads(path.read_text())["accounts"]
    # One account for each agency and role; their colleagues are numbered and stand in the file.
    accounts = [account for account in accounts if not account["username"][-1].isdigit()]
    width = max(len(account["username"]) for account in accounts)
    for account in accounts:
        say(
            f"  {account['username']:<{width}}  {account['password']}  {account['agency']}, {account['role']}"
        )
    say(f"\n  All accounts: {path.relative_to(embedded.CHECKOUT)}\n")


def serve(port: int) -> int:
    """Run web server and worker until a signal; 1 when the web server ends by itself."""
    web = processes.Child(
        "web",
        [
            *(sys.executable, "-m", "uvicorn", "portal.asgi:application"),
            *("--host", "127.0.0.1", "--port", str(port), *WEB_OPTIONS, "--timeout-graceful-shutdown", "5"),
        ],
    )
    worker = processes.Child(
        "worker", [sys.executable, "manage.py", "procrastinate", "worker"], restarts=True
    )
    children = [web, worker]
    try:
        for child in children:
            child.start()
        wait_until_healthy(port, web)
        tell_accounts(f"http://127.0.0.1:{port}")
        return processes.supervise(children)
    except KeyboardInterrupt:
        return 0
    finally:
        ignore_signals()
        say("\nStopping …")
        for child in reversed(children):
            child.stop()


def demo() -> int:
    """The whole demo, from the database to the last goodbye."""
    port = int(os.environ.get("PORT") or 8000)
    require_free_port(port)
    os.environ["DEMO"] = "1"
    os.environ["PORT"] = str(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # For management commands of this checkout, so that they need no variables.
    (LOCAL / "env").write_text(f"DEMO=1\nPORT={port}\n")
    try:
        with database(fresh=os.environ.get("FRESH") == "1"):
            say("- Database")
            prepare_data()
            seed()
            code = serve(port)
    except KeyboardInterrupt:
        code = 130
    say("Stopped.")
    return code


def manage(arguments: list[str]) -> int:
    """Run one management command with the database up and migrated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    with database():
        prepare_data()
        return subprocess.run([sys.executable, "manage.py", *arguments], cwd=embedded.CHECKOUT).returncode


def ignore_signals() -> None:
    """A second Ctrl-C must not tear the orderly stop apart; every step of it has a time limit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    """``demo``, or ``manage COMMAND …``."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    if arguments == ["demo"]:
        return demo()
    if arguments[:1] == ["manage"]:
        return manage(arguments[1:])
    sys.exit("usage: python -m portal.launch demo | manage COMMAND …")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
