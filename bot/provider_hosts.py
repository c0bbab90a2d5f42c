"""Which hosts are meant by the name of a provider where a host is wanted: `gmail`. Pure."""

from collections.abc import Sequence

from commands.contract import UserError
from commands.smtpcheck.address.target import NoFullNameError
from commands.smtpport.catalogue.lookup import providers
from commands.smtpport.catalogue.records import Provider

SENT = "Programs send through `{host}`."
TAKEN = "Mail for its users goes to the MX of `{host}`."
REGIONAL = "{provider} has a host for each region or customer, such as `{host}`: type yours."


def hosts_meant(row: Provider, called: str) -> Sequence[tuple[str, str]]:
    """Those that may be meant, and what each is for: where programs send, and the domain, whose MX take its mail."""
    sending = [] if row.host_pattern else [row.hosts[0]]
    domains = [name for name in row.names if name.startswith(f"{called}.")] if row.kind == "mailbox" else []
    meant = (*((SENT, host) for host in sending), *((TAKEN, host) for host in domains[:1]))
    return [(host, words.format(host=host)) for words, host in meant]


def offering_hosts(error: UserError) -> UserError:
    """The same, and what is probably meant."""
    called = error.wrong.lower()
    row = _called(called) if isinstance(error, NoFullNameError) and not error.try_instead else None
    if row is None:
        return error
    meant = hosts_meant(row, called)
    error.try_instead = tuple(host for host, _ in meant) or (f"/smtpport {called}",)
    error.hint = " ".join(said for _, said in meant) or REGIONAL.format(provider=row.name, host=row.hosts[0])
    return error


def _called(name: str) -> Provider | None:
    found = providers().get(name)
    return found or next((row for row in providers().values() if name in row.names), None)
