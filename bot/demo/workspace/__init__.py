"""A strict local Slack: Web API, Socket Mode, signed HTTP, response_url. The demo and the tests use it.

    async with Workspace() as ws:
        ...  # a bot with base URL ws.api_url and the tokens ws.bot_token, ws.app_token
        await ws.wait_for(lambda: ws.connections)
        await ws.command("ana", "mailops", "/smtpcheck mail.example.com")
        message = await ws.wait_for(lambda: ws.pressable("mailops", "ana"))
        await ws.click(message, 1)

`workspace` has the class, `actions` what people do, `scene` what is seen, `blockkit` the size checks and `render` the
drawing for a terminal.
"""
