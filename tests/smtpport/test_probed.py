"""The port that a probe's findings speak for."""

from commands.smtpcheck.result.health import ProbedPort, recommend
from commands.smtpport.wording import RECOMMENDATIONS


def port(port, tls="starttls", *, usable=True, auth=True, sound=True):
    return ProbedPort(port, tls, usable, auth, sound)


def test_465_with_a_login_comes_first():
    assert recommend([port(25, auth=False), port(587), port(465, "implicit")]) == (465, "implicit", "implicit_tls")


def test_587_comes_first_where_465_is_closed():
    assert recommend([port(465, "implicit", usable=False), port(587), port(2525)]) == (587, "starttls", "starttls")


def test_2525_is_an_alternate():
    assert recommend([port(2525)]) == (2525, "starttls", "alternate")


def test_a_sound_port_comes_before_a_faulty_one():
    assert recommend([port(465, "implicit", sound=False), port(587)]).port == 587
    assert recommend([port(465, "implicit", sound=False)]).reason == "least_bad"


def test_tls_without_a_login_says_so():
    assert recommend([port(587, auth=False)]).reason == "no_login"


def test_a_mail_exchanger_is_recommended_25_when_nothing_offers_a_login():
    found = recommend([port(25, auth=False), port(587, auth=False)], receives_mail=True)
    assert found == (25, "starttls", "relay_only")


def test_only_25_is_for_relay():
    assert recommend([port(25, auth=False)]).reason == "relay_only"


def test_delivery_is_25_and_nothing_else():
    assert recommend([port(587), port(25)], role="relay").port == 25
    assert recommend([port(587)], role="relay") is None


def test_a_port_without_tls_is_the_last_resort():
    assert recommend([port(587, "none")]).reason == "no_tls"
    assert recommend([port(587, "none"), port(2525)]).port == 2525


def test_implicit_tls_on_587_is_implicit_tls():
    assert recommend([port(587, "implicit")]) == (587, "implicit", "implicit_tls")


def test_nothing_usable_gives_no_recommendation():
    assert recommend([]) is None
    assert recommend([port(587, usable=False)]) is None


def test_every_reason_has_its_words():
    assert set(RECOMMENDATIONS) == {
        "implicit_tls", "starttls", "alternate", "no_login", "least_bad", "no_tls", "relay_only",
    }  # fmt: skip
