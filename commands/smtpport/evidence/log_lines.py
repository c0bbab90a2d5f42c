"""What stands in logs and traces beside the message: times, process ids, queue ids, fields, names of classes, pages."""

import re

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_FIELDS = (
    "delays?|dsn|status|nrcpt|size|conn_use|proto|helo|xdelay|pri|mailer|stat|sasl_method|client|orig_rcpt|vmta|jobid"
    "|dsnstatus|dsndiag|timequeued"
)
"""What Postfix, Sendmail and PowerMTA write before a sign of equality, addresses apart."""

_NAMESPACES = (
    r"javax?|jakarta|sun|ssl|socket|asyncio|mailkit|system|symfony|swift|illuminate|com\.sun|org\.(?:springframework|apache|eclipse)"
    r"|microsoft\.(?:exchange|office|extensions)"
)

_TAKEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), left)
    for pattern, left in (
        # pages, and hosts that were written as one
        (r"https?://(?=(?:smtp|mail|relay|email)[\w-]*\.[\w.-]{1,80}|[\w.-]{1,80}:(?:25|465|587|2525)\b)", ""),
        (r"https?://[^\s<>\"')]{1,400}", " "),
        (r"\boptions=array\b[^\n]{0,300}", " "),
        # lines of sources
        (r"\bfile \"[^\"\n]{1,200}\",|\bline \d{1,6}\b(?:, in [\w<>]{1,60})?", " "),
        # codes of errors of a device
        (r"(?<![\w&])#\d{1,6}\b", " "),
        # times, with the host of syslog
        (rf"^\s{{0,9}}(?:<\d{{1,3}}>)?{_MONTH}\s{{1,2}}\d{{1,2}} \d\d:\d\d:\d\d \S{{1,80}}", " "),
        (r"\b\d{4}[-/.]\d\d[-/.]\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:z|[+-]\d\d:?\d\d)?)?", " "),
        (r"(?<![\w:.\[])\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?![\w:])", " "),
        # process and queue ids
        (r"\b([a-z]{2,20})(?:/[a-z-]{2,20}){0,3}\[\d{1,7}\]:?", r" \1 "),
        (r"\b[0-9a-z]{6}-[0-9a-z]{6,11}-[0-9a-z]{2,4}\b", " "),
        (r"(?<![\w.:])(?=[a-z]{0,15}\d)(?![a-z]{4,12}\d{1,3}:)[0-9a-z]{6,16}:(?=\s)", " "),
        (r"\(\d{1,6}/\d{1,6}\)", " "),
        # fields
        (r"\b(?:to|from|orig_to|ctladdr|message-id|msgid)=<[^>\s]{0,200}>,?", " "),
        (r"\b[rt]=[\w-]{1,40}|\bh=(?=\S)", " "),
        (r"\brelay=(?:none\b,?)?(?=\S|\s)", " "),
        (rf"\b(?:{_FIELDS})=[^\s,()]{{0,80}},?", " "),
        (r"\b(?:esocket|econnection|edns|etls|eenvelope)\b:?", " "),
        (r"\b(?:syscall|command|code):\s{0,3}['\"]?(?:[a-z]{3,12})['\"]?,?", " "),
        (r"\bssl_connect returned=\d|\berrno=0\b|\bstate=error\b:?|\bcurl: \(\d{1,3}\)", " "),
        (r"\btime-?out[ :=]{1,3}-?\d{1,7}(?: ?m?s)?\b", " "),
        (r"\b\d{1,7} ?(?:ms|milliseconds|seconds|secs?)\b", " "),
        # what was being done
        (r"\bwhile (?:receiving|sending|performing) [\w/ -]{1,60}|\bin re(?:ply|sponse) to [a-z]{4}[\w: ]{0,20}", " "),
        (r"\bat [\w.]{1,80} (?:\[as \w{1,40}\] ?)?(?=\()|\bnode:[\w:/]{1,80}", " "),
        # ports of a container, of a web page
        (r"(?:^\s*-\s*|-p )[\"']?(?:[\d.]{7,15}:)?\d{2,5}:\d{2,5}(?:/tcp)?\b|listening on (?:port )?\d{2,5}\b", " "),
        # settings that are off
        (r"\b\w{0,20}starttls\w{0,20}['\"]?\s{0,3}[:=]?\s{0,3}['\"]?(?:off|false|no|0|disabled)\b", " "),
        # who greets: its own name
        (r"(?<![\d.])2[25]0[ -](?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", " "),
        # names of classes and routines, calls, lines of sources
        (r"\b[a-z_]\w{0,40}\.(?:connect|create|send|login|auth|start|open)\w{0,40}(?=\()", " "),
        (r"\b[\w./-]{1,80}\.(?:c|cc|cpp|cs|js|mjs|ts|rb|rs|php|pl|py|java|kt|go|ex):\d{1,6}(?::\d{1,5})?", " "),
        (r"\[(?!(?:e?mail|smtp|relay|mx|in|out|send)\w*[.-])[a-z_]{2,40}(?:\.[a-z_]{2,40}){2,8}\]", " "),
        (r"\bsmtplib\.\w{1,40}", " smtplib "),
        (r"\bsmtp\.(?:sendmail|dial|newclient|plainauth)\b", " "),
        (rf"\b(?:{_NAMESPACES})[.\\](?:[a-z_]\w{{0,40}}[.\\]?){{1,8}}", " "),
        (r"\bstream_socket_\w{1,20}\(\):?|\bssl operation failed with code \d|\bopenssl error messages:?", " "),
        (r"\berror:[0-9a-f]{6,8}:(?:ssl routines)?:?|\bssl routines\b:?|\bssl:", " "),
        (r"(\.[a-z]{2,10})::(?=\d{2,5}\b)", r"\1:"),
        (r"\b[a-z]\w{0,40}(?:::[a-z_]\w{0,40}){1,5}", " "),
        (r"\b\w{2,40}(?:exception|disconnected|error)\b:?", " "),
    )
)
"""Patterns and what is left of each, in this order: a time is none of an IPv6 address once it is gone."""

_DOTNET = re.compile(r"system\.net\.mail|send-mailmessage")


def take_log_lines(text: str) -> str:
    """A text in lower case without what only machines write."""
    for pattern, left in _TAKEN:
        text = pattern.sub(left, text)
    return text


_GO = re.compile(r"\bsmtp\.(?:sendmail|dial|newclient|plainauth)\b")


_DJANGO = re.compile(r"\bemail_(?:host|port|use_tls|use_ssl|backend)\b")

_PLAIN_URL = re.compile(r"\bsmtp://\S{1,80}:465\b")


def library_of(text: str) -> str | None:
    """The library that a text in lower case gives away, where it matters which TLS modes it knows."""
    if is_dotnet(text):
        return "dotnet"
    if _DJANGO.search(text) and "smtplib" in text:
        return "django"
    if _GO.search(text):
        return "go"
    return "curl" if _PLAIN_URL.search(text) else None


def is_dotnet(text: str) -> bool:
    """Whether a text in lower case speaks of .NET's own client, which knows no TLS from the first byte."""
    return _DOTNET.search(text) is not None
