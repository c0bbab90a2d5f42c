"""Whether Slack would take what Portero shows: `blocks.validate` on a sample of every view.

The method wants no scope (docs.slack.dev, reference/methods/blocks.validate; its rate limit is not told). Where it does
not answer as it is documented, nothing is said of the views.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.doctor.result.codes import Code, Found
from bot.doctor.sample.samples import Sample
from bot.slack.client.web_client import FAULTS, SlackClient, code_of, word_of

INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})


async def views_taken(client: SlackClient, make: Callable[[], Awaitable[Sequence[Sample]]]) -> list[Found]:
    """One after the other; the first answer that is none of this method's ends it."""
    found: list[Found] = []
    made = await make()
    for sample in made:
        try:
            await client.api_call("blocks.validate", json={sample.kind: sample.value})
        except SlackApiError as error:
            if code_of(error) not in INVALID:
                return [*found, Found(Code.VIEWS_UNTOLD, {"code": code_of(error)})]
            found.append(_refused(sample, error.response.data))
        except FAULTS as error:
            return [*found, Found(Code.VIEWS_UNTOLD, {"code": word_of(error)})]
    return found or [Found(Code.VIEWS_FINE, {"count": len(made)})]


def _refused(sample: Sample, answer: Any) -> Found:
    """The first thing that Slack does not like of it."""
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], Mapping) else {}
    told = {name: str(first.get(name) or "it does not say what")[:200] for name in ("message", "pointer")}
    return Found(Code.VIEW_REFUSED, {"view": sample.name, **told})
