"""`python bench/pmta.py [LINES]`: lines a second of /pmta, beside crossplane and gixy-ng where they are installed.

The config is generated: VirtualMTAs with their domains, as a sender with hundreds of addresses has them. The nginx
config beside it has as many lines. CPU time of this process, the best of five runs each, so that neighbours on the
machine do not count.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from commands.pmta.configuration.origin import ALONE
from commands.pmta.language.config import Config
from commands.pmta.language.parser import parse
from commands.pmta.linter import lint
from commands.pmta.masking import Mask
from commands.pmta.queues.answer import answered
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.questions import asked
from commands.pmta.queues.wording import Words
from commands.pmta.queues.wording import lines as told

RUNS = 5
HEAD = """\
postmaster abuse@example.com
smtp-listener 0/0:25
log-file /var/log/pmta/log
<spool /var/spool/pmta>
</spool>
<source 10.0.0.0/8>
    always-allow-relaying yes
    process-x-virtual-mta yes
</source>
"""
MTA = """\
<virtual-mta mta-{0}>
    smtp-source-host 203.{1}.{2}.{3} mta-{0}.example.com
    domain-key s1,customer{0}.example,/etc/pmta/keys/{0}.pem
    <domain *>
        max-smtp-out 20   # connections
        max-msg-rate 500/h
        retry-after 10m,30m,1h
        use-starttls yes
        dkim-sign yes
    </domain>
    <domain gmail.com>
        max-smtp-out 10
        backoff-retry-after 20m
    </domain>
</virtual-mta>

"""
NGINX = """\
server {{
    listen 80;
    server_name host{0}.example.com;
    root /srv/www/{0};
    access_log /var/log/nginx/{0}.log;
    location / {{
        proxy_pass http://10.{1}.{2}.{3}:8080;
        proxy_set_header Host $host;
        proxy_read_timeout 30s;
    }}
    location /static/ {{
        expires 7d;
        try_files $uri =404;
    }}
}}

"""


def config(lines: int, block: str = MTA, head: str = HEAD) -> str:
    """A config of that many lines, cut at a block."""
    made, count, number = [head], head.count("\n"), 0
    while count + block.count("\n") <= lines:
        made.append(block.format(number, number % 200, number // 250 % 250, number % 250))
        count += block.count("\n")
        number += 1
    return "".join(made)


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest run."""
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def show(name: str, lines: int, seconds: float) -> float:
    print(f"{name:32} {lines:7} lines {seconds * 1000:8.1f} ms {lines / seconds:10,.0f} lines/s")
    return lines / seconds


def queue(text: str) -> list[str]:
    """What `portero pmta show` does once the file is read."""
    stanzas = Stanzas(Config(text))
    return told(answered(stanzas, asked("gmail.com/mta-7", stanzas)), Words(text, ALONE, Mask(text)))


def beside_crossplane(text: str) -> float | None:
    if find_spec("crossplane") is None:
        print("crossplane is not installed: nothing to compare the parser with (pip install crossplane)")
        return None
    import crossplane  # noqa: PLC0415  beside ours only where it is installed

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nginx.conf"
        path.write_text("events {}\nhttp {\n" + text + "}\n", encoding="utf-8")
        return show("crossplane.parse", text.count("\n"), best(lambda: crossplane.parse(str(path))))


def beside_gixy(text: str) -> float | None:
    if find_spec("gixy") is None:
        print("gixy-ng is not installed: nothing to compare the linter with (pip install gixy-ng)")
        return None
    from gixy.core.config import Config  # noqa: PLC0415  beside ours only where it is installed
    from gixy.core.manager import Manager  # noqa: PLC0415

    def audit() -> None:
        with tempfile.NamedTemporaryFile("w+b", suffix=".conf") as file:
            file.write(("events {}\nhttp {\n" + text + "}\n").encode())
            file.seek(0)
            with Manager(config=Config()) as manager:
                manager.audit(file.name, file, is_stdin=False)

    return show("gixy-ng audit", text.count("\n"), best(audit))


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    text, twice = config(lines), config(2 * lines)
    parsing = show("lexing and parsing", text.count("\n"), best(lambda: parse(text)))
    linting = show("the whole lint", text.count("\n"), best(lambda: lint(text, fragment=False)))
    double = show("the whole lint, twice the lines", twice.count("\n"), best(lambda: lint(twice, fragment=False)))
    print(f"twice the lines take {twice.count(chr(10)) / double / (text.count(chr(10)) / linting):.2f} times as long")
    show("`show` of one queue (under 50 ms)", text.count("\n"), best(lambda: queue(text)))
    nginx = config(lines, NGINX, "")
    if other := beside_crossplane(nginx):
        print(f"parsing: {parsing / other:.1f} times crossplane")
    if other := beside_gixy(nginx):
        print(f"linting: {linting / other:.1f} times gixy-ng")


if __name__ == "__main__":
    main()
