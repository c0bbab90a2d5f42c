"""DANE, MTA-STS and names that lead nowhere: BIND signs, unbound validates, Postfix shows the certificates."""

import hashlib
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.real.keys import Authority, Pair
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import BROKEN, MAY, MODES, WRAPPER, Settings, keys_of
from tests.real.running import check, codes, running, told
from tests.real.signed_names import PLAIN, VALIDATING, signed_names
from tests.real.software import program

_NUMBERS = count(1)
NOT_OURS = "00" * 32


@dataclass(frozen=True)
class Case:
    """A host `NAME.test` and its TLSA records, with `{leaf}`, `{key}`, `{root}`, `{rootkey}` for SHA-256 digests."""

    records: tuple[str, ...]
    code: str
    said: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    names: tuple[str, ...] = ("*.dane.test",)
    days: int = 80
    with_root: bool = False
    own: bool = False
    port: int = 25
    zone: str = "dane.test"
    level: str = "may"
    more: Settings = field(default_factory=dict)
    address: str = field(default_factory=lambda: f"127.0.2.{next(_NUMBERS)}")

    def pair(self, authority: Authority) -> Pair:
        if self.own:
            return authority.self_signed("*.dane.test")
        return authority.pair(*self.names, days=self.days, with_root=self.with_root)

    def services(self, authority: Authority) -> tuple[Service, ...]:
        level = MAY | {"smtpd_tls_security_level": self.level}
        return (Service(25, {**keys_of(self.pair(authority)), **level, **self.more}),)

    def host(self, name: str) -> str:
        return f"{name}.{self.zone}"

    def lines(self, name: str, authority: Authority) -> list[str]:
        digests = digests_of(self.pair(authority), authority)
        host = f"{self.host(name)}."
        records = [f"_{self.port}._tcp.{host} {record.format(**digests)}" for record in self.records]
        return [f"{host} A {self.address}", *records]


def digests_of(pair: Pair, authority: Authority) -> dict[str, str]:
    files = {"leaf": pair.cert, "root": authority.root}
    found = {name: hashlib.sha256(_der(file)).hexdigest() for name, file in files.items()}
    return found | {
        "key": hashlib.sha256(_key(pair.cert)).hexdigest(),
        "rootkey": hashlib.sha256(_key(authority.root)).hexdigest(),
        "key512": hashlib.sha512(_key(pair.cert)).hexdigest(),
        "fullkey": _key(pair.cert).hex(),
        "fullroot": _der(authority.root).hex(),
        "fullrootkey": _key(authority.root).hex(),
    }


def _der(file: Path) -> bytes:
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(file.read_text().partition(end)[0] + end)


def _key(file: Path) -> bytes:
    pem = subprocess.run(["openssl", "x509", "-in", file, "-noout", "-pubkey"], capture_output=True, check=True).stdout
    return subprocess.run(
        ["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem, capture_output=True, check=True
    ).stdout


STOPS = "Senders with DANE do not deliver to"
NO_MATCH = "Nothing that the server shows matches"
CASES = {
    "holds": Case(("TLSA 3 1 1 {key}",), "dane_valid", said=("Keep the key",), never=(STOPS,)),
    "holds-expired": Case(("TLSA 3 1 1 {key}",), "dane_valid", days=-1, never=(STOPS,)),
    "whole": Case(("TLSA 3 0 1 {leaf}",), "dane_every_renewal", said=("the next renewal breaks it",), never=(STOPS,)),
    "stale": Case((f"TLSA 3 1 1 {NOT_OURS}",), "dane_mismatch", said=(STOPS, NO_MATCH, "Publish 3 1 1")),
    "one-stale": Case(
        (f"TLSA 3 1 1 {NOT_OURS}", "TLSA 3 1 1 {key}"),
        "dane_record",
        said=("DANE holds", f"{NO_MATCH} TLSA 3 1 1 0000000000000000: it is stale"),
        never=(STOPS,),
    ),
    "authority": Case(("TLSA 2 0 1 {root}",), "dane_valid", with_root=True, never=(STOPS,)),
    "authority-expired": Case(
        ("TLSA 2 0 1 {root}",), "dane_mismatch", days=-1, with_root=True, said=("is out of date",), never=(NO_MATCH,)
    ),
    "authority-name": Case(
        ("TLSA 2 1 1 {rootkey}",),
        "dane_mismatch",
        names=("mail.elsewhere.test",),
        with_root=True,
        said=("is for another name (mail.elsewhere.test)",),
        never=(NO_MATCH,),
    ),
    "authority-unsent": Case(
        ("TLSA 2 0 1 {root}",),
        "dane_mismatch",
        said=("names the root 'CN=Root of the real suite', which the server does not send",),
        never=(NO_MATCH,),
    ),
    "swapped": Case(("TLSA 3 1 1 {leaf}",), "dane_mismatch", said=("digest of the whole certificate",)),
    "swapped-back": Case(("TLSA 3 0 1 {key}",), "dane_mismatch", said=("digest of the key",)),
    "short": Case(
        (r"TYPE52 \# 7 03010100112233",), "dane_unusable", said=("has 4 octets",), never=("did not answer", STOPS)
    ),
    "short-beside": Case(
        (r"TYPE52 \# 7 03010100112233", "TLSA 3 1 1 {key}"), "dane_some_unusable", said=("DANE holds",), never=(STOPS,)
    ),
    "whole-key": Case(("TLSA 3 1 0 {fullkey}",), "dane_valid", never=(STOPS,)),
    "whole-root": Case(("TLSA 2 0 0 {fullroot}",), "dane_valid", never=(STOPS,)),
    "root-key": Case(("TLSA 2 1 0 {fullrootkey}",), "dane_valid", never=(STOPS,)),
    "root-key-expired": Case(("TLSA 2 1 0 {fullrootkey}",), "dane_mismatch", days=-1, said=("is out of date",)),
    "sha-512": Case(("TLSA 3 1 2 {key512}",), "dane_valid", never=(STOPS,)),
    "two-hosts-one-record": Case(("CNAME shared.dane.test.",), "dane_valid", never=(STOPS,)),
    "own-authority": Case(("TLSA 2 0 1 {leaf}",), "dane_mismatch", own=True, said=("server's own certificate",)),
    "no-tls": Case(("TLSA 3 1 1 {key}",), "dane_no_tls", level="none", said=(STOPS,)),
    "tls-broken": Case(
        ("TLSA 3 1 1 {key}",), "dane_tls_failed", more=BROKEN, said=("those with DANE do not deliver",), never=(STOPS,)
    ),
    "unsigned": Case(
        (f"TLSA 3 1 1 {NOT_OURS}",),
        "dane_unsigned",
        zone="plain.test",
        said=("their zone is not signed",),
        never=("PORTERO_NAMESERVERS", STOPS),
    ),
}
CASES["island"] = Case(
    (f"TLSA 3 1 1 {NOT_OURS}",),
    "dane_unsigned",
    zone="island.test",
    said=("their zone is signed", "no DS record"),
    never=("is not signed", STOPS),
)
DELIVERS = {"dane_valid", "dane_every_renewal", "dane_record", "dane_some_unusable"}
"""Codes beside which a sender with DANE has a certificate that it verified."""

SUBMISSION = "127.0.2.200"
POLICY_HOST, NO_TLS, FAILING_TLS = "127.0.2.201", "127.0.2.202", "127.0.2.203"
MORE = f"""
submits.dane.test. A {SUBMISSION}
_587._tcp.submits.dane.test. TLSA 3 1 1 {NOT_OURS}
enforced.test. MX 10 mx.enforced.test.
mx.enforced.test. A {NO_TLS}
enforced.test. MX 20 mx2.enforced.test.
mx2.enforced.test. A {FAILING_TLS}
_mta-sts.enforced.test. TXT "v=STSv1; id=1;"
mta-sts.enforced.test. A {POLICY_HOST}
_submissions._tcp.enforced.test. SRV 0 1 465 gone.enforced.test.
dangling.test. CNAME gone.enforced.test.
"""
NGINX = """
daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen {address}:443 ssl; ssl_certificate {pair.cert}; ssl_certificate_key {pair.key};
    location = /.well-known/mta-sts.txt {{ default_type text/plain; return 200 "{policy}"; }}
  }}
}}
"""
POLICY = "version: STSv1\\r\\nmode: enforce\\r\\nmx: *.enforced.test\\r\\nmax_age: 604800\\r\\n"


@pytest.fixture(scope="module")
def hosts(place: Path, authority: Authority) -> Iterator[None]:
    folder = place / "dane"
    for name in ("names", "postfix", "nginx"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    lines: dict[str, list[str]] = {zone: [] for zone in ("dane.test", "plain.test", "island.test")}
    services = {name: (case.address, case.services(authority)) for name, case in CASES.items()}
    for name, case in CASES.items():
        lines[case.zone] += case.lines(name, authority)
    keys = keys_of(authority.pair("*.dane.test"))
    submits = (*tuple(Service(port, {**keys, **MODES[port]}) for port in (25, 587)), Service(465, {**keys, **WRAPPER}))
    services |= {"submits": (SUBMISSION, submits), "no-sts": (NO_TLS, (Service(25),))}
    services |= {"failing-sts": (FAILING_TLS, (Service(25, {**MAY, **keys, **BROKEN}),))}
    shared = "shared.dane.test. TLSA 3 1 1 {key}".format(**digests_of(authority.pair("*.dane.test"), authority))
    config = folder / "nginx" / "nginx.conf"
    pair = authority.pair("mta-sts.enforced.test")
    config.write_text(NGINX.format(folder=folder / "nginx", address=POLICY_HOST, pair=pair, policy=POLICY))
    nginx = (program("nginx-light"), "-c", str(config))
    with (
        signed_names(
            folder / "names",
            [*lines["dane.test"], shared, *MORE.splitlines()],
            lines["plain.test"],
            lines["island.test"],
        ),
        postfix(folder / "postfix", services),
        running(*nginx, listens=(POLICY_HOST, 443), cwd=folder / "nginx"),
    ):
        yield


def posttls_finger(host: str, folder: Path) -> str:
    """What Postfix's own tool says of a host, with the validating resolver as the system's."""
    (folder / "resolv.conf").write_text(f"nameserver {VALIDATING}\noptions edns0 trust-ad\n")
    script = 'mount --bind "$1" /etc/resolv.conf && exec posttls-finger -l dane -L summary,certmatch "[$2]"'
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(folder / "resolv.conf"), host]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_CONFIG": str(folder / "postfix" / "conf")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.stdout + done.stderr


def said_of(target: str, authority: Authority, *ports: str, resolver: str = VALIDATING) -> tuple[dict[str, Any], str]:
    document = check(target, *(ports or ("25",)), ca=authority.root, PORTERO_NAMESERVERS=resolver)
    return document, told(document)


@pytest.mark.usefixtures("hosts")
@pytest.mark.parametrize("name", CASES)
def test_a_record_is_said_to_hold_or_why_not(name: str, authority: Authority):
    case = CASES[name]
    document, words = said_of(case.host(name), authority)
    assert case.code in codes(document), words
    assert [one for one in case.said if one not in words] == [], words
    assert [one for one in case.never if one in words] == [], words


@pytest.mark.usefixtures("hosts")
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.code != "dane_unsigned"])
def test_postfix_delivers_by_dane_where_portero_says_so(name: str, place: Path):
    said = posttls_finger(CASES[name].host(name), place / "dane")
    delivers = "Verified TLS connection established" in said
    assert delivers == (CASES[name].code in DELIVERS), said


@pytest.mark.usefixtures("hosts")
def test_a_resolver_that_does_not_validate_is_told_from_a_zone_that_is_not_signed(authority: Authority):
    document, words = said_of("holds.dane.test", authority, resolver=PLAIN)
    assert "dane_unvalidated" in codes(document), words
    assert "PORTERO_NAMESERVERS" in words


@pytest.mark.usefixtures("hosts")
def test_nobody_delivers_to_submission_ports(authority: Authority):
    document, words = said_of("submits.dane.test", authority, "25", "587", "465")
    assert [code for code in codes(document) if code.startswith("dane_")] == [], words


@pytest.mark.usefixtures("hosts")
def test_an_enforced_policy_without_starttls_is_as_grave_as_dane_without_it(authority: Authority):
    document, words = said_of("enforced.test", authority)
    (found,) = [one for one in document["findings"] if one["code"] == "mta_sts_no_starttls"]
    assert found["severity"] == "danger", words
    assert found["message"].startswith("Senders that honour MTA-STS do not deliver to mx.enforced.test:25: ")
    (found,) = [one for one in document["findings"] if one["code"] == "mta_sts_tls_failed"]
    assert (found["severity"], found["params"]["host"]) == ("error", "mx2.enforced.test"), words


@pytest.mark.usefixtures("hosts")
def test_names_that_lead_nowhere_are_looked_up_before_anything_is_said_of_them(authority: Authority):
    document, words = said_of("enforced.test", authority)
    assert "srv_no_host" in codes(document), words
    assert "Clients that look for it connect there" not in words
    document, words = said_of("dangling.test", authority)
    assert "dangling.test is an alias (CNAME) of gone.enforced.test, which does not exist in DNS" in words
    assert "spelling" not in words
