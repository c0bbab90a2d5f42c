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
from commands.watch.state.certificates import remind
from storage.watches import Backlog
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
    return (generate_latest(REGISTRY) + watches + generate_latest(metrics._sizes(DOCS / "portero.db"))).decode()


FAMILIES = {family.name: family for family in text_string_to_metric_families(everything())}
NAMES = {sample.name for family in FAMILIES.values() for sample in family.samples}


@pytest.mark.parametrize("name", sorted(name for name in FAMILIES if name.startswith("portero_")))
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


def test_the_rules_name_metrics_that_there_are():
    rules = yaml.safe_load((DOCS / "prometheus-rules.yml").read_text())["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"portero_\w+", rule["expr"])}
    assert len(rules) == len({rule["alert"] for rule in rules}) > 5
    assert named <= NAMES


def test_the_dashboard_names_metrics_that_there_are():
    panels = json.loads((DOCS / "grafana-dashboard.json").read_text())["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    named = {name for expression in expressions for name in re.findall(r"portero_\w+", expression)}
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
