"""What README and docs show, as scenes of the demo: each plays something and says which messages show it."""

from collections.abc import Awaitable, Callable, Mapping

from .browser import typed


async def check(page):
    """A host whose 25 is filtered: what answers, whose side it is, which port to use."""
    await typed(page, "/smtpcheck filtered.lab.example")
    await page.wait_for_selector("text=Share in channel")
    return page.locator("article").last, "Likely the target's side"


async def places(page):
    """The same host from three machines."""
    await typed(page, "/smtpcheck mail.lab.example 25 587 from all")
    await page.wait_for_selector("table >> text=mta-03")
    return page.locator("article").last, "25 is closed from mta-03 only"


async def config(page):
    """A PowerMTA config that relays for everybody."""
    await typed(page, "/pmta <source 0/0> always-allow-relaying yes</source>")
    await page.wait_for_selector("text=Show fixed")
    return page.locator("article").last, "always-allow-relaying"


async def alert(page):
    """A host that went down, and its end."""
    await typed(page, "/smtpwatch add mail.lab.example 25 587 every 5m in #mailops")
    await page.wait_for_selector("text=is watched from now on")
    await page.click("text=10 minutes")
    await page.click("summary")
    host = page.get_by_label("mail.lab.example", exact=True)
    await host.uncheck()
    await page.click("text=1 hour")
    await page.wait_for_selector("article >> text=refused")
    await host.check()
    await page.click("text=1 hour")
    await page.wait_for_selector("article >> text=recovered")
    await page.click(".replies >> nth=-1")
    await page.wait_for_selector("#thread >> text=Recovered after")
    return page.locator("#thread"), "Recovered after"


SCENES: Mapping[str, Callable[..., Awaitable[object]]] = {
    "check": check,
    "places": places,
    "config": config,
    "alert": alert,
}
