"""A real browser, Debian's Chromium, driven by Playwright. It asks nobody outside this machine."""

import shutil
import subprocess
from contextlib import asynccontextmanager
from functools import cache

from playwright._impl._driver import compute_driver_executable
from playwright.async_api import Error, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 60_000
"""How long anything may take on a machine that stalls."""


class NoBrowserError(Exception):
    """There is none, or it does not start here; says why."""


@asynccontextmanager
async def browsing():
    """The browser. NoBrowserError where there is none."""
    if not CHROMIUM:
        raise NoBrowserError("no Chromium here: apt install chromium libatomic1")
    if fault := _driver_fault():
        raise NoBrowserError(f"Playwright's driver does not start here (a library that it lacks?): {fault}")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE_MS)
        except Error as error:
            raise NoBrowserError(f"Chromium does not start here: {error.message.splitlines()[0]}") from error
        try:
            yield browser
        finally:
            await browser.close()


@cache
def _driver_fault():
    """What the driver says when it cannot be started, or nothing."""
    done = subprocess.run([*compute_driver_executable(), "--version"], capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


@asynccontextmanager
async def opened(browser, url, *, width=1000, height=900, dark=False):
    """The page in a window, and what it complains of."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page, complaints = await context.new_page(), []
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    await page.wait_for_selector("#places li", state="attached")
    try:
        yield page, complaints
    finally:
        await context.close()


async def typed(page, line):
    """Type a line and send it."""
    await page.fill("#text", line)
    await page.keyboard.press("Enter")
