"""What the lines of a file of hosts ask for. Pure."""

from bot.terminal.host_lines import read_lines
from commands.smtpcheck.arguments import parse_several
from tests.every import every

PORTS = (25, 465, 587)


def read(text, beside=""):
    [default] = parse_several(f"x.example {beside}", PORTS, flags=("deep",))
    lines, bad = read_lines(text if isinstance(text, bytes) else text.encode(), PORTS, default)
    return [(line.number, line.asked) for line in lines], [(line.number, line.error.message) for line in bad]


@every(
    [
        ("", "", []),
        ("# a\n\n  # b\na.example # c\n", "", [(4, "a.example")]),
        ("a.example, 25 587\r\nb.example:465", "", [(1, "a.example 25 587"), (2, "b.example 465")]),
        ("a.example submission\na.example:587/tls", "", [(1, "a.example 587")]),
        ("a.example b.example 25", "", [(1, "a.example 25"), (1, "b.example 25")]),
        ("a.example\nb.example 25", "465 deep", [(1, "a.example 465 deep"), (2, "b.example 25 deep")]),
        ("a.example\nb.example from b", "from a", [(1, "a.example from a"), (2, "b.example from b")]),
        ("a.example from local", "from a", [(1, "a.example")]),
        (b"\xef\xbb\xbfa.example", "", [(1, "a.example")]),
        ("a.example 25\r\nb.example".encode("utf-16"), "", [(1, "a.example 25"), (2, "b.example")]),
        (
            "ops@a.example\n<https://b.example/x>\n[2001:db8::1]:25",
            "",
            [(1, "a.example"), (2, "b.example"), (3, "2001:db8::1 25")],
        ),
        (" ".join(f"h{number}.example" for number in range(9)), "", [(1, f"h{number}.example") for number in range(9)]),
    ]
)
def test_a_line_asks_for_what_it_would_ask_behind_the_command(text, beside, asked):
    assert read(text, beside) == (asked, [])


@every(
    [
        ("a.example 22", "Port 22 is not checked here: this is a mail checker."),
        ("192.0.2.0/24", "`192.0.2.0/24` is a network, and Portero is no scanner."),
        ("network 25", "Our own network is not a host."),
        ("a.example from all", "From all places one host is checked at a time."),
        (b"\xff\xfe.example", "not a valid international name"),
        ("25", "There is no target."),
        (" ".join(f"h{number}.example" for number in range(101)), "Up to 100 hosts"),
    ]
)
def test_a_line_that_names_no_host_is_told_by_its_number_and_the_others_go_on(text, message):
    good = b"a.example\n", b"\nb.example"
    lines, [(number, said)] = read(good[0] + (text if isinstance(text, bytes) else text.encode()) + good[1])
    assert [asked for _, asked in lines] == ["a.example", "b.example"]
    assert number == 2
    assert message in said
