"""`make pictures`: the scenes as PNG files in docs/pictures/. Needs Chromium and fonts-noto-color-emoji."""

import asyncio
from pathlib import Path

from bot.demo.page.server import serving
from bot.demo.stage import ground
from bot.demo.web import demo_on

from .browser import browsing, opened
from .scenes import SCENES

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


async def main():
    FOLDER.mkdir(exist_ok=True)
    async with browsing() as browser:
        for name, scene in SCENES.items():
            async with ground() as here, serving(demo_on(here)) as url, opened(browser, url, width=1000) as (page, _):
                shown, _ = await scene(page)
                await page.mouse.move(0, 0)
                await page.evaluate("document.querySelector('#thread').style.flex = 'none'")  # no taller than it is
                await shown.screenshot(path=FOLDER / f"{name}.png")
                print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
