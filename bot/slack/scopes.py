"""What each scope of the manifest is for, as what is lost without it. Data."""

from collections.abc import Mapping

COSTS: Mapping[str, str] = {
    "app_mentions:read": "mentions in channels are not heard",
    "assistant:write": "agents of Slack cannot ask Portero",
    "channels:read": "what was asked in public channels stays hidden from the others in them",
    "chat:write": "nothing can be posted: no public answers, no alerts of watches",
    "chat:write.public": "Portero has to be invited to public channels, too",
    "commands": "no slash command arrives",
    "files:read": "configs that come as files are not read",
    "files:write": "no files are sent: exports, long answers",
    "groups:read": "what was asked in private channels stays hidden from the others in them",
    "im:history": "direct messages to Portero are not heard",
    "im:write": "no files are sent, and nobody is told by direct message",
    "usergroups:read": "forms of watches ask for a user group by its id instead of offering a list",
    "users:read": "nobody is answered: Slack does not say who asks",
}
