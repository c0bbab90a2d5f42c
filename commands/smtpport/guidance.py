"""What to tell somebody whose words hold no question that can be answered."""

from commands.contract import UserError
from commands.slack_text import quoted
from commands.smtpport.lexicon import suggested
from commands.smtpport.reader import Question

MOST_WORDS = 5
EXAMPLES = "Try: sparkpost from google cloud, receive bounces, printer to office 365, 465, why not 25."
UNKNOWN = (
    "A provider that I do not know tells host and port on its support page, mostly 587 with STARTTLS or 465 with "
    "SSL/TLS."
)


def refusal(typed: str, question: Question) -> UserError | None:
    """None when there is something to answer. An empty text asks for the general answer."""
    if not typed.strip() or not question.empty:
        return None
    unknown = question.not_understood[:MOST_WORDS]
    words = ", ".join(map(quoted, unknown)) or quoted(typed)
    likely = suggested(unknown)
    hint = f"Did you mean {' or '.join(likely)}?" if likely else UNKNOWN if unknown else ""
    return UserError(f"I found no provider, network, port or purpose in: {words}.", f"{hint} {EXAMPLES}".strip())
