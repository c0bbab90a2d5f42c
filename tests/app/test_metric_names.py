"""Metrics keep to the rules of Prometheus; rules and dashboard name only what there is."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.observability import metrics
from bot.observability.metrics import gauges
from bot.observability.probe_metrics import probe_page
from commands.watch.state.certificates import remind
from storage.watches import Backlog
from tests.every import every
from tests.watch.samples import NOON, a_watch, seen

DOCS = Path(__file__).resolve().parents[2] / "docs"
OTHER_UNITS = re.compile(
    r"_(?:milliseconds|ms|minutes?|hours?|days?|weeks?|kilobytes|kb|megabytes|mb|gigabytes|bits|percent|percentage)(?:_|$)"
)
KINDS = re.compile(r"_(?:gauge|counter|histogram|summary)(?:_|$)")


def everything() -> str:
    """Every family with a sample: what has labels has none until something happens."""
    metrics.slack_errors.labels("auth.test", "other")
    metrics.token_refused.labels("bot")
    for kind in (metrics.storage_trouble, metrics.storage_failures):
        kind.labels("disk_full")
    metrics.requests.labels("echo", "slash")
    metrics.ended.labels("echo", "answered")
    metrics.seconds.labels("echo")
    watch = a_watch(kind="certificate")
    certificates = {"mx.example:25": {"not_after": (NOON + timedelta(days=40)).isoformat()}}
    after = remind(watch, seen("good", watch, certificates=certificates), NOON).watch
    after = replace(after, state=replace(after.state, phase="up", last_ms=12.0))
    watches = generate_latest(gauges([after], Backlog(1, 2, 3), NOON))
    sizes = generate_latest(metrics._sizes(DOCS / "portero.db"))
    return (generate_latest(REGISTRY) + watches + sizes + probe_page(PROBED)).decode()


PROBED = {
    "verdict": "ok",
    "started_at": "2026-11-24T10:00:00Z",
    "elapsed_ms": 312.0,
    "endpoints": [
        {
            "host": "mx.example",
            "address": "192.0.2.1",
            "port": 25,
            "state": "open",
            "tls": {"mode": "starttls", "state": "ok", "certificate": {"not_after": "2027-01-01T00:00:00Z"}},
            "findings": [],
            "timings_ms": {"connect": 1.0},
        }
    ],
}


FAMILIES = {family.name: family for family in text_string_to_metric_families(everything())}
NAMES = {sample.name for family in FAMILIES.values() for sample in family.samples}


@every(sorted(name for name in FAMILIES if name.startswith(("portero_", "probe_"))))
def test_a_metric_has_help_a_plain_name_and_a_base_unit(name):
    assert FAMILIES[name].documentation
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert not OTHER_UNITS.search(name)
    assert not KINDS.search(name)
    if FAMILIES[name].type == "gauge" and not name.endswith("_created"):
        assert not name.endswith(("_total", "_count", "_sum", "_bucket"))


def test_promtool_has_nothing_to_say():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: apt install prometheus)")
    found = subprocess.run(
        [promtool, "check", "metrics"], input=everything(), capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert subprocess.run([promtool, "check", "rules", DOCS / "prometheus-rules.yml"], check=False).returncode == 0
    checked = [promtool, "check", "config", "--syntax-only", DOCS / "prometheus-scrape.yml"]
    assert subprocess.run(checked, check=False).returncode == 0


def test_the_rules_name_metrics_that_there_are():
    groups = yaml.safe_load((DOCS / "prometheus-rules.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    named = {name for rule in rules for name in re.findall(r"\b(?:portero|probe)_[\w:]+", rule["expr"])}
    assert len(rules) == len({rule.get("alert") or rule["record"] for rule in rules}) > 5
    assert named <= NAMES | recorded


def test_the_scrapes_are_of_jobs_that_the_rules_are_about():
    jobs = {
        scrape["job_name"] for scrape in yaml.safe_load((DOCS / "prometheus-scrape.yml").read_text())["scrape_configs"]
    }
    assert jobs == set(re.findall(r'job="([^"]+)"', (DOCS / "prometheus-rules.yml").read_text()))


def test_the_dashboard_names_metrics_that_there_are():
    panels = json.loads((DOCS / "grafana-dashboard.json").read_text())["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    named = {name for expression in expressions for name in re.findall(r"\b(?:portero|probe)_\w+", expression)}
    assert len(named) > 10
    assert named <= NAMES


async def test_a_scrape_has_version_readiness_and_the_size_of_the_history(serving, services):
    async with serving(services=replace(services, file=services.history)) as stage:
        async with ClientSession() as session, session.get(f"{stage.bot.url}/metrics") as answer:
            text = await answer.text()
        found = {sample.name: sample for family in text_string_to_metric_families(text) for sample in family.samples}
        assert found["portero_build_info"].labels["version"]
        assert found["portero_ready"].value == 1
        assert found["portero_storage_bytes"].value >= stage.services.history.path.stat().st_size
        assert found["portero_storage_free_bytes"].value > 0
        stage.bot.server.stop_accepting()
        async with ClientSession() as session, session.get(f"{stage.bot.url}/metrics") as answer:
            assert "portero_ready 0.0" in await answer.text()
