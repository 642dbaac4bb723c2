"""The container files, parsed and not run: they load, name real things, and document each variable."""

import re
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tidy import sources

COMPOSE = Path("docker-compose.yml")
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[?-][^}]*)?\}")
# PostgreSQL's own image reads these; the other words are the shell's.
READ_BY_IMAGES = {"POSTGRES_USER"}
PROGRAMS_OF_IMAGES = {"redis-server", "redis-cli", "pg_isready", "kill", "python"}


def compose() -> dict[str, Any]:
    loaded = yaml.safe_load(sources.text_of(COMPOSE))
    assert isinstance(loaded, dict)
    return loaded


def documented() -> dict[str, str]:
    found = re.findall(r"^#?([A-Z_]+)=(.*)$", sources.text_of(Path(".env.example")), re.MULTILINE)
    assert len(found) == len(dict(found))
    return dict(found)


def read_by_the_code() -> set[str]:
    pattern = re.compile(
        r"(?:environ(?:\.get)?[(\[]|environment(?:\.get)?[(\[]|_is_on\(|environ\.setdefault\()\s*\"([A-Z_]+)\""
    )
    rooms = (path for path in sources.python_files() if path.parts[0] in {*sources.ROOMS, "manage.py"})
    # The code sets these two itself.
    ours = {"DJANGO_SETTINGS_MODULE", "SOURCE_DATE_EPOCH"}
    return {name for path in rooms for name in pattern.findall(sources.text_of(path))} - ours


def test_the_services_are_the_fund_and_its_two_servers():
    assert set(compose()["services"]) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert compose()["services"]["postgres"]["image"].startswith("postgres:18")


def test_everything_that_stays_up_says_whether_it_is_well():
    services = compose()["services"]
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}


def test_nothing_starts_before_what_it_needs():
    services = compose()["services"].items()
    needs = {name: {one: how["condition"] for one, how in s.get("depends_on", {}).items()} for name, s in services}
    after_migrations = {"migrate": "service_completed_successfully", "redis": "service_healthy"}
    assert needs["migrate"] == {"postgres": "service_healthy"}
    assert [needs[name] for name in ("web", "worker", "beat")] == [after_migrations] * 3


def test_no_secret_stands_in_the_file():
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|_URL", name) and name != "REDIS_URL":
                assert VARIABLE.search(str(value)), name
    assert "trustfund_app:${APPLICATION_PASSWORD" in sources.text_of(COMPOSE)


def test_every_variable_of_the_file_is_documented():
    used = {name for name, _default in VARIABLE.findall(sources.text_of(COMPOSE))}
    assert used - set(documented()) == set()


def test_every_variable_that_must_be_set_has_no_value_in_the_example():
    must = {name for name, default in VARIABLE.findall(sources.text_of(COMPOSE)) if default.startswith(":?")}
    assert {name: documented()[name] for name in must if documented()[name]} == {}


def test_every_variable_that_the_code_reads_is_documented():
    assert {"SECRET_KEY", "DATABASE_URL", "TRUSTFUND_DEMO"} <= read_by_the_code()
    assert read_by_the_code() - set(documented()) == set()


def test_every_documented_variable_is_read_by_something():
    somewhere = sources.text_of(COMPOSE) + sources.text_of(Path("Makefile")) + " ".join(read_by_the_code())
    assert [name for name in documented() if name not in somewhere] == []


def commands() -> list[list[str]]:
    found = []
    for service in compose()["services"].values():
        if "command" in service:
            found.append(service["command"])
        test = service.get("healthcheck", {}).get("test", [])
        found.append(shlex.split(test[1]) if test[:1] == ["CMD-SHELL"] else test[1:])
    cmd = re.search(r"^CMD (\[.*?\])", sources.text_of(Path("Dockerfile")).replace("\\\n", " "), re.MULTILINE)
    assert cmd
    return [command for command in [*found, yaml.safe_load(cmd[1])] if command]


def test_every_command_exists():
    import sys

    ours = {path.name for path in Path(sys.executable).parent.iterdir()}
    assert {command[0] for command in commands()} - ours - PROGRAMS_OF_IMAGES == set()
    for command in commands():
        for word in command:
            if word.endswith(".py"):
                assert (sources.ROOT / word).is_file()
            if word.startswith("trustfund."):
                assert (sources.ROOT / f"{word.replace('.', '/')}.py").is_file()


def test_every_file_that_is_mounted_or_copied_exists():
    mounted = [
        volume.split(":")[0]
        for service in compose()["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    docker = sources.text_of(Path("Dockerfile"))
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", docker, re.MULTILINE) for word in line.split()[:-1]]
    assert len(mounted) == 2
    assert [name for name in [*mounted, *copied] if not (sources.ROOT / name).exists()] == []


def test_the_image_is_run_by_nobody_special():
    lines = sources.text_of(Path("Dockerfile")).splitlines()
    last_user = [line for line in lines if line.startswith("USER ")][-1]
    assert last_user == "USER fund"
    assert lines.index(last_user) > max(number for number, line in enumerate(lines) if line.startswith(("RUN", "COPY")))
    assert sum(line.startswith("FROM ") for line in lines) == 3


def test_the_image_takes_packages_by_their_hashes():
    assert "pip install --no-cache-dir --require-hashes -r /tmp/runtime.txt" in sources.text_of(Path("Dockerfile"))


@pytest.mark.parametrize(
    "script", ["scripts/demo.py", "scripts/check.py", "scripts/environment.py", ".ci/run", "manage.py"]
)
def test_what_is_run_may_be_run(script):
    assert (sources.ROOT / script).stat().st_mode & stat.S_IXUSR


def test_the_demonstration_says_what_to_install_when_pango_is_missing():
    import importlib.util

    found = importlib.util.spec_from_file_location("environment", sources.ROOT / "scripts" / "environment.py")
    assert found
    assert found.loader
    environment = importlib.util.module_from_spec(found)
    found.loader.exec_module(environment)
    assert environment.missing_libraries(lambda name: "pangoft2" not in name) == ["PangoFT2"]
    assert environment.missing_libraries(lambda _name: True) == []
    systems = [line.split(":")[0].strip() for line in environment.HOW_TO_INSTALL.splitlines()]
    assert systems == ["Debian, Ubuntu", "Fedora", "macOS"]
