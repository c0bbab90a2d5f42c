import pytest
from slack_sdk.errors import SlackApiError

from bot.workspace import FileUpload, Impossible

from .conftest import actions, modal, plain, section, text_input


@pytest.fixture
def opens(ws, socket_app):
    """Lets `/form` open the given view; returns a function that types the command and returns the open modal."""

    async def typed(view):
        @socket_app.command("/form")
        async def form(ack, command, client):
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=view)

        await ws.command("ana", "mailops", "/form")
        return await ws.wait_for(lambda: ws.view_of("ana"))

    return typed


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_a_modal_is_opened_filled_in_and_submitted(ws, socket_app, opens):
    seen = {}

    @socket_app.view("check")
    async def check(ack, view, body):
        seen.update(view)
        await ack()

    options = [{"text": plain("587"), "value": "587"}]
    menu = {"type": "static_select", "action_id": "port", "options": options, "initial_option": options[0]}
    port = {"type": "input", "block_id": "port", "label": plain("Port"), "element": menu}
    view = await opens(modal(text_input("host"), port, callback_id="check", private_metadata="id-1"))
    done = await ws.submit(view, {"host": "mail.example.com"})

    assert (done.error, done.errors) == ("", {})
    assert seen["state"]["values"]["host"]["host"] == {"type": "plain_text_input", "value": "mail.example.com"}
    assert seen["state"]["values"]["port"]["port"]["selected_option"]["value"] == "587"
    assert seen["private_metadata"] == "id-1"
    assert ws.view_of("ana") is None


async def test_errors_of_the_app_keep_the_modal_open(ws, socket_app, opens):
    @socket_app.view("check")
    async def check(ack):
        await ack(response_action="errors", errors={"host": "no such host"})

    view = await opens(modal(text_input("host"), callback_id="check"))
    done = await ws.submit(view, {"host": "nowhere"})
    assert done.errors == {"host": "no such host"}
    assert ws.view_of("ana") is view


async def test_errors_for_anything_but_inputs_are_trouble(ws, socket_app, opens):
    @socket_app.view("check")
    async def check(ack):
        await ack(response_action="errors", errors={"nothing": "no"})

    view = await opens(modal(text_input("host"), callback_id="check"))
    done = await ws.submit(view, {"host": "x"})
    assert done.error == "invalid_arguments"
    assert done.shown == "We had some trouble connecting. Try again?"


async def test_the_client_refuses_empty_required_fields_by_itself(ws, opens):
    view = await opens(modal(text_input("host"), text_input("note", max_length=3), callback_id="check"))
    done = await ws.submit(view, {"note": "long"})
    assert done.attempts == 0
    assert set(done.errors) == {"host", "note"}


async def test_an_ack_updates_pushes_or_clears(ws, socket_app, opens):
    answers = iter(["update", "push", "clear"])

    @socket_app.view("check")
    async def check(ack):
        action = next(answers)
        view = modal(text_input("host"), callback_id="check", title=plain(action))
        await ack(response_action=action, **({} if action == "clear" else {"view": view}))

    await opens(modal(text_input("host"), callback_id="check"))
    titles = []
    for _ in range(3):
        await ws.submit(ws.view_of("ana"), {"host": "x"})
        shown = ws.view_of("ana")
        titles.append(shown and shown.body["title"]["text"])
    assert titles == ["update", "push", None]


async def test_a_trigger_opens_once_and_within_three_seconds(ws, client, socket_app):
    @socket_app.command("/form")
    async def form(ack):
        await ack()

    done = await ws.command("ana", "mailops", "/form")
    await client.views_open(trigger_id=done.trigger_id, view=modal(text_input("host")))
    assert await refusal(client.views_open(trigger_id=done.trigger_id, view=modal(text_input("host")))) == (
        "exchanged_trigger_id"
    )
    done = await ws.command("ana", "mailops", "/form")
    ws.clock.advance(3.1)
    assert await refusal(client.views_open(trigger_id=done.trigger_id, view=modal(text_input("host")))) == (
        "expired_trigger_id"
    )
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal(text_input("host")))) == "invalid_trigger_id"


async def test_a_button_in_a_modal_pushes_at_most_two_more(ws, socket_app, opens):
    refused = []

    @socket_app.action("deeper")
    async def deeper(ack, body, client):
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(actions("deeper")))
        except SlackApiError as error:
            refused.append(error.response["error"])

    view = await opens(modal(actions("deeper")))
    for depth in (2, 3):
        await ws.click(ws.view_of("ana"), "deeper")
        await ws.wait_for(lambda depth=depth: len(ws.state.stacks[view.user]) == depth)
    await ws.click(ws.view_of("ana"), "deeper")
    await ws.wait_for(lambda: refused)
    assert refused == ["push_limit_reached"]
    assert ws.view_of("ana").root_id == view.id


async def test_an_update_needs_the_current_hash_and_an_open_view(ws, client, opens):
    view = await opens(modal(text_input("host")))
    old = view.hash
    await client.views_update(view_id=view.id, hash=old, view=modal(section("loaded")))
    assert ws.view_of("ana").blocks[0]["type"] == "section"
    assert await refusal(client.views_update(view_id=view.id, hash=old, view=modal(section("again")))) == (
        "hash_conflict"
    )
    await ws.close(view)
    assert await refusal(client.views_update(view_id=view.id, view=modal(section("gone")))) == "not_found"


async def test_closing_tells_the_app_when_it_asked_for_it(ws, socket_app, opens):
    closed = []

    @socket_app.view_closed("check")
    async def gone(ack, view):
        closed.append(view["callback_id"])
        await ack()

    view = await opens(modal(text_input("host"), callback_id="check", notify_on_close=True))
    await ws.close(view)
    assert closed == ["check"]


async def test_a_file_arrives_as_an_address_that_the_token_opens(ws, session, socket_app, opens):
    seen = {}

    @socket_app.view("paste")
    async def paste(ack, view):
        seen.update(view["state"]["values"]["config"]["config"]["files"][0])
        await ack()

    element = {"type": "file_input", "action_id": "config", "filetypes": ["txt"], "max_files": 1}
    block = {"type": "input", "block_id": "config", "label": plain("File"), "element": element}
    view = await opens(modal(block, callback_id="paste"))
    await ws.submit(view, {"config": FileUpload("pmta.txt", b"smtp-port 25")})

    async with session.get(seen["url_private_download"], headers={"Authorization": f"Bearer {ws.bot_token}"}) as got:
        assert await got.read() == b"smtp-port 25"
    async with session.get(seen["url_private_download"]) as got:
        assert (got.status, got.content_type) == (200, "text/html")


async def test_a_file_of_another_kind_cannot_be_chosen(ws, opens):
    element = {"type": "file_input", "action_id": "config", "filetypes": ["txt"]}
    block = {"type": "input", "block_id": "config", "label": plain("File"), "element": element}
    view = await opens(modal(block))
    with pytest.raises(Impossible, match="offers only"):
        await ws.submit(view, {"config": FileUpload("pmta.exe", b"x")})


async def test_broken_views_are_invalid_arguments(ws, client, socket_app):
    @socket_app.command("/form")
    async def form(ack):
        await ack()

    done = await ws.command("ana", "mailops", "/form")
    for view in (
        modal(text_input("host"), title=plain("x" * 25)),
        modal(text_input("host"), private_metadata="x" * 3001),
        modal(*[section("x")] * 101),
        {"type": "modal", "title": plain("x"), "blocks": [text_input("host")]},
    ):
        assert await refusal(client.views_open(trigger_id=done.trigger_id, view=view)) == "invalid_arguments"
    await client.views_open(trigger_id=done.trigger_id, view=modal({"type": "alert", "text": plain("fine")}))


async def test_a_home_is_published_and_opened(ws, client, socket_app):
    seen = []

    @socket_app.event("app_home_opened")
    async def opened(event):
        seen.append((event["tab"], "view" in event))

    ana = ws.user("ana").id
    await ws.open_home("ana")
    await client.views_publish(user_id=ana, view={"type": "home", "blocks": [section("hello")]})
    await ws.open_home("ana")
    await ws.wait_for(lambda: len(seen) == 2) if len(seen) < 2 else None

    assert ws.home_of("ana").blocks[0]["text"]["text"] == "hello"
    assert seen == [("home", False), ("home", True)]
