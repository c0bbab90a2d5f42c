"""For each code how bad it is, the sentence, and what to do. Data.

Names in braces are parameters of what was found. No sentence holds a secret: none is ever a parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.doctor.result.codes import Code, State


@dataclass(frozen=True, slots=True)
class Outcome:
    """A code in English. `todo` is empty where nothing has to be done."""

    state: State
    says: str
    todo: str = ""


F, N, U, B = State.FINE, State.NOTE, State.UNKNOWN, State.BAD

OUTCOMES: Mapping[Code, Outcome] = {
    Code.TOOK_TOO_LONG: Outcome(U, "This was not seen within {seconds} s.", "Run it again."),
    Code.CHECK_FAILED: Outcome(U, "This check itself failed ({error}).", "Please report it: it is a bug."),
    Code.SETTINGS_FINE: Outcome(F, "All settings can be read; `portero settings` prints them."),
    Code.SETTING_WRONG: Outcome(B, "{problem}."),
    Code.PROXY_NONE: Outcome(F, "None is set: Slack is reached directly."),
    Code.PROXY_SET: Outcome(F, "Slack is reached by {place}; nothing else is."),
    Code.PROXY_EXCEPTED: Outcome(N, "HTTPS_PROXY is set, and NO_PROXY excepts Slack: Slack is reached directly."),
    Code.PROXY_UNHEEDED: Outcome(
        N, "{name} is set, and counts for nothing: Slack is reached directly.", "If it needs a proxy, set HTTPS_PROXY."
    ),
    Code.LISTEN_FREE: Outcome(F, "{place} is free to listen on."),
    Code.LISTEN_OURS: Outcome(F, "A Portero answers at {place}."),
    Code.LISTEN_TAKEN: Outcome(
        B, "Something else listens on {place}.", "Stop it (ss -ltnp sport = :{port} names it), or set PORTERO_PORT."
    ),
    Code.LISTEN_ABSENT: Outcome(B, "This machine has no address {host}.", "Set PORTERO_HOST to one that it has."),
    Code.LISTEN_FORBIDDEN: Outcome(B, "This user may not listen on {place}.", "Set PORTERO_PORT to one from 1024."),
    Code.LISTEN_IMPOSSIBLE: Outcome(B, "Nothing can listen on {place}: {why}.", "Set PORTERO_HOST and PORTERO_PORT."),
    Code.DATABASE_FINE: Outcome(F, "{path}: it opens, {size} MB, journal {journal}."),
    Code.DATABASE_NEW: Outcome(
        N,
        "There is no history at {path} yet.",
        "It begins with `portero run` or `portero check`; else set PORTERO_DATABASE.",
    ),
    Code.DATABASE_NO_FOLDER: Outcome(B, "There is no folder {folder}.", "Make it, or set PORTERO_DATABASE."),
    Code.DATABASE_NOT_OURS: Outcome(
        B,
        "{path} belongs to {owner}, and this is {user}.",
        "Ask as that user: sudo -u {owner} env PORTERO_DATABASE={path} portero doctor",
    ),
    Code.DATABASE_TROUBLE: Outcome(B, "{error}"),
    Code.DATABASE_OLDER: Outcome(N, "{error}"),
    Code.DATABASE_JOURNAL: Outcome(
        N, "{path} has no write-ahead log (journal {journal}).", "The bot sets it when it starts; start it once."
    ),
    Code.DATABASE_REMOTE: Outcome(
        N,
        "{path} lies on a network file system ({kind}), where locks and the write-ahead log may fail.",
        "Put it on a disk of this machine.",
    ),
    Code.SPACE_FINE: Outcome(F, "{free} GB are free where the history lies."),
    Code.SPACE_LOW: Outcome(
        N, "Only {free} GB are free in {folder}.", "A thousand watches add up to 0.6 GB a day: make room."
    ),
    Code.SPACE_GONE: Outcome(B, "Only {free} GB are free in {folder}.", "Make room, or results will not be kept."),
    Code.SPACE_UNKNOWN: Outcome(U, "How much is free in {folder} cannot be seen."),
    Code.DNS_FINE: Outcome(F, "{servers} answered in {ms} ms."),
    Code.DNS_SLOW: Outcome(
        N,
        "{servers} took {ms} ms for one answer.",
        "Use a resolver that is nearer (PORTERO_NAMESERVERS): every check waits.",
    ),
    Code.DNS_FAILED: Outcome(
        B,
        "{servers} gave no answer ({how}).",
        "Nothing can be checked by name. Set PORTERO_NAMESERVERS, let port 53 out.",
    ),
    Code.DNS_NO_SERVERS: Outcome(
        B, "This machine has no name server.", "Set PORTERO_NAMESERVERS, or /etc/resolv.conf."
    ),
    Code.DNSSEC_FINE: Outcome(F, "{server} validates, on this machine: DANE is judged."),
    Code.DNSSEC_TRUSTED: Outcome(F, "{server} validates, and PORTERO_TRUST_AD vouches for it: DANE is judged."),
    Code.DNSSEC_NOT_TRUSTED: Outcome(
        N,
        "{server} says that it validates, but is not on this machine: DANE is not judged.",
        "Run a validating resolver here (unbound), or set PORTERO_TRUST_AD=yes if nobody can tamper on the way.",
    ),
    Code.DNSSEC_NONE: Outcome(
        N,
        "{server} does not validate DNSSEC: DANE is not judged.",
        "Run a resolver on this machine that does (unbound).",
    ),
    Code.DNSSEC_UNKNOWN: Outcome(U, "DNS gave no answer by which it could be seen."),
    Code.EHLO_FINE: Outcome(F, "Servers are greeted as {name}, which leads to {address}, from where we connect."),
    Code.EHLO_LITERAL: Outcome(
        B,
        "Servers are greeted as {name}, an address: many refuse that.",
        "Set PORTERO_EHLO_NAME to a name that leads to this machine.",
    ),
    Code.EHLO_NOT_FULL: Outcome(
        B,
        "Servers are greeted as {name}, which is no full name: many refuse that.",
        "Set PORTERO_EHLO_NAME=probe.example.com.",
    ),
    Code.EHLO_ABSENT: Outcome(
        B,
        "Servers are greeted as {name}, which has no address.",
        "Publish one, or set PORTERO_EHLO_NAME to a name that has.",
    ),
    Code.EHLO_ELSEWHERE: Outcome(
        B,
        "Servers are greeted as {name}, which leads to {addresses}; we connect from {source}.",
        "Let it lead there, or set PORTERO_EHLO_NAME to the name of {source}.",
    ),
    Code.EHLO_BEHIND_NAT: Outcome(
        U,
        "Servers are greeted as {name}, which leads to {addresses}. From which address they see us is not known here: "
        "{source} is not public.",
        "Compare: that should be the address that your router shows to the outside.",
    ),
    Code.EHLO_UNKNOWN: Outcome(U, "Servers are greeted as {name}; DNS did not say where it leads."),
    Code.PTR_FINE: Outcome(F, "{address} has the PTR record {ptr}, which leads back to it."),
    Code.PTR_OTHER: Outcome(
        N,
        "{address} has the PTR record {ptr}, but servers are greeted as {name}.",
        "Set PORTERO_EHLO_NAME={ptr}, or let whoever has the network point {address} to {name}.",
    ),
    Code.PTR_MISSING: Outcome(
        B,
        "{address} has no PTR record: many servers refuse such clients.",
        "Ask whoever has the network to point it to {name}.",
    ),
    Code.PTR_NOT_CONFIRMED: Outcome(
        B,
        "{address} has the PTR record {ptr}, which does not lead back to it.",
        "Publish {address} as an address of {ptr}.",
    ),
    Code.PTR_UNKNOWN: Outcome(U, "DNS gave no answer for the PTR record of {address}."),
    Code.FAMILIES_BOTH: Outcome(F, "This machine has a way out by IPv4 and by IPv6."),
    Code.FAMILIES_NO_IPV6: Outcome(N, "This machine has no IPv6: addresses of that kind cannot be checked from here."),
    Code.FAMILIES_NO_IPV4: Outcome(N, "This machine has no IPv4: addresses of that kind cannot be checked from here."),
    Code.FAMILIES_NONE: Outcome(B, "This machine has no way out, by IPv4 or by IPv6.", "Look at its routes: ip route."),
    Code.PORT_OPEN: Outcome(F, "{port} gets out: {reached} can be reached."),
    Code.PORT_BLOCKED: Outcome(
        B,
        "{port} is blocked on our side (likely): {silent} cannot be reached on it.",
        "Ask whoever runs the network to open it, or check from a machine where it is open (`portero worker`).",
    ),
    Code.PORT_INTERCEPTED: Outcome(
        B,
        "On {port} somebody else answers for every host ({by}).",
        "Ask whoever runs the network about a relay or a filter.",
    ),
    Code.PORT_UNCLEAR: Outcome(N, "{port} is unclear: {reached} can be reached, {silent} cannot."),
    Code.PORT_MUTE: Outcome(
        N,
        "{port} is unclear: connections to {reached} stand, and nobody speaks there: another may take them.",
        "Ask your network whether it takes connections to {port} itself, or look from another.",
    ),
    Code.PORT_MISLED: Outcome(
        U,
        "{port}: the control hosts, which are of different operators, all have one address here: DNS makes it up.",
        "Log in to the network (a captive portal does that), or set PORTERO_NAMESERVERS.",
    ),
    Code.PORT_UNKNOWN: Outcome(
        U,
        "{port}: fewer than two control hosts could be tried.",
        "Name some: PORTERO_CONTROL_HOSTS=mx.example.net:{port}, ...",
    ),
    Code.CONTROL_FINE: Outcome(F, "{count} are set or built in, and all have addresses."),
    Code.CONTROL_NONE: Outcome(
        N, "No control host for {ports}: whose side blocks a port cannot be told.", "Add some to PORTERO_CONTROL_HOSTS."
    ),
    Code.CONTROL_UNRESOLVED: Outcome(
        N, "{host} has no address that may be tried.", "Mend DNS, or name others: PORTERO_CONTROL_HOSTS."
    ),
    Code.CONTROL_ALL_UNRESOLVED: Outcome(
        N,
        "None of the {count} control hosts has an address that may be tried: whose side blocks a port cannot be told.",
        "Mend DNS, or name others: PORTERO_CONTROL_HOSTS.",
    ),
    Code.CONTROL_SILENT: Outcome(N, "{host} does not answer on {port}, while others do ({outcome})."),
    Code.TOKEN_NONE: Outcome(U, "SLACK_BOT_TOKEN is not set, so Slack was not asked."),
    Code.TOKEN_FINE: Outcome(F, "Slack takes it: {user} in {team}."),
    Code.TOKEN_REFUSED: Outcome(
        B,
        "Slack refuses SLACK_BOT_TOKEN ({code}).",
        "Compare it with OAuth & Permissions > Bot User OAuth Token; install the app again if it was removed.",
    ),
    Code.TOKEN_NO_BOT: Outcome(
        B, "SLACK_BOT_TOKEN is no bot's token.", "Set the one of OAuth & Permissions > Bot User OAuth Token."
    ),
    Code.NOT_SLACK: Outcome(
        B, "What answers at {place} is not Slack ({code}).", "Look at SLACK_API_URL and at the proxy on the way."
    ),
    Code.SLACK_UNREACHABLE: Outcome(
        B, "Slack cannot be reached at {place} ({code}).", "Let port 443 out to slack.com, or set HTTPS_PROXY."
    ),
    Code.SLACK_TROUBLE: Outcome(U, "Slack did not answer as usual ({code}).", "Run it again in a minute."),
    Code.SCOPES_FINE: Outcome(F, "All {count} were granted."),
    Code.SCOPES_UNKNOWN: Outcome(U, "Slack did not tell which were granted: it does for a bot token that it takes."),
    Code.SCOPE_MISSING: Outcome(
        B, "{scope} was not granted: {costs}.", "Add it under OAuth & Permissions > Scopes, and install the app again."
    ),
    Code.SCOPE_DECLINED: Outcome(
        N,
        "{scope} was declined: {costs}.",
        "Whoever minds adds it under OAuth & Permissions, and installs it again.",
    ),
    Code.APP_TOKEN_FINE: Outcome(F, "Slack would open a connection with SLACK_APP_TOKEN."),
    Code.APP_TOKEN_SCOPE: Outcome(
        B,
        "SLACK_APP_TOKEN lacks the scope connections:write.",
        "Make a new one with it: Basic Information > App-Level Tokens.",
    ),
    Code.APP_TOKEN_REFUSED: Outcome(
        B,
        "Slack refuses SLACK_APP_TOKEN ({code}).",
        "Copy it again, whole: Basic Information > App-Level Tokens; Socket Mode has to be enabled.",
    ),
    Code.APP_TOKEN_UNKNOWN: Outcome(U, "Slack did not say whether it takes SLACK_APP_TOKEN ({code})."),
    Code.WAY_IN_NONE: Outcome(U, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set."),
    Code.SIGNING_UNTOLD: Outcome(
        U,
        "Slack does not tell whether SLACK_SIGNING_SECRET is right.",
        "Type a command: the log says if a signature is wrong.",
    ),
    Code.SIGNING_ODD: Outcome(
        B,
        "SLACK_SIGNING_SECRET is not 32 hexadecimal digits, as Slack's are.",
        "Compare it with Basic Information > App Credentials > Signing Secret.",
    ),
    Code.TOKENS_OF_TWO_APPS: Outcome(
        B,
        "SLACK_APP_TOKEN is of the app {app}, SLACK_BOT_TOKEN of {other}.",
        "Set both from the same app: what one hears the other cannot answer.",
    ),
    Code.CLOCK_FINE: Outcome(F, "It agrees with Slack's, within {seconds} s."),
    Code.CLOCK_OFF: Outcome(N, "It is {seconds} s {side} of Slack's.", "Keep it by NTP: times of results hang on it."),
    Code.CLOCK_BAD: Outcome(
        B,
        "It is {seconds} s {side} of Slack's: certificates and times are judged wrongly, over HTTP nothing is heard.",
        "Set it, and keep it by NTP.",
    ),
    Code.CLOCK_UNKNOWN: Outcome(U, "Slack did not tell what time it is: it does for a bot token that it takes."),
    Code.VANTAGES_NONE: Outcome(F, "PORTERO_NATS is not set: checks come from this machine alone."),
    Code.VANTAGES_UNKNOWN: Outcome(U, "Who may connect stands in the history, which cannot be read."),
    Code.VANTAGE_FINE: Outcome(F, "{text}"),
    Code.VANTAGE_NOTE: Outcome(N, "{text}", "{remedy}"),
    Code.VANTAGE_BAD: Outcome(B, "{text}", "{remedy}"),
    Code.VIEWS_FINE: Outcome(F, "Slack takes all {count} views that were tried."),
    Code.VIEW_REFUSED: Outcome(
        B, "Slack refuses a part of {view}: {message} ({pointer}).", "Please report it: it is a bug of Portero."
    ),
    Code.VIEWS_UNTOLD: Outcome(U, "Slack does not tell whether it takes Portero's views ({code})."),
    Code.MANIFEST_FINE: Outcome(F, "The app has every command, shortcut and event of `portero manifest`."),
    Code.MANIFEST_UNTOLD: Outcome(
        U,
        "Slack does not tell an app its own commands.",
        "Compare App Manifest with `portero manifest`, or set SLACK_CONFIG_TOKEN for this once.",
    ),
    Code.MANIFEST_REFUSED: Outcome(
        U,
        "Slack does not tell the app's manifest ({code}).",
        "Make a new configuration token: one ends after 12 h.",
    ),
    Code.MANIFEST_LACKS: Outcome(
        B,
        "The app lacks {what}: {names}.",
        "Paste what `portero manifest` prints under App Manifest, install again.",
    ),
    Code.MANIFEST_STRANGE: Outcome(
        N, "The app has commands that Portero does not answer: {names}.", "Take them out under Slash Commands."
    ),
}
