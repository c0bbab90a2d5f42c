"""Names in settings are judged at the start, with every other problem."""

import pytest

from bot.settings import SettingsError, load


def test_names_that_are_none_are_reported_together():
    with pytest.raises(SettingsError) as caught:
        load({"PORTERO_EHLO_NAME": "foo bar", "PORTERO_CONTROL_HOSTS": "a b", "PORTERO_PORT": "x"})

    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "PORTERO_PORT",
        "PORTERO_EHLO_NAME",
        "PORTERO_CONTROL_HOSTS",
    ]


@pytest.mark.parametrize("name", ["probe.example.com", "[192.0.2.1]", "[IPv6:2001:db8::1]"])
def test_names_and_address_literals_are_taken(name):
    assert load({"PORTERO_EHLO_NAME": name}).ehlo_name == name
