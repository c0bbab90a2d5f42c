import re
import subprocess
import sys

import pytest

from .sources import ROOT, imports, modules, name_of

ENGINES = (
    "commands.smtpcheck.verdict.conclusion",
    "commands.smtpcheck.probe.prober",
    "commands.smtpport.advise",
    "commands.pmta.linter",
    "storage.sqlite.history",
)
SHARED = ["secrets"]
"""Folders of `commands` that are for every slice, and know none."""

SLICES = sorted({path.parent.name for path in (ROOT / "commands").glob("*/__init__.py")} - {*SHARED})


def within(module, package):
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize(("package", "above"), [("commands", ("bot",)), ("storage", ("bot", "commands"))])
def test_arrows_run_from_bot_to_commands_to_storage(package, above):
    for path in modules(package):
        back = [module for module in imports(path) if any(within(module, one) for one in above)]
        assert not back, f"{name_of(path)} imports {back}"


@pytest.mark.parametrize("here", SLICES + SHARED)
def test_slices_import_nothing_of_each_other_but_what_a_check_means(here):
    others = [f"commands.{slice_}" for slice_ in SLICES if slice_ != here]
    for path in modules(f"commands/{here}"):
        across = [module for module in imports(path) if any(within(module, other) for other in others)]
        across = [module for module in across if not within(module, "commands.smtpcheck.result")]
        assert not across, f"{name_of(path)} imports {across}"


@pytest.mark.parametrize("package", ["commands", "storage", *(f"commands/{folder}" for folder in SLICES + SHARED)])
def test_packages_import_nothing_by_themselves(package):
    assert imports(ROOT / package / "__init__.py") == frozenset()


def test_nothing_below_the_bot_names_bolt_or_a_client():
    for path in modules("commands", "storage"):
        slack = [module for module in imports(path) if module.startswith(("slack_bolt", "slack_sdk"))]
        assert not [module for module in slack if not within(module, "slack_sdk.models.blocks")], name_of(path)


def test_only_the_slack_side_and_what_starts_it_know_a_client():
    users = {name_of(path) for path in modules("bot") if "slack_sdk.web.async_client" in imports(path)}
    assert {name for name in users if not within(name, "bot.slack")} <= {"bot.operations.run", "bot.watches.loops"}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_comes_without_slack(engine):
    program = f"import sys, {engine}; print([name for name in sys.modules if name.startswith('slack')])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "[]\n"


def test_the_terminal_comes_without_slack():
    program = (
        "import sys; from bot.cli import parser; parser(); "
        "print([name for name in sys.modules if name.startswith(('slack', 'aiohttp'))])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "[]\n"


def test_a_worker_comes_without_slack_and_without_storage():
    program = (
        "import sys, bot.terminal.worker, bot.vantages.worker, bot.vantages.link, bot.vantages.credentials, "
        "bot.probers, bot.observability.log; "
        "print([name for name in sys.modules if name.startswith(('slack', 'storage'))])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "[]\n"


def test_only_one_module_knows_nats_and_nothing_that_always_runs_imports_it():
    users = {name_of(path) for path in modules() if any(within(one, "nats") for one in imports(path))}
    assert users == {"bot.vantages.link"}
    program = "import sys, bot.operations.run; print([name for name in sys.modules if name.startswith('nats')])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "[]\n"


WORDS = ("commands.smtpcheck.result.sentences",)
SPEAKING = re.compile(
    r"\.(view|words|sentences|terminal|handler|wording|network_words|export_formats|line|compare|differences|docs)\b|^bot\."
)


def test_no_engine_reads_a_sentence():
    """What is shown is made from codes where it is shown; nothing that decides imports words."""
    for path in modules("commands", "storage"):
        words = [module for module in imports(path) if any(within(module, one) for one in WORDS)]
        assert not words or SPEAKING.search(name_of(path)), f"{name_of(path)} imports {words}"
