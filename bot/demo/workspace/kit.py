"""Block Kit as tables: which fields a block or an element has, and how large they may be.

Only data. Source: docs.slack.dev, reference/block-kit (blocks, block-elements, composition-objects), November 2026.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.demo.workspace.schema import (
    Check,
    anything,
    boolean,
    items,
    number,
    one_of,
    quantity,
    shape,
    string,
    tagged,
    text,
)

ID = string(255)
KIND = anything
STYLE = one_of("primary", "danger")
MRKDWN = ("plain_text", "mrkdwn")

CONFIRM = shape(
    {"title": text(100), "text": text(300, *MRKDWN), "confirm": text(30), "deny": text(30)}, {"style": STYLE}
)
OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75), "url": string(3000)})
RICH_OPTION = shape({"text": text(75, *MRKDWN), "value": string(150)}, {"description": text(75, *MRKDWN)})
GROUP = shape({"label": text(75), "options": items(OPTION, 100)})
DISPATCH = shape({"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
SLACK_FILE = shape({}, {"id": string(255), "url": string(3000)})
COMMON: Mapping[str, Check] = {"action_id": ID, "focus_on_load": boolean}
ASKS: Mapping[str, Check] = {**COMMON, "placeholder": text(150)}
MENU: Mapping[str, Check] = {**ASKS, "confirm": CONFIRM}
TYPED: Mapping[str, Check] = {**ASKS, "initial_value": string(3000, 0), "dispatch_action_config": DISPATCH}
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

_RICH_STYLE = shape(
    {},
    {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean}
    | {"highlight": boolean, "client_highlight": boolean, "unlink": boolean},
)
RICH_INLINE = tagged(
    {
        "text": shape({"type": KIND, "text": string(40000)}, {"style": _RICH_STYLE}),
        "link": shape(
            {"type": KIND, "url": string(3000)}, {"text": string(40000), "style": _RICH_STYLE, "unsafe": boolean}
        ),
        "emoji": shape({"type": KIND, "name": string(255)}, {"unicode": string(255), "style": _RICH_STYLE}),
        "user": shape({"type": KIND, "user_id": string(255)}, {"style": _RICH_STYLE}),
        "usergroup": shape({"type": KIND, "usergroup_id": string(255)}, {"style": _RICH_STYLE}),
        "channel": shape({"type": KIND, "channel_id": string(255)}, {"style": _RICH_STYLE}),
        "broadcast": shape({"type": KIND, "range": one_of("here", "channel", "everyone")}, {"style": _RICH_STYLE}),
        "date": shape(
            {"type": KIND, "timestamp": number(0, 2**53), "format": string(255)},
            {"url": string(3000), "fallback": string(3000), "style": _RICH_STYLE},
        ),
        "color": shape({"type": KIND, "value": string(7)}),
    },
    "rich text element",
)
_RICH_LINES = items(RICH_INLINE, 10000, 0)
_RICH_SECTION = shape({"type": KIND, "elements": _RICH_LINES})
RICH_TEXT = shape(
    {
        "type": KIND,
        "elements": items(
            tagged(
                {
                    "rich_text_section": _RICH_SECTION,
                    "rich_text_preformatted": shape(
                        {"type": KIND, "elements": _RICH_LINES}, {"border": number(0, 1), "language": string(255)}
                    ),
                    "rich_text_quote": shape({"type": KIND, "elements": _RICH_LINES}, {"border": number(0, 1)}),
                    "rich_text_list": shape(
                        {
                            "type": KIND,
                            "style": one_of("bullet", "ordered"),
                            "elements": items(tagged({"rich_text_section": _RICH_SECTION}, "rich text"), 10000),
                        },
                        {"indent": number(0, 8), "offset": number(0, 2**31), "border": number(0, 1)},
                    ),
                },
                "rich text",
            ),
            10000,
        ),
    },
    {"block_id": ID},
)
CELL = tagged(
    {
        "raw_text": shape({"type": KIND, "text": string(10000)}),
        "raw_number": shape({"type": KIND, "value": anything}, {"text": string(10000)}),
        "rich_text": RICH_TEXT,
    },
    "table cell",
)

BUTTON = shape(
    {"type": KIND, "text": text(75)},
    {"action_id": ID, "value": string(2000), "url": string(3000), "style": STYLE, "confirm": CONFIRM}
    | {"accessibility_label": string(75), "visible_to_user_ids": items(string(255), 1000)}
    | {"agent_prompt": string(4000), "agent_prompt_display": string(4000)},
)
IMAGE = shape(
    {"type": KIND, "alt_text": string(2000, 0)}, {"image_url": string(3000), "slack_file": SLACK_FILE, "block_id": ID}
)
_STATIC: Mapping[str, Check] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
_MANY = number(1, 100)

ELEMENTS: Mapping[str, Check] = MappingProxyType(
    {
        "button": BUTTON,
        "image": IMAGE,
        "checkboxes": shape(
            {"type": KIND, "options": items(RICH_OPTION, 10)},
            {**COMMON, "initial_options": items(RICH_OPTION, 10), "confirm": CONFIRM},
        ),
        "radio_buttons": shape(
            {"type": KIND, "options": items(RICH_OPTION, 10)},
            {**COMMON, "initial_option": RICH_OPTION, "confirm": CONFIRM},
        ),
        "overflow": shape({"type": KIND, "options": items(OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
        "datepicker": shape({"type": KIND}, {**MENU, "initial_date": string(10)}),
        "timepicker": shape({"type": KIND}, {**MENU, "initial_time": string(5), "timezone": string(100)}),
        "datetimepicker": shape(
            {"type": KIND}, {**COMMON, "confirm": CONFIRM, "initial_date_time": number(10**9, 10**10 - 1)}
        ),
        "static_select": shape({"type": KIND}, {**MENU, **_STATIC, "initial_option": OPTION}),
        "external_select": shape(
            {"type": KIND}, {**MENU, "initial_option": OPTION, "min_query_length": number(0, 3000)}
        ),
        "users_select": shape({"type": KIND}, {**MENU, "initial_user": string(255)}),
        "conversations_select": shape(
            {"type": KIND},
            {**MENU, "initial_conversation": string(255), "default_to_current_conversation": boolean}
            | {"response_url_enabled": boolean, "filter": FILTER},
        ),
        "channels_select": shape(
            {"type": KIND}, {**MENU, "initial_channel": string(255), "response_url_enabled": boolean}
        ),
        "multi_static_select": shape(
            {"type": KIND}, {**MENU, **_STATIC, "initial_options": items(OPTION, 100), "max_selected_items": _MANY}
        ),
        "multi_users_select": shape(
            {"type": KIND}, {**MENU, "initial_users": items(string(255), 100), "max_selected_items": _MANY}
        ),
        "multi_conversations_select": shape(
            {"type": KIND},
            {**MENU, "initial_conversations": items(string(255), 100), "max_selected_items": _MANY, "filter": FILTER}
            | {"default_to_current_conversation": boolean},
        ),
        "multi_channels_select": shape(
            {"type": KIND}, {**MENU, "initial_channels": items(string(255), 100), "max_selected_items": _MANY}
        ),
        "plain_text_input": shape(
            {"type": KIND},
            {**TYPED, "multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000)},
        ),
        "email_text_input": shape({"type": KIND}, TYPED),
        "url_text_input": shape({"type": KIND}, TYPED),
        "number_input": shape(
            {"type": KIND, "is_decimal_allowed": boolean},
            {**TYPED, "min_value": string(255), "max_value": string(255)},
        ),
        "rich_text_input": shape(
            {"type": KIND}, {**ASKS, "initial_value": RICH_TEXT, "dispatch_action_config": DISPATCH}
        ),
        "file_input": shape(
            {"type": KIND}, {"action_id": ID, "filetypes": items(string(255), 100), "max_files": number(1, 10)}
        ),
        "icon_button": shape(
            {"type": KIND, "icon": one_of("trash"), "text": text(75)},
            {"action_id": ID, "value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75)}
            | {"visible_to_user_ids": items(string(255), 1000)},
        ),
    }
)


def elements(*kinds: str) -> Check:
    """One of the named elements."""
    return tagged({kind: ELEMENTS[kind] for kind in kinds}, "element")


_MENUS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
_PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
_WRITTEN = tuple(kind for kind in ELEMENTS if kind.endswith("_input") and kind != "file_input")
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

_POINT = shape({"label": string(20), "value": quantity})
_AXES = shape({"categories": items(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
_LINES = shape(
    {
        "type": KIND,
        "series": items(shape({"name": string(20), "data": items(_POINT, 20)}), 12),
        "axis_config": _AXES,
    }
)
_SEGMENT = shape({"label": string(20), "value": quantity})
CHART = tagged(
    {
        "line": _LINES,
        "bar": _LINES,
        "area": _LINES,
        "pie": shape({"type": KIND, "segments": items(_SEGMENT, 12)}),
    },
    "chart",
)

BLOCKS: Mapping[str, Check] = MappingProxyType(
    {
        "section": shape(
            {"type": KIND},
            {
                "text": text(3000, *MRKDWN),
                "fields": items(text(2000, *MRKDWN), 10),
                "accessory": elements("button", "image", "overflow", *_MENUS, *_PICKERS),
                "expand": boolean,
                "block_id": ID,
            },
        ),
        "header": shape({"type": KIND, "text": text(150)}, {"block_id": ID, "level": number(1, 4)}),
        "divider": shape({"type": KIND}, {"block_id": ID}),
        "context": shape(
            {
                "type": KIND,
                "elements": items(
                    tagged({"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000, "mrkdwn")}, "element"), 10
                ),
            },
            {"block_id": ID},
        ),
        "actions": shape(
            {"type": KIND, "elements": items(elements("button", "overflow", *_MENUS, *_PICKERS), 25)}, {"block_id": ID}
        ),
        "context_actions": shape({"type": KIND, "elements": items(elements("icon_button"), 5)}, {"block_id": ID}),
        "input": shape(
            {"type": KIND, "label": text(2000), "element": elements("file_input", *_MENUS, *_PICKERS, *_WRITTEN)},
            {"block_id": ID, "hint": text(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        "image": shape(
            {"type": KIND, "alt_text": string(2000)},
            {"image_url": string(3000), "slack_file": SLACK_FILE, "title": text(2000), "block_id": ID},
        ),
        "rich_text": RICH_TEXT,
        "table": shape(
            {"type": KIND, "rows": items(items(CELL, 20), 100)}, {"block_id": ID, "column_settings": items(_COLUMN, 20)}
        ),
        "markdown": shape({"type": KIND, "text": string(12000)}, {"block_id": ID}),
        "data_visualization": shape({"type": KIND, "title": string(50), "chart": CHART}, {"block_id": ID}),
        "alert": shape(
            {"type": KIND, "text": text(200, *MRKDWN)},
            {"level": one_of("default", "info", "warning", "error", "success"), "block_id": ID},
        ),
    }
)

SURFACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "message": frozenset(BLOCKS) - {"alert"},
        "modal": frozenset(BLOCKS) - {"table", "markdown", "context_actions", "data_visualization"},
        "home": frozenset(BLOCKS) - {"alert", "markdown", "context_actions", "data_visualization"},
    }
)
"""Where a block may stand: alert only in modals, markdown and charts only in messages, tables not in modals."""

MOST_BLOCKS: Mapping[str, int] = MappingProxyType({"message": 50, "modal": 100, "home": 100})
TABLE_CHARACTERS = 10_000
MARKDOWN_CHARACTERS = 12_000
CHARTS = 2

VIEW_COMMON: Mapping[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
VIEWS: Mapping[str, Check] = MappingProxyType(
    {
        "modal": shape(
            {"type": KIND, "title": text(24), "blocks": anything},
            {**VIEW_COMMON, "close": text(24), "submit": text(24), "clear_on_close": boolean}
            | {"notify_on_close": boolean, "submit_disabled": boolean},
        ),
        "home": shape({"type": KIND, "blocks": anything}, VIEW_COMMON),
    }
)
