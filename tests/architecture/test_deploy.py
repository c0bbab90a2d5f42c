"""What people deploy with agrees with the program: settings that there are, folders that there are, one hardening."""

import re
from pathlib import Path

import pytest
import yaml

from bot.setting_table import KNOWN
from bot.settings import load

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["portero"]
MANIFESTS = {one["kind"]: one for one in yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text())}
POD = MANIFESTS["Deployment"]["spec"]["template"]["spec"]
ROLE = ROOT / "deploy/ansible/roles/portero_worker"
IMAGE = (ROOT / "Dockerfile").read_text()


def _settings(text):
    return set(re.findall(r"\b(?:PORTERO|SLACK)_[A-Z_]+\b", text))


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "deploy/kubernetes.yaml", "deploy/portero.env.example"])
def test_every_setting_that_is_named_is_one(file):
    assert _settings((ROOT / file).read_text()) <= KNOWN


def test_the_example_of_settings_is_taken_once_its_tokens_are_whole():
    lines = [line.split("=", 1) for line in (ROOT / "deploy/portero.env.example").read_text().split()]
    settings = load({name: f"{value}1-2-3" if value.endswith("-") else value for name, value in lines})
    assert settings.ehlo_name == "portero.example.com"


def test_the_image_has_all_that_the_wheel_has_and_nothing_of_tests():
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", IMAGE, re.MULTILINE)
    copied = {name for line in lines for name in line.split()}
    assert {"bot", "commands", "storage", "docs/portero.1"} <= copied
    admitted = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert copied == admitted


def test_image_compose_and_pod_run_without_rights_on_a_root_that_is_read_only():
    assert "USER 10001:10001" in IMAGE
    assert (COMPOSE["read_only"], COMPOSE["cap_drop"]) == (True, ["ALL"])
    security = POD["containers"][0]["securityContext"]
    assert security == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert POD["securityContext"]["runAsUser"] == 10001


def test_the_pod_is_alone_with_its_file_and_is_asked_how_it_is():
    assert MANIFESTS["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}
    container = POD["containers"][0]
    asked = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert {one["mountPath"] for one in container["volumeMounts"]} == {"/var/lib/portero", "/tmp"}


def test_the_unit_of_the_role_is_that_of_the_docs():
    def service(path):
        lines = [line for line in path.read_text().split("[Service]")[1].splitlines() if re.match(r"\w+=", line)]
        return {line.split("=")[0]: line for line in lines if not line.startswith(("ExecStart=", "User="))}

    assert service(ROLE / "templates/portero-worker.service.j2") == service(ROOT / "docs/portero-worker.service")


def test_both_units_are_shut_in_alike():
    def walls(name):
        text = (ROOT / f"docs/{name}.service").read_text()
        return text[text.index("NoNewPrivileges=") : text.index("[Install]")].replace("StateDirectory=portero\n", "")

    assert walls("portero") == walls("portero-worker")
    assert {"SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes"} <= set(walls("portero").splitlines())


def test_the_role_is_yaml_and_its_variables_have_defaults():
    used = set()
    for path in [*ROLE.rglob("*.yml"), *ROLE.rglob("*.j2")]:
        used |= set(re.findall(r"\bportero_worker_\w+", path.read_text()))
        if path.suffix == ".yml":
            assert yaml.safe_load(path.read_text()) is not None
    assert used <= set(yaml.safe_load((ROLE / "defaults/main.yml").read_text()))
