"""What Slack calls an error."""

from slack_sdk.errors import SlackApiError


def code_of(error: SlackApiError) -> str:
    """Slack's word for it, such as `not_in_channel`; `HTTP 502` where the answer is no JSON, as from a proxy."""
    data = error.response.data
    return str(data.get("error", "")) if isinstance(data, dict) else f"HTTP {error.response.status_code}"
