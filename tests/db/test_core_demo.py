"""Starting and stopping the demonstration: its programs leave no orphans, and it says what is in the way."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from trustfund.embedded import children, demo, servers

# A program that starts another and waits, as gunicorn and Celery do; it writes down both numbers.
FAMILY = (
    "import os, subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}'); time.sleep(60)"
)


def numbers_in(file: Path) -> list[int]:
    for _attempt in range(100):
        if file.exists() and len(file.read_text().split()) == 2:
            return [int(number) for number in file.read_text().split()]
        time.sleep(0.05)
    raise AssertionError("The program did not start.")


def is_alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(numbers: list[int]) -> list[int]:
    for _attempt in range(100):
        left = [number for number in numbers if is_alive(number)]
        if not left:
            return []
        time.sleep(0.05)
    return left


def test_leaving_the_block_stops_programs_and_what_they_started(tmp_path):
    with children.Group(tmp_path, os.environ) as group:
        group.start("family", [sys.executable, "-c", FAMILY, str(tmp_path / "numbers")])
        numbers = numbers_in(tmp_path / "numbers")
        assert [is_alive(number) for number in numbers] == [True, True]
        assert [one["name"] for one in json.loads((tmp_path / "running.json").read_text())] == ["family"]
    assert wait_until_gone(numbers) == []
    assert not (tmp_path / "running.json").exists()


def test_a_program_of_ours_is_in_a_group_of_its_own_so_that_ctrl_c_passes_it_by(tmp_path):
    with children.Group(tmp_path, os.environ) as group:
        child = group.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
        assert os.getpgid(child.process.pid) == child.process.pid != os.getpgid(0)


def test_what_a_killed_run_left_behind_is_stopped_by_the_next(tmp_path):
    group = children.Group(tmp_path, os.environ)
    (tmp_path / "logs").mkdir()
    child = group.start("family", [sys.executable, "-c", FAMILY, str(tmp_path / "numbers")])
    numbers = numbers_in(tmp_path / "numbers")
    assert children.stop_recorded(tmp_path / "running.json") == ["family"]
    child.process.wait()
    assert wait_until_gone(numbers) == []


def test_a_number_that_another_program_bears_by_now_is_left_alone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (tmp_path / "running.json").write_text(json.dumps([{"name": "web", "pid": stranger.pid, "born": 1.0}]))
        assert children.stop_recorded(tmp_path / "running.json") == []
        assert stranger.poll() is None
        stranger.kill()


def test_a_program_that_ends_by_itself_is_reported_with_the_end_of_its_log(tmp_path):
    with children.Group(tmp_path, os.environ) as group:
        group.start("worker", [sys.executable, "-c", "print('no broker'); raise SystemExit(3)"])
        with pytest.raises(children.Ended) as ended:
            group.watch()
    assert "The worker ended by itself (status 3)" in str(ended.value)
    assert "no broker" in str(ended.value)


def test_a_program_that_fails_at_once_is_reported():
    with pytest.raises(children.Ended):
        children.run_to_end([sys.executable, "-c", "raise SystemExit(1)"], os.environ)


def test_a_taken_port_is_named_and_another_proposed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(servers.CannotStart) as refused:
            demo.port_of({"PORT": str(port)})
    assert str(refused.value) == (
        f"Something answers on port {port} already. Stop it, or choose another: make demo PORT={port + 1}"
    )


@pytest.mark.parametrize("port", ["http", "99999", "-1", "80.5"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(servers.CannotStart):
        demo.port_of({"PORT": port})


def test_somebody_elses_database_is_never_emptied():
    with pytest.raises(servers.CannotStart):
        demo.begin_anew({"DATABASE_URL": "postgres://fund@db/fund"})


def test_a_dead_postgresql_leaves_no_trap(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/data\n1\n5432\n/tmp\n\n  1 2\nready\n")
    (tmp_path / ".handle_pids.json").write_text("[1, 2]")
    servers.forget_dead_owners(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_half_written_pid_file_is_forgotten(tmp_path):
    (tmp_path / "postmaster.pid").write_text("12\n/data\n")
    servers.forget_dead_owners(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_shell_can_read_where_the_fund_runs_and_nobody_else_can(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "ENVIRONMENT", tmp_path / "environment")
    demo.keep_environment({"DATABASE_URL": "postgres://app@%2Ftmp%2Fit's/fund", "TRUSTFUND_DEMO": "1"})
    read = subprocess.run(
        ["sh", "-c", f'. {tmp_path}/environment && printf "%s %s" "$DATABASE_URL" "$TRUSTFUND_DEMO"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout == "postgres://app@%2Ftmp%2Fit's/fund 1"
    assert (tmp_path / "environment").stat().st_mode & 0o777 == 0o600
