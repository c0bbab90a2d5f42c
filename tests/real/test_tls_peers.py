"""Whatever testssl.sh and sslyze call grave of a server, Portero says, too. Skips where they are not installed."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.real.keys import Authority
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MAY, Settings, keys_of
from tests.real.running import check, codes, told

EVERYTHING: Settings = {"tls_medium_cipherlist": "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "smtpd_tls_protocols": ">=TLSv1"}
SERVERS: Mapping[str, tuple[Settings, str]] = {
    "tls-sound": ({"smtpd_tls_exclude_ciphers": "aNULL"}, "rsa:2048"),
    "tls-everything": (EVERYTHING, "rsa:2048"),
    "tls-weak-key": ({"tls_medium_cipherlist": "ALL:@SECLEVEL=0"}, "rsa:1024"),
}
MEANS: Mapping[str, str] = {
    "SSLv3": "old_tls_accepted",
    "TLS1": "old_tls_accepted",
    "TLS1_1": "old_tls_accepted",
    "cipherlist_NULL": "tls_broken_suites",
    "cipherlist_aNULL": "tls_anonymous_suites",
    "cipherlist_EXPORT": "tls_broken_suites",
    "cipherlist_LOW": "tls_broken_suites",
    "cipherlist_3DES_IDEA": "tls_broken_suites",
    "cert_keySize": "cert_weak_key",
    "cert_signatureAlgorithm": "cert_weak_signature",
    "DH_groups": "tls_small_dh",
}
"""What testssl.sh finds -> what Portero says."""

NOT_OURS: Mapping[str, str] = {
    "cert_revocation": "a certificate without CRL or OCSP address: no sender or client of mail looks",
    "cert_chain_of_trust": "the root of this suite is no public one",
    "cert_trust": "the root of this suite is no public one",
}


@pytest.fixture(scope="module")
def servers(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, str]]:
    folder = place / "peers"
    folder.mkdir()
    addresses = {name: f"127.0.21.{number}" for number, name in enumerate(SERVERS, 1)}
    services = {}
    for name, (settings, key) in SERVERS.items():
        keys = keys_of(authority.pair("*.real.test", key=key))
        services[name] = (addresses[name], [Service(25, {**MAY, **keys, **settings})])
        names.add(name, addresses[name])
    with postfix(folder, services):
        yield addresses


def deep(name: str, authority: Authority) -> dict[str, Any]:
    return check(f"{name}.real.test", "25", "deep", ca=authority.root)


@pytest.mark.skipif(not shutil.which("testssl"), reason="testssl.sh is not installed (apt install testssl.sh)")
@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("name", SERVERS)
def test_what_testssl_calls_high_or_critical_is_said(
    name: str, servers: dict[str, str], authority: Authority, tmp_path: Path
):
    report = tmp_path / "found.json"
    subprocess.run(
        ["testssl", "--starttls", "smtp", "-p", "-s", "-S", "--severity", "HIGH",
         "--jsonfile", report, "--warnings", "off", f"{servers[name]}:25"],
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    found = json.loads(report.read_text())
    assert [one["finding"] for one in found if one["severity"] == "FATAL"] == []
    grave = {one["id"].split(" ")[0]: one["finding"] for one in found if one["severity"] in {"HIGH", "CRITICAL"}}
    document = deep(name, authority)
    said = codes(document)
    missing = {
        kind: words for kind, words in grave.items() if kind not in NOT_OURS and MEANS.get(kind, kind) not in said
    }
    assert missing == {}, told(document)


SSLYZE: Mapping[str, str] = {
    "ssl_3_0_cipher_suites": "SSLv3",
    "tls_1_0_cipher_suites": "TLSv1",
    "tls_1_1_cipher_suites": "TLSv1.1",
    "tls_1_2_cipher_suites": "TLSv1.2",
    "tls_1_3_cipher_suites": "TLSv1.3",
}


@pytest.mark.skipif(not shutil.which("sslyze"), reason="sslyze is not installed (pip install sslyze, apart from this)")
@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("name", SERVERS)
def test_sslyze_sees_the_same_versions_and_older_suites(
    name: str, servers: dict[str, str], authority: Authority, tmp_path: Path
):
    report = tmp_path / "found.json"
    subprocess.run(
        ["sslyze", "--starttls", "smtp", "--json_out", report, f"{servers[name]}:25"],
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    (scan,) = json.loads(report.read_text())["server_scan_results"]
    results = {kind: scan["scan_result"][kind]["result"]["accepted_cipher_suites"] for kind in SSLYZE}
    tls = deep(name, authority)["endpoints"][0]["tls"]
    theirs = {SSLYZE[kind]: "yes" if suites else "no" for kind, suites in results.items()}
    assert tls["versions"] == theirs
    picked = {one["cipher_suite"]["name"] for suites in results.values() for one in suites}
    marks = {"null": "_NULL_", "rc4": "_RC4_", "anonymous": "_anon_", "3des": "_3DES_", "static": "TLS_RSA_WITH_AES"}
    for group, mark in marks.items():
        assert (tls["suites"][group] == "yes") == any(mark in suite for suite in picked), (group, sorted(picked))
