from tests.smtpcheck.policies import BASE, codes, examined


async def test_announced_services_are_listed_best_first_and_a_dot_denies():
    found, _ = await examined(
        BASE
        | {
            "_submission._tcp.example.com": {"SRV": ["0 0 0 ."]},
            "_submissions._tcp.example.com": {"SRV": ["10 0 465 b.example.", "0 1 465 a.example."]},
        }
    )
    denied, offered = found.services
    assert denied.state == "denied"
    assert offered.targets == ((0, 1, 465, "a.example"), (10, 0, 465, "b.example"))
    assert {"srv_denied", "srv_offered"} <= codes(found)
