"""`PORTERO_TRUST_AD`, from the environment over the services to what a check says of DANE."""

import pytest

from bot.demo.lab.hosts import ZONE
from bot.demo.lab.lab import Lab
from bot.services import open_services
from bot.settings import load
from commands.smtpcheck.address.target import parse_target
from commands.smtpcheck.lookup import question as dnssec
from commands.smtpcheck.tls.trust import TrustStore
from tests.smtpcheck.labs import in_words

from .stage import LIMITS, USED

TLSA = {"": {"NS": ["a.root-servers.net."]}, "_25._tcp.mail.lab.example": {"TLSA": ["3 1 1 " + "00" * 32]}}


async def said_of_dane(folder, **environ):
    async with Lab(USED, zone={**ZONE, **TLSA}, authenticated=True) as lab:
        settings = load(
            {
                "PORTERO_DATABASE": str(folder / "portero.db"),
                "PORTERO_EHLO_NAME": "portero.lab.example",
                "PORTERO_ALLOW_NETWORKS": "198.51.100.0/24,2001:db8::/32",
                "PORTERO_NAMESERVERS": ":".join(map(str, lab.nameserver)),
                **environ,
            }
        )
        store = TrustStore.from_pem(lab.roots_pem.encode())
        async with open_services(settings, lab=lab.endpoints, store=store, limits=LIMITS) as services:
            services.prober.control.hosts = {}
            check = await services.prober.check(parse_target("mail.lab.example"), (25,), check_id="0")
    return {one["code"]: one["message"] for one in in_words(check)["findings"] if one["code"].startswith("dane_")}


@pytest.fixture
def elsewhere(monkeypatch):
    """The lab's name server, as if it were on another machine."""
    monkeypatch.setattr(dnssec, "is_loopback", lambda _server: False)


@pytest.mark.usefixtures("elsewhere")
async def test_a_resolver_elsewhere_is_believed_where_the_operator_says_so(tmp_path):
    said = await said_of_dane(tmp_path, PORTERO_TRUST_AD="yes")
    assert "PORTERO_TRUST_AD vouches for" in said["dane_mismatch"]


@pytest.mark.usefixtures("elsewhere")
async def test_it_is_not_believed_by_default(tmp_path):
    assert set(await said_of_dane(tmp_path)) == {"dane_untrusted"}


async def test_one_on_this_machine_needs_nobody_to_vouch_for_it(tmp_path):
    said = await said_of_dane(tmp_path)
    assert "PORTERO_TRUST_AD" not in said["dane_mismatch"]
