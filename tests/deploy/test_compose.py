"""The compose file: valid by its schema, honest about what it mounts, and without a default secret."""

import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
SERVICES = ("mosquitto", "postgres", "shouwang", "prometheus", "grafana")


def test_the_file_is_valid_by_the_compose_schema() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run([checker, "--builtin-schema", "vendor.compose-spec", FILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_has_exactly_the_services_that_a_site_needs() -> None:
    assert set(COMPOSE["services"]) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_watched_restarted_and_keeps_its_data(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["healthcheck"]["test"], "a service without a health check can be dead for hours"
    assert service["restart"] == "unless-stopped"
    kept = [volume for volume in service["volumes"] if volume.split(":")[0] in COMPOSE["volumes"]]
    assert kept, f"{name} would forget everything when it is made anew"


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_file_is_in_the_tree(name: str) -> None:
    for volume in COMPOSE["services"][name]["volumes"]:
        source = volume.split(":")[0]
        if source.startswith("./"):
            assert (ROOT / source).exists(), f"{name} mounts {source}, which is not there"
            assert volume.endswith(":ro"), f"{name} could change {source}"


def test_no_secret_stands_in_the_file() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in (service.get("environment") or {}).items():
            if "PASSWORD" in variable or "SECRET" in variable or "TOKEN" in variable:
                assert variable.endswith(("_FILE", "__FILE")), f"{name} has {variable} in the open"
                assert str(value).startswith("/run/secrets/")
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("deploy/secrets/"), "secrets live in the folder that git does not see"
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_every_secret_used_is_made_by_the_script() -> None:
    script = (ROOT / "deploy" / "secrets.sh").read_text(encoding="utf-8")
    for secret in COMPOSE["secrets"].values():
        assert Path(secret["file"]).name in script


def test_the_console_and_the_tools_are_not_open_to_the_street() -> None:
    for name in ("shouwang", "prometheus", "grafana"):
        for port in COMPOSE["services"][name]["ports"]:
            assert port.startswith("127.0.0.1:"), f"{name} listens on every address: put a TLS proxy in front"


def test_the_service_runs_with_the_least_it_needs() -> None:
    service = COMPOSE["services"]["shouwang"]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "USER shouwang" in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
