"""Programs that run beside the demonstration: each in a group of its own, with its log, stopped without orphans."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

GRACE_SECONDS = 10


class Ended(RuntimeError):
    """A program that should run has ended; the message carries the last lines of its log."""


@dataclass(frozen=True)
class Child:
    """One program that runs."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def last_lines(self, count: int = 15) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def require_running(self) -> None:
        """
        Do nothing while it runs.

        :raises Ended: if it has ended
        """
        status = self.process.poll()
        if status is not None:
            raise Ended(
                f"The {self.name} ended by itself (status {status}).\nThe end of {self.log}:\n{self.last_lines()}"
            )


@dataclass
class Group:
    """The programs of one demonstration. Leaving the block stops them all, the latest started first."""

    folder: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in reversed(self.children):
            _signal_group(child.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in reversed(self.children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            # The program may be gone and something that it started still there.
            _signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
        (self.folder / "running.json").unlink(missing_ok=True)

    def start(self, name: str, command: list[str]) -> Child:
        """Start a program in a process group of its own, so that Ctrl-C reaches only the demonstration itself."""
        log = self.folder / "logs" / f"{name}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        child = Child(name, process, log)
        self.children.append(child)
        self._record()
        return child

    def _record(self) -> None:
        running = []
        for child in self.children:
            with contextlib.suppress(psutil.Error):
                running.append(
                    {
                        "name": child.name,
                        "pid": child.process.pid,
                        "born": psutil.Process(child.process.pid).create_time(),
                    }
                )
        (self.folder / "running.json").write_text(json.dumps(running))

    def watch(self) -> None:
        """
        Look every half second whether all still run.

        :raises Ended: as soon as one has ended
        """
        while True:
            for child in self.children:
                child.require_running()
            time.sleep(0.5)


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def stop_recorded(record: Path) -> list[str]:
    """Stop the programs that a killed run left, and return their names; a number reused since is left alone."""
    if not record.exists():
        return []
    stopped = []
    for entry in json.loads(record.read_text() or "[]"):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(entry["pid"])
            if abs(process.create_time() - entry["born"]) < 1:
                _signal_group(process.pid, signal.SIGTERM)
                with contextlib.suppress(psutil.TimeoutExpired):
                    process.wait(GRACE_SECONDS)
                _signal_group(process.pid, signal.SIGKILL)
                stopped.append(entry["name"])
    record.unlink()
    return stopped


def run_to_end(command: list[str], environment: Mapping[str, str]) -> None:
    """
    Run a program that shows its own progress until it ends; if we are stopped meanwhile, it is stopped too.

    :raises Ended: if it fails
    """
    with subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            status = process.wait()
        except BaseException:
            # As Ctrl-C would, so that it can put back what it holds.
            _signal_group(process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
            _signal_group(process.pid, signal.SIGKILL)
            raise
    if status:
        raise Ended(f"`{' '.join(command[1:])}` failed; the lines above say why.")
