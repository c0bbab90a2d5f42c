"""Whatever testssl.sh and sslyze call grave of a server, Portero says, too. Skips where they are not installed.

`apt install testssl.sh bind9-dnsutils`; `pip install sslyze` in an environment of its own, on the PATH.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.real.chains import Issuer, Wish
from tests.real.expected import Expected
from tests.real.keys import Authority, Pair, openssl
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, Settings, keys_of
from tests.real.running import check, codes, running, told
from tests.real.software import program
from tests.real.test_exim import Exim, exim

ALL = ("*.real.test",)
LAX = ":@SECLEVEL=0"
EVERYTHING: Settings = {"tls_medium_cipherlist": f"ALL:COMPLEMENTOFALL{LAX}", "smtpd_tls_protocols": ">=TLSv1"}
SMALL_DH: Settings = {
    "tls_medium_cipherlist": f"DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA{LAX}",
    "smtpd_tls_protocols": "TLSv1.2",
    "smtpd_tls_dh1024_param_file": "{folder}/dh.pem",
}
POSTFIX: Mapping[str, Settings] = {
    "tls-everything": EVERYTHING,
    "tls-small-dh": SMALL_DH,
    "tls-untidy": {},
}
OLD = "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:%COMPAT"
EXIM, STUNNEL = "tls-old-exim", "tls-static-stunnel"
SERVERS = (*POSTFIX, EXIM, STUNNEL)
PORTS = {**dict.fromkeys(SERVERS, 25), STUNNEL: 465}
ADDRESSES = {name: f"127.0.21.{number}" for number, name in enumerate(SERVERS, 1)}
BEHIND = "127.0.21.99"

TESTS = ("-p", "-s", "-S", "-J", "-F", "-4", "-O")
"""Versions, suites, certificate, LOGJAM, FREAK, RC4, POODLE. Not -U, which beside these has flaws of old libraries."""

MEANS: Mapping[str, tuple[str, ...]] = {
    "SSLv3": ("old_tls_accepted",),
    "TLS1": ("old_tls_accepted",),
    "TLS1_1": ("old_tls_accepted",),
    "POODLE_SSL": ("old_tls_accepted",),
    "cipherlist_NULL": ("tls_broken_suites",),
    "cipherlist_aNULL": ("tls_anonymous_suites",),
    "cipherlist_EXPORT": ("tls_broken_suites",),
    "cipherlist_LOW": ("tls_broken_suites",),
    "cipherlist_3DES_IDEA": ("tls_broken_suites",),
    "RC4": ("tls_broken_suites",),
    "FREAK": ("tls_broken_suites",),
    "cert_keySize": ("cert_weak_key",),
    "cert_signatureAlgorithm": ("cert_weak_signature",),
    "DH_groups": ("tls_small_dh",),
    "LOGJAM": ("tls_small_dh", "tls_broken_suites"),
    "LOGJAM-common_primes": ("tls_small_dh",),
    "PFS": ("tls_no_forward_secrecy", "tls_static_suites"),
    "cert_mustStapleExtension": ("ocsp_staple_missing",),
    "OCSP_stapling": ("ocsp_staple_missing",),
}
"""What testssl.sh finds -> what Portero says, one of these."""

NOT_OURS: Mapping[str, str] = {
    "cert_revocation": "a certificate without CRL or OCSP address: no sender or client of mail looks",
}


def _pair(name: str, authority: Authority) -> Pair:
    """What the server sends; `tls-untidy`: a leaf that demands a staple, and its chain swapped, with the root."""
    if name != "tls-untidy":
        return authority.pair(*ALL, key="rsa:1024" if name == "tls-everything" else "rsa:2048")
    issuer = Issuer(authority)
    upper = issuer.issue(Wish("Upper CA", signs=True))
    lower = issuer.issue(Wish("Lower CA", signs=True), upper)
    return issuer.pair(issuer.issue(Wish("leaf", ALL, must_staple=True), lower), upper, lower, issuer.root)


def _stunnel(folder: Path, pair: Pair) -> str:
    config = folder / "stunnel.conf"
    config.write_text(
        f"foreground = yes\npid =\ncert = {pair.cert}\nkey = {pair.key}\n[static]\naccept = {ADDRESSES[STUNNEL]}:465\n"
        f"connect = {BEHIND}:25\nsslVersionMax = TLSv1.2\nciphers = AES128-SHA:AES256-SHA\n"
    )
    return str(config)


@pytest.fixture(scope="module")
def servers(place: Path, authority: Authority, names: Names) -> Iterator[Path]:
    """All of them; the folder is for what the peers write."""
    folder = place / "peers"
    folder.mkdir()
    openssl("dhparam", "-out", "dh.pem", "1024", cwd=folder)
    (folder / "dh.pem").chmod(0o644)
    services = {"behind": (BEHIND, [Service(25, {"smtpd_tls_security_level": "none"})])}
    for name, settings in POSTFIX.items():
        placed = {key: value.replace("{folder}", str(folder)) for key, value in settings.items()}
        services[name] = (ADDRESSES[name], [Service(25, {**MAY, **keys_of(_pair(name, authority)), **placed})])
    for name, address in ADDRESSES.items():
        names.add(name, address)
    sound = Issuer(authority).single(Wish("sound", ALL))  # Exim is not root when it reads the key
    old = Exim(Expected("ok"), f"tls_require_ciphers = {OLD}")
    with ExitStack() as stack:
        stack.enter_context(postfix(folder, services))
        stack.enter_context(exim(folder / "exim", old, EXIM, ADDRESSES[EXIM], sound, authority.root))
        config, listens = _stunnel(folder, sound), (ADDRESSES[STUNNEL], 465)
        stack.enter_context(running(program("stunnel4"), config, listens=listens, cwd=folder))
        yield folder


def at_once(ask: Callable[[str], Any]) -> dict[str, Any]:
    """What came of each server. All at a time: everybody mostly waits."""
    with ThreadPoolExecutor(len(SERVERS)) as pool:
        return dict(zip(SERVERS, pool.map(ask, SERVERS), strict=True))


@pytest.fixture(scope="module")
def documents(servers: Path, controls: None, authority: Authority) -> dict[str, dict[str, Any]]:
    """What Portero says of each, with `deep`."""
    del servers, controls
    return at_once(lambda name: check(f"{name}.real.test", str(PORTS[name]), "deep", ca=authority.root))


def _testssl(folder: Path, root: Path, name: str) -> list[dict[str, str]]:
    report = folder / f"{name}.testssl.json"
    starttls = ["--starttls", "smtp"] if PORTS[name] == 25 else []
    subprocess.run(
        ["testssl", *starttls, *TESTS, "--severity", "HIGH", "--warnings", "off", "--nodns", "none", "--add-ca", root,
         "--jsonfile", report, "--ip", ADDRESSES[name], f"{name}.real.test:{PORTS[name]}"],
        capture_output=True, check=False, timeout=400,
    )  # fmt: skip
    found: list[dict[str, str]] = json.loads(report.read_text())
    return found


@pytest.fixture(scope="module")
def by_testssl(servers: Path, authority: Authority) -> dict[str, list[dict[str, str]]]:
    if not shutil.which("testssl"):
        pytest.skip("testssl.sh is not installed")
    return at_once(partial(_testssl, servers, authority.root))


@pytest.mark.parametrize("name", SERVERS)
def test_what_testssl_calls_high_or_critical_is_said(
    name: str, by_testssl: dict[str, list[dict[str, str]]], documents: dict[str, Any]
):
    found = by_testssl[name]
    assert [one["finding"] for one in found if one["severity"] == "FATAL"] == []
    grave = {one["id"].split(" ")[0]: one["finding"] for one in found if one["severity"] in {"HIGH", "CRITICAL"}}
    said = codes(documents[name])
    missing = {
        kind: words
        for kind, words in grave.items()
        if kind not in NOT_OURS and not set(MEANS.get(kind, (kind,))) & set(said)
    }
    assert missing == {}, told(documents[name])


SSLYZE: Mapping[str, str] = {
    "ssl_3_0_cipher_suites": "SSLv3",
    "tls_1_0_cipher_suites": "TLSv1",
    "tls_1_1_cipher_suites": "TLSv1.1",
    "tls_1_2_cipher_suites": "TLSv1.2",
    "tls_1_3_cipher_suites": "TLSv1.3",
}
MARKS = {"null": "_NULL_", "rc4": "_RC4_", "anonymous": "_anon_", "3des": "_3DES_", "static": "TLS_RSA_WITH_AES"}
"""Groups of suites, and what stands in the names of their suites."""


def _sslyze(folder: Path, name: str) -> dict[str, list[str]]:
    """The suites that it saw accepted, by the version's name in `ssl`, without versions at which it fails."""
    report = folder / f"{name}.sslyze.json"
    starttls = ["--starttls", "smtp"] if PORTS[name] == 25 else []
    versions = ["--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3"]
    target = f"{ADDRESSES[name]}:{PORTS[name]}"
    subprocess.run(
        ["sslyze", *versions, *starttls, "--json_out", report, target], capture_output=True, check=False, timeout=300
    )
    (scan,) = json.loads(report.read_text())["server_scan_results"]
    results = {version: (scan["scan_result"] or {}).get(kind, {}).get("result") for kind, version in SSLYZE.items()}
    return {
        version: [one["cipher_suite"]["name"] for one in result["accepted_cipher_suites"]]
        for version, result in results.items()
        if result
    }


@pytest.fixture(scope="module")
def by_sslyze(servers: Path) -> dict[str, dict[str, list[str]]]:
    if not shutil.which("sslyze"):
        pytest.skip("sslyze is not installed")
    return at_once(partial(_sslyze, servers))


@pytest.mark.parametrize("name", SERVERS)
def test_sslyze_sees_the_same_versions_and_older_suites(
    name: str, by_sslyze: dict[str, dict[str, list[str]]], documents: dict[str, Any]
):
    if len(by_sslyze[name]) < len(SSLYZE):
        pytest.skip("sslyze fails itself on this one")
    tls = documents[name]["endpoints"][0]["tls"]
    theirs = {version: "yes" if suites else "no" for version, suites in by_sslyze[name].items()}
    assert {
        version: said for version, said in tls["versions"].items() if said not in {theirs[version], "unknown"}
    } == {}
    accepted = {suite for suites in by_sslyze[name].values() for suite in suites}
    seen = {group: any(mark in suite for suite in accepted) for group, mark in MARKS.items()}
    assert {group: tls["suites"][group] == "yes" for group in MARKS} == seen, sorted(accepted)
