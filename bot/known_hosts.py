"""Which hosts are meant by the name of a provider where a host is wanted: `gmail`. Pure."""

from commands.contract import UserError
from commands.smtpcheck.address.target import NoFullNameError
from commands.smtpport.catalogue.lookup import providers
from commands.smtpport.catalogue.records import Provider


def offering_hosts(error: UserError) -> UserError:
    """The same, and what is probably meant: where programs send, and the domain, whose MX take its mail."""
    row = _called(error.wrong.lower()) if isinstance(error, NoFullNameError) and not error.try_instead else None
    if row is None:
        return error
    domains = [name for name in row.names if name.startswith(f"{error.wrong.lower()}.")] * (row.kind == "mailbox")
    hosts = [] if row.host_pattern else [row.hosts[0]]
    error.try_instead = (*hosts, *domains[:1]) or (f"/smtpport {error.wrong.lower()}",)
    error.hint = " ".join(
        [*(SENT.format(host=host) for host in hosts), *(TAKEN.format(name=one) for one in domains[:1])]
    )
    error.hint = error.hint or REGIONAL.format(provider=row.name, host=row.hosts[0])
    return error


SENT = "Programs send through `{host}`."
TAKEN = "Mail for its users goes to the MX of `{name}`."
REGIONAL = "{provider} has a host for each region or customer, such as `{host}`: type yours."


def _called(name: str) -> Provider | None:
    found = providers().get(name)
    return found or next((row for row in providers().values() if name in row.names), None)
