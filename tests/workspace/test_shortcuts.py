from bot.demo.workspace.model import FileUpload


async def test_a_message_shortcut_carries_the_message_and_its_files(ws, socket_app):
    seen = {}

    @socket_app.shortcut("validate_pmta")
    async def validate(ack, shortcut):
        seen.update(shortcut)
        await ack()

    message = ws.say("ana", "mailops", "<domain gmail.com> & more", attached=[FileUpload("config", b"relay-address")])
    done = await ws.shortcut("validate_pmta", "bruno", message)

    assert done.error == ""
    assert seen["message"]["text"] == "&lt;domain gmail.com&gt; &amp; more"
    assert seen["message"]["files"][0]["name"] == "config"
    assert seen["response_url"] and seen["trigger_id"]
    assert seen["user"]["id"] == ws.user("bruno").id


async def test_a_global_shortcut_has_no_channel_and_no_response_url(ws, socket_app):
    @socket_app.global_shortcut("new_check")
    async def new_check(ack):
        await ack()

    done = await ws.shortcut("new_check", "ana")
    assert done.error == ""
    assert not {"channel", "response_url"} & set(done.payload)
