"""The demonstration on one machine: servers, schema, fund, web server, worker and beat; Ctrl-C stops them all.

Run by `make demo` as `python -m trustfund.embedded.demo [--reset]`, before Django has any settings.
"""

import contextlib
import fcntl
import json
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import IO

import psycopg2

from trustfund.embedded import children, existing_servers, servers

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("TRUSTFUND_VAR", str(ROOT / "var")))
DEMO = VAR / "demo"
PEOPLE = DEMO / "people.json"
ENVIRONMENT = DEMO / "environment"
LOADED = DEMO / "loaded"
WEB_SECONDS = 60


class Stop(Exception):
    """Somebody pressed Ctrl-C, or the machine asks us to end."""


def say(line: str = "") -> None:
    """Print one line of progress at once."""
    print(line, flush=True)  # noqa: T201 - this is what a person reads in the terminal


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    # A second Ctrl-C must not interrupt the stopping.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stop


def port_of(environment: Mapping[str, str]) -> int:
    """
    Return the port of the web server, free on this machine.

    :raises CannotStart: if it is taken, or no port number
    """
    try:
        port = int(environment.get("PORT", "") or "8000")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (ValueError, OverflowError):
        raise servers.CannotStart(f"PORT={environment['PORT']} is not a port number. Use 1024 to 65535.") from None
    except OSError:
        raise servers.CannotStart(
            f"Something answers on port {port} already. Stop it, or choose another: make demo PORT={port + 1}"
        ) from None
    return port


@contextlib.contextmanager
def the_only_one() -> Iterator[None]:
    """
    Hold the demonstration's lock while the block runs; the system drops it even after kill -9.

    :raises CannotStart: if another demonstration runs in this folder
    """
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise servers.CannotStart(
                "The demonstration runs already in another terminal. Stop that one first."
            ) from None
        yield


def begin_anew(environment: Mapping[str, str]) -> None:
    """
    Remove the demonstration's data.

    :raises CannotStart: if the data lies on somebody else's server
    """
    if environment.get("DATABASE_URL"):
        raise servers.CannotStart(
            "RESET=1 removes only the demonstration's own servers. Empty the database of DATABASE_URL yourself."
        )
    say("Beginning anew: the data of the last demonstration is removed.")
    shutil.rmtree(DEMO, ignore_errors=True)


def stop_leftovers() -> None:
    """Stop what a killed demonstration left running."""
    stopped = children.stop_recorded(DEMO / "running.json") + servers.stop_leftovers(DEMO / "servers")
    if stopped:
        say(f"Stopped what the last run left behind: {', '.join(stopped)}.")


def is_empty(owner_url: str) -> bool:
    """Return whether nobody has a sign-in yet."""
    with contextlib.closing(psycopg2.connect(owner_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM core_user)")
        row = cursor.fetchone()
        return bool(row and row[0])


def load_fund(environment: Mapping[str, str]) -> None:
    """
    Tell the demonstration fund once; a later start finds it loaded.

    :raises CannotStart: if the last loading was interrupted half-way
    """
    if not is_empty(environment["MIGRATION_DATABASE_URL"]):
        if not LOADED.exists():
            raise servers.CannotStart(
                "This database was not loaded to its end by this demonstration. Begin anew: make demo RESET=1"
            )
        say("The demonstration fund is loaded already.")
        return
    say("Telling the story of the demonstration fund, five years of it …")
    children.run_to_end([sys.executable, "manage.py", "load_demonstration"], environment)
    LOADED.write_text("The demonstration fund was loaded to its end.\n")


def sign_ins() -> list[str]:
    """Return the table of sign-ins by role, as lines."""
    if not PEOPLE.exists():
        return []
    people = json.loads(PEOPLE.read_text())
    rows = [("Role", "E-mail address", "Password"), *((one["role"], one["email"], one["password"]) for one in people)]
    role, email = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [f"  {row[0]:<{role}}  {row[1]:<{email}}  {row[2]}" for row in rows]


def keep_environment(changed: Mapping[str, str]) -> None:
    """Write down where the fund runs, for a shell that wants to run `manage.py` on it; for this person's eyes only."""
    ENVIRONMENT.touch(mode=0o600)
    ENVIRONMENT.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(changed.items())))


def wait_for_web(web: children.Child, port: int) -> None:
    """
    Wait until the web server answers.

    :raises CannotStart: if it ends or stays silent
    """
    for _attempt in range(WEB_SECONDS * 10):
        web.require_running()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(b"GET /account/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = line.recv(64)
            if answer[9:12] in {b"200", b"302"}:
                return
            if answer:
                raise servers.CannotStart(f"The web server answers, but not well: {answer[:40]!r}.\n{web.last_lines()}")
        time.sleep(0.1)
    raise servers.CannotStart(f"The web server did not answer within {WEB_SECONDS} seconds.\n{web.last_lines()}")


def commands(port: int) -> dict[str, list[str]]:
    """Return what runs beside the two servers, by name."""
    celery = [sys.executable, "-m", "celery", "--app", "trustfund.celery"]
    web = f"--bind 127.0.0.1:{port} --workers 2 --threads 4 --timeout 60 --access-logfile - --no-control-socket"
    worker = "--queues default,reports --pool prefork --concurrency 1 --hostname demo@%h --loglevel INFO"
    return {
        "web": [sys.executable, "-m", "gunicorn", "trustfund.wsgi", *web.split()],
        "worker": [*celery, "worker", *worker.split(), "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--schedule", str(DEMO / "beat"), "--pidfile=", "--loglevel", "INFO"],
    }


@contextlib.contextmanager
def the_servers(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run our own servers, or use those that DATABASE_URL and REDIS_URL name; yield where they are."""
    with contextlib.ExitStack() as stack:
        found: dict[str, str] = {}
        if environment.get("DATABASE_URL"):
            found.update(existing_servers.database(environment, DEMO, say))
        else:
            say("Starting PostgreSQL …")
            found.update(stack.enter_context(servers.postgres(DEMO / "servers")))
        if environment.get("REDIS_URL"):
            found["REDIS_URL"] = environment["REDIS_URL"]
            say("Using the Redis that REDIS_URL names.")
        else:
            say("Starting Redis …")
            found["REDIS_URL"] = stack.enter_context(servers.redis_server(DEMO / "servers" / "redis"))
        yield found


def run(*, reset: bool) -> None:
    """
    Run the demonstration until somebody stops it.

    :raises CannotStart: with a sentence that says what is in the way
    :raises Stop: when asked to stop
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(the_only_one())
        stop_leftovers()
        port = port_of(os.environ)
        if reset:
            begin_anew(os.environ)
        DEMO.mkdir(parents=True, exist_ok=True)
        (VAR / "static").mkdir(exist_ok=True)
        found = stack.enter_context(the_servers(os.environ))
        changed = {
            **found,
            "TRUSTFUND_DEMO": "1",
            "TRUSTFUND_VAR": str(VAR),
            "DOCUMENTS_DIR": str(DEMO / "documents"),
            "SITE_ADDRESS": f"http://localhost:{port}",
        }
        keep_environment(changed)
        environment = {**os.environ, **changed, "PYTHONUNBUFFERED": "1"}
        say("Bringing the tables up to date …")
        children.run_to_end([sys.executable, "manage.py", "migrate", "--verbosity", "0"], environment)
        load_fund(environment)
        say("Starting the web server, the worker and beat …")
        group = stack.enter_context(children.Group(DEMO, environment))
        started = {name: group.start(name, command) for name, command in commands(port).items()}
        wait_for_web(started["web"], port)
        say()
        for line in sign_ins():
            say(line)
        say()
        say("After the password the page shows the code of the authenticator: this is a demonstration.")
        say(f"The fund is open at http://localhost:{port}   (logs: {DEMO / 'logs'})")
        say(f"Commands on it, in another shell: . {ENVIRONMENT} && {sys.executable} manage.py help")
        say("Ctrl-C stops everything; the data stays. `make demo RESET=1` begins anew.")
        group.watch()


def main(output: IO[str] | None = None) -> int:
    """Run, and answer with the exit status: 0 when stopped by a person, 1 when something was in the way."""
    output = output or sys.stderr
    os.chdir(ROOT)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        run(reset="--reset" in sys.argv[1:] or bool(os.environ.get("RESET")))
    except Stop:
        say("Stopped. The data is kept in var/demo.")
        return 0
    except (servers.CannotStart, children.Ended) as problem:
        output.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
