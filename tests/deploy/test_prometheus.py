"""Prometheus' own files, checked by Prometheus' own tool; the dashboard's expressions too."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.programs import find

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "shouwang.json").read_text(encoding="utf-8"))
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def promtool(*arguments: str, folder: Path = FOLDER) -> None:
    program = find("promtool")
    assert program is not None
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("promtool")
def test_the_configuration_is_good(tmp_path: Path) -> None:
    (tmp_path / "metrics_token").write_text("none", encoding="ascii")
    text = (FOLDER / "prometheus.yml").read_text(encoding="utf-8").replace("/run/secrets", str(tmp_path))
    (tmp_path / "prometheus.yml").write_text(text, encoding="utf-8")
    (tmp_path / "rules.yml").write_bytes((FOLDER / "rules.yml").read_bytes())
    promtool("check", "config", "prometheus.yml", folder=tmp_path)


@pytest.mark.needs("promtool")
def test_the_rules_fire_when_they_must_and_not_before() -> None:
    promtool("check", "rules", "rules.yml")
    promtool("test", "rules", "rules_test.yml")


@pytest.mark.needs("promtool")
def test_every_expression_of_the_dashboard_parses(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(EXPRESSIONS)]
    YAML().dump({"groups": [{"name": "dashboard", "rules": rules}]}, tmp_path / "dashboard.yml")
    promtool("check", "rules", "dashboard.yml", folder=tmp_path)


def test_the_dashboard_reads_the_data_source_that_is_provisioned() -> None:
    source = YAML(typ="safe").load(
        (ROOT / "deploy" / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text(encoding="utf-8")
    )
    uid = source["datasources"][0]["uid"]
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {uid}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def names_used() -> set[str]:
    """Every metric of ours that a rule or a panel reads."""
    rules = (FOLDER / "rules.yml").read_text(encoding="utf-8")
    return set(re.findall(r"\bshouwang_[a-z_]+", "\n".join([rules, *EXPRESSIONS])))


def test_a_metric_is_named_at_all() -> None:
    assert "shouwang_ready" in names_used()
