"""The page as people use it, in a real browser."""

import pytest
from axe_playwright_python.async_playwright import Axe

from .browser import NoBrowserError, browsing, opened, typed
from .scenes import SCENES


@pytest.fixture
async def browser():
    try:
        async with browsing() as made:
            yield made
    except NoBrowserError as error:
        pytest.skip(str(error))


async def _barriers(page):
    """What a screen reader or a keyboard would stumble over (axe-core)."""
    results = await Axe().run(page)
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in results.response["violations"]]


async def test_a_host_is_checked_shared_and_looked_into(browser, url):
    async with opened(browser, url) as (page, complaints):
        await page.type("#text", "/smtpch")
        await page.wait_for_selector("#hints li >> text=/smtpcheck TARGET")
        await page.keyboard.press("Tab")
        assert await page.input_value("#text") == "/smtpcheck "
        await page.keyboard.type("mail.lab.example 587")
        await page.keyboard.press("Enter")
        await page.click("text=Share in channel")
        await page.wait_for_selector("article:not(.private) >> text=mail.lab.example")
        await page.click("text=Details")
        await page.wait_for_selector("dialog[open] >> text=220")
        assert await _barriers(page) == []
        await page.keyboard.press("Escape")
        await page.wait_for_selector("#modal:not([open])", state="attached")
        assert complaints == []


async def test_a_form_is_filled_in_with_the_keyboard_and_says_what_is_wrong(browser, url):
    async with opened(browser, url, dark=True) as (page, complaints):
        await page.click("text=Portero: Home")
        await page.click("text=Check a host")
        await page.wait_for_selector("dialog[open] input:focus, dialog[open] textarea:focus")
        await page.click("dialog[open] button[type=submit]")
        await page.wait_for_selector("dialog[open] [role=alert]")
        assert await _barriers(page) == []
        await page.keyboard.type("mail.lab.example")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#modal:not([open])", state="attached")
        await page.click("nav >> text=Portero >> nth=1")
        await page.wait_for_selector("article >> text=mail.lab.example")
        assert complaints == []


async def test_a_telephone_shows_everything_without_scrolling_sideways(browser, url):
    async with opened(browser, url, width=375, height=800) as (page, complaints):
        await typed(page, "/smtpcheck mail.lab.example 25 587 from all")
        await page.wait_for_selector("table >> text=mta-03")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await _barriers(page) == []
        await page.click("#menu")
        await page.click("text=# delivery")
        await page.wait_for_selector("h1 >> text=# delivery")
        assert complaints == []


@pytest.mark.parametrize("name", SCENES)
async def test_a_scene_of_the_docs_shows_what_its_picture_shows(browser, url, name):
    async with opened(browser, url) as (page, complaints):
        shown, words = await SCENES[name](page)
        assert words in await shown.inner_text()
        assert await _barriers(page) == []
        assert complaints == []
