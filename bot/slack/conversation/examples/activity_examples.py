"""What administrators ask of who did what, by examples as in `admin_examples`. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.examples.likely_topic import Likely

TOPICS: Mapping[str, Likely] = {
    "log": Likely(
        (
            "did anyone fiddle with anything since friday?",
            "has anybody messed with the watches?",
            "who changed what today?",
            "who changed something this week?",
            "who touched the watches?",
            "who messed with the watches yesterday?",
            "what did others change today?",
            "what did people change yesterday?",
            "show who changed what",
            "any changes made by somebody today?",
            "who edited the watches last?",
            "audit trail of today",
            "did anyone change anything since this morning?",
            "has anything been changed by anybody?",
            "¿quién ha cambiado qué hoy?",
            "¿quién tocó las vigilancias?",
            "¿quién ha tocado algo esta semana?",
            "¿qué cambios hizo la gente ayer?",
        ),
        means="portero log {time}",
    ),
    "log of mutes": Likely(
        (
            "who muted what?",
            "did anyone mute something since this morning?",
            "did somebody silence a watch today?",
            "who silenced the alerts?",
            "which mutes were set this week and by whom?",
            "has anybody snoozed anything today?",
            "who unmuted the watches?",
            "¿quién ha silenciado algo?",
            "¿alguien silenció una vigilancia hoy?",
            "¿quién quitó los avisos ayer?",
        ),
        means="portero log mutes {time}",
    ),
    "log of host": Likely(
        (
            "who changed the interval of mail.example.com last?",
            "who changed the watch on mail.example.com?",
            "who edited mail.example.com?",
            "who set the ports of mail.example.com?",
            "who removed the watch of mail.example.com?",
            "¿quién cambió el intervalo de mail.example.com?",
            "¿quién tocó la vigilancia de mail.example.com?",
            "¿quién borró la vigilancia de mail.example.com?",
        ),
        means="portero log {host} {time}",
    ),
    "log of deletions": Likely(
        (
            "who deleted a watch yesterday?",
            "did anyone delete a watch?",
            "was a watch deleted this week?",
            "which watches were removed and by whom?",
            "has somebody removed a watch today?",
            "¿quién borró una vigilancia ayer?",
            "¿se ha borrado alguna vigilancia?",
            "¿alguien ha eliminado vigilancias esta semana?",
        ),
        means="portero log deletions {time}",
    ),
    "asked": Likely(
        (
            "what did people check today?",
            "which hosts were checked yesterday?",
            "what has been asked of you this week?",
            "what did the others look at today?",
            "which checks were run this morning?",
            "who used the bot this week?",
            "¿qué ha comprobado la gente hoy?",
            "¿qué hosts se miraron ayer?",
            "¿qué se ha comprobado esta semana?",
            "¿quién ha usado el bot esta semana?",
        ),
        means="smtphistory {time}",
        otherwise="smtphistory since 7d",
    ),
    "log of pauses": Likely(
        (
            "who paused a watch last week?",
            "who paused something?",
            "did anybody pause or resume a watch?",
            "which watches were paused this month and by whom?",
            "who resumed the watch?",
            "¿quién pausó una vigilancia?",
            "¿quién ha puesto en pausa una vigilancia?",
            "¿quién pausó las vigilancias?",
            "¿alguien ha pausado algo hoy?",
            "¿quién reanudó la vigilancia?",
        ),
        means="portero log watches {time}",
    ),
}
