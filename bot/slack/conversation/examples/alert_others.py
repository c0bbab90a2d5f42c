"""What looks below an alert as if it were asked of its incident, and is not, by examples. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.examples.likely_topic import Likely

NOTES = frozenset({"a note"})
TOPICS: Mapping[str, Likely] = {
    "a note": Likely(
        (
            "the provider says 40 minutes",
            "called the provider, ticket 48213",
            "the customer says it is only the newsletter",
            "rebooted the server",
            "the disk was full",
            "the times in the ticket are wrong",
            "the report of the vendor is late",
            "it went down after the deploy",
            "looks like the firewall",
            "we had the same last week",
            "told ana, she is on her way",
            "the certificate was renewed this morning",
            "it flapped three times last hour",
            "we are failing over to the second server now",
            "el proveedor dice que en 20 minutos",
            "he reiniciado el servidor",
            "es culpa del firewall de arriba",
            "ayer pasó lo mismo",
            "he llamado al proveedor",
            "ya lo sabe el cliente",
        )
    ),
    "an order": Likely(
        (
            "mute it for two hours",
            "can you mute this until nine?",
            "please silence it until tomorrow",
            "snooze this for an hour",
            "shorten it a bit",
            "extend the mute by an hour",
            "could you stop alerting for 2h?",
            "ack",
            "I have it",
            "I take this",
            "run it again",
            "check again in ten minutes",
            "close the incident",
            "remind me in an hour",
            "call ana",
            "page the on-call",
            "wake up ana",
            "watch the other host too",
            "silencia esto hasta las nueve",
            "no avises más hoy",
            "lo cojo yo",
            "avisa a ana",
            "reconocido",
        )
    ),
    "another question": Likely(
        (
            "why?",
            "why is 25 refused?",
            "is it us or them?",
            "whose side is it?",
            "is it our network?",
            "when does the certificate expire?",
            "is the certificate still valid?",
            "is mail.example.com ok?",
            "who muted it?",
            "what does refused mean?",
            "is the disk full?",
            "does anyone here play chess?",
            "¿alguien viene a comer?",
            "what is the root cause at the switch?",
            "¿cuál es la causa raíz?",
            "how bad is it?",
            "what's the impact?",
            "¿es grave?",
            "where is bruno?",
            "has the provider answered?",
            "which port for gmail?",
            "which port should our app use with ses?",
            "did mx2 break too?",
            "is mx1 down as well?",
            "¿también se ha caído mx2?",
            "¿es culpa nuestra?",
            "¿por qué?",
            "¿quién lo silenció?",
        )
    ),
}
