from slack_sdk.errors import SlackApiError

from .conftest import actions, modal, plain, refusal, section, text_input


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
