from commands.smtpcheck.policy.dns_records import banner_name
from tests.smtpcheck.policies import BASE, HOST, codes, examined, speaking
from tests.smtpcheck.speaking import ADDRESS

POINTER = ".".join(reversed(ADDRESS.split("."))) + ".in-addr.arpa"


async def test_a_name_that_leads_back_confirms_the_address():
    found, _ = await examined(BASE | {POINTER: {"PTR": [f"{HOST}."]}}, [speaking()])
    assert (found.reverse[0].state, found.reverse[0].confirmed_by) == ("confirmed", HOST)
    assert "banner_not_ptr" not in codes(found)


async def test_a_greeting_with_another_name_is_noticed():
    found, _ = await examined(BASE | {POINTER: {"PTR": [f"{HOST}."]}}, [speaking(banner="mx.other.example")])
    assert "banner_not_ptr" in codes(found)


async def test_a_name_that_does_not_lead_back_and_none_at_all_are_told_apart():
    found, _ = await examined(BASE | {POINTER: {"PTR": ["gone.example."]}}, [speaking()])
    assert "ptr_not_confirmed" in codes(found)
    assert "ptr_missing" in codes((await examined(reports=[speaking()]))[0])


async def test_an_address_that_the_name_has_led_to_needs_no_second_answer_that_says_so():
    """A name that rotates leads to another address at every question."""
    elsewhere = BASE | {POINTER: {"PTR": [f"{HOST}."]}, HOST: {"A": ["198.51.100.77"]}}
    found, _ = await examined(elsewhere, [speaking()])
    assert (found.reverse[0].state, found.reverse[0].confirmed_by) == ("confirmed", HOST)


def test_a_greeting_without_a_host_name_has_none():
    assert banner_name(speaking(banner="<!channel>.x")) == ""
