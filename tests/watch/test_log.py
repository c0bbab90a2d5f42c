import asyncio
import logging
from contextlib import suppress

import pytest

from bot.observability.log import keep_clean
from bot.observability.redaction import trace_of

from .test_mail import watches  # noqa: F401 - a fixture
from .test_webhook import delivery, hook, receiver  # noqa: F401 - fixtures

log = logging.getLogger("bot.watches.delivery")


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_no_part_of_a_webhook_behind_its_host_comes_into_the_log(hook, caplog, status):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    keep_clean()
    async with receiver(status) as there:
        url = f"{there.url}&token=SeCrEt"
        with suppress(Exception):
            await (await hook()).deliver(delivery(url))
    with pytest.raises(Exception) as caught:
        await (await hook()).deliver(delivery(url))
    log.warning("to %s: %s\n%s", url, caught.value, trace_of(caught.value))
    assert "hooks.lab.example" in caplog.text
    for secret in ("SeCrEt", "/told-in-private", "key=x"):
        assert secret not in caplog.text
