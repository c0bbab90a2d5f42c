"""What the environment says: settings, and the proxy on the way to Slack."""

from collections.abc import Mapping, Sequence

from yarl import URL

from bot.doctor.result.codes import Code, Found
from bot.slack.client.proxy import Proxies

UNHEEDED = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
"""Variables that other programs take for the way to everything."""


async def settings_read(problems: Sequence[str]) -> list[Found]:
    """What `portero run` would complain of."""
    if not problems:
        return [Found(Code.SETTINGS_FINE)]
    return [Found(Code.SETTING_WRONG, {"problem": problem.rstrip(".")}) for problem in problems]


async def proxy_used(proxies: Proxies, api_url: str, environ: Mapping[str, str]) -> list[Found]:
    """Whether Slack is reached by a proxy; nothing is connected to."""
    if proxies.way_to(URL(api_url)).proxy is not None:
        return [Found(Code.PROXY_SET, {"place": proxies.place})]
    if proxies.place:
        return [Found(Code.PROXY_EXCEPTED)]
    unheeded = next((name for name in UNHEEDED if environ.get(name)), "")
    return [Found(Code.PROXY_UNHEEDED, {"name": unheeded}) if unheeded else Found(Code.PROXY_NONE)]
