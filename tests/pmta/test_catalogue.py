import pytest

from commands.pmta.findings.references import REFERRING
from commands.pmta.language import directives
from commands.pmta.language.catalogue import DIRECTIVES, TAGS, directive, scopes_of
from commands.pmta.language.names import INVENTED, MEANT, TAGS_MEANT, directives_like
from commands.pmta.language.repeatable import REPEATABLE
from commands.pmta.language.values import arguments, misfit, says
from tests.every import every

STATUSES = {"", "deprecated", "removed", "legacy", "unlisted"}


def test_every_row_is_whole():
    for name, scopes, form, _, _, status, instead, secret, _, section in directives.ROWS:
        assert name
        assert secret in {"", "value", "second", "url"}
        assert form
        assert status in STATUSES
        assert set(scopes.split()) <= {*TAGS, "global"}
        assert section or status or name in {"log-messages", "mx-connection-attempts"}, name
        assert not instead or instead in DIRECTIVES or instead.strip("<>") in TAGS


def test_no_directive_has_two_forms_in_one_scope():
    for rows in DIRECTIVES.values():
        scopes = [scope for row in rows for scope in row.scopes]
        assert len(scopes) == len(set(scopes))


def test_every_form_can_be_read_and_said():
    for rows in DIRECTIVES.values():
        for row in rows:
            assert says(row.form)
            assert all(part.kinds for part in arguments(row.form))


def test_documented_defaults_fit_their_forms():
    odd = {"<none>", "none", "off", "local domains", "system"}
    for rows in DIRECTIVES.values():
        for row in rows:
            plain = row.default and " " not in row.default and row.default not in odd and row.default not in DIRECTIVES
            if plain and len(arguments(row.form)) == 1:
                assert misfit(row.name, row.form, row.default) is None, row.name


def test_tables_name_only_what_exists():
    assert {name for name in MEANT.values() if name} <= set(DIRECTIVES)
    assert set(TAGS_MEANT.values()) <= set(TAGS)
    assert set(REFERRING) <= set(DIRECTIVES)
    assert set(DIRECTIVES) >= REPEATABLE
    assert not INVENTED & set(DIRECTIVES)


def test_names_are_found_in_their_scope_only():
    assert directive("retry-after", "domain")
    assert directive("retry-after", "source") is None
    assert scopes_of("log-tls") == ("domain", "source", "transmissions-api")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("require-tls", "require-starttls"),
        ("max-msg-size", "max-message-size"),
        ("max-rcpt-per-msg", "max-rcpt-per-message"),
        ("max-conn-rate", "max-connect-rate"),
        ("smtp-tls-certificate", "smtp-server-tls-certificate"),
        ("max-smpt-out", "max-smtp-out"),
        ("retryafter", "retry-after"),
    ],
)
def test_a_near_miss_finds_its_name(written, meant):
    assert directives_like(written)[0] == meant


@every(
    [
        ("bool", "YES", True),
        ("bool", "on", False),
        ("duration|=never", "1w2d12h", True),
        ("duration|=never", "never", True),
        ("duration", "0", True),
        ("duration", "10 m", False),
        ("rate", "100/15m", True),
        ("rate", "100/hr", True),
        ("rate", "0/h", False),
        ("rate", "100", False),
        ("data-rate", "10M/h", True),
        ("data-rate", "unlimited", True),
        ("size", "250M", True),
        ("size", "250MB", False),
        ("cidr", "10/8", True),
        ("cidr", "173.194/16", True),
        ("cidr", "0/0", True),
        ("cidr", "::1", True),
        ("cidr", "10.0.0.300", False),
        ("cidr-port source?", "0/0:25", True),
        ("cidr-port source?", "0/0:25 source=x", True),
        ("pattern", "[*.]example.com", True),
        ("pattern", "$macro", True),
        ("pattern", "b\u00fccher.de", True),
        ("pattern", "[10.0.0.0/8]", True),
        ("pattern", "a b", False),
        ("durations*", "10m,10m, 1h", True),
        ("durations*", "10m,x", False),
        ("daily-limits*", "1/day,2/day", True),
        ("=1|=2", "3", False),
        ("int:1..100", "101", False),
        ("name|empty", '""', True),
        ("regex name", "/a b/ other", True),
        ("ip-port|ip host", "10.0.0.5 mta1.example.com", True),
        ("host-port", "[::1]:5000", True),
    ]
)
def test_values_fit_their_forms(form, value, fits):
    key = "/regex/" if form.startswith("regex") else "x"
    assert (misfit(key, form, value) is None) is fits
