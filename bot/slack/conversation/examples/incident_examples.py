"""More that is asked below an alert, of what is around its incident, by examples as in `alert_examples`. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.examples.likely_topic import Likely

REACH = "reach"
"""The topic that is two questions: whose side it is, and how it looks from elsewhere."""

TOPICS: Mapping[str, Likely] = {
    "changed": Likely(
        (
            "what changed?",
            "what changed before it broke?",
            "did anything change right before?",
            "what was different before the outage?",
            "was anything changed at the host?",
            "any changes shortly before it went down?",
            "what did you see change before that?",
            "has something changed there lately?",
            "¿qué ha cambiado?",
            "¿qué cambió antes de la caída?",
            "¿cambió algo antes de que se cayera?",
            "¿hubo algún cambio justo antes?",
        ),
        means="what changed",
    ),
    "else": Likely(
        (
            "what else is down?",
            "are other hosts affected?",
            "does it affect others?",
            "is it just this host or others too?",
            "is anything else broken?",
            "is anybody else hit?",
            "are more servers down?",
            "did others go down with it?",
            "is this the only host that is down?",
            "¿qué más está caído?",
            "¿afecta a más servidores?",
            "¿hay otros servidores caídos?",
            "¿es solo este servidor?",
            "¿se ha caído algo más?",
        ),
        means="what else is down",
    ),
    REACH: Likely(
        (
            "is it only us or everybody?",
            "is it down for everybody or only for us?",
            "is it everybody or just us?",
            "does everybody see this or only we?",
            "is it down for others as well or just from here?",
            "is it down worldwide?",
            "can others reach it?",
            "do other networks get through?",
            "¿es solo a nosotros o a todos?",
            "¿nos pasa solo a nosotros?",
            "¿le pasa a todo el mundo?",
            "¿lo ven caído los demás?",
            "¿está caído para todos o solo desde aquí?",
        )
    ),
    "meanwhile": Likely(
        (
            "which port can clients use meanwhile?",
            "what port can people use in the meantime?",
            "is there another port that works for now?",
            "can clients use another port until then?",
            "what can users fall back to?",
            "which port should they switch to?",
            "is there a workaround for clients?",
            "¿qué puerto pueden usar mientras tanto?",
            "¿hay otro puerto que funcione por ahora?",
            "¿pueden los clientes usar otro puerto?",
            "¿por qué puerto pueden enviar mientras?",
            "¿hay alternativa para los usuarios?",
        )
    ),
    "lost": Likely(
        (
            "is mail being lost?",
            "are we losing mail?",
            "do mails bounce meanwhile?",
            "what happens to incoming mail now?",
            "will senders try again?",
            "does mail queue up at the senders?",
            "do messages get lost while it is down?",
            "will we get the mail later?",
            "¿se pierden los correos mientras tanto?",
            "¿estamos perdiendo correo?",
            "¿qué pasa con el correo que llega?",
            "¿llegarán los correos después?",
            "¿rebotan los mensajes?",
        )
    ),
    "reminders": Likely(
        (
            "will anybody be reminded if nobody acks?",
            "what happens if nobody acknowledges it?",
            "will you remind us of this?",
            "does this escalate?",
            "when does it escalate and to whom?",
            "who is mentioned next?",
            "do you alert again when nobody reacts?",
            "¿qué pasa si nadie lo reconoce?",
            "¿vas a volver a avisar?",
            "¿nos lo recordarás si nadie hace nada?",
            "¿a quién se escala?",
            "¿cuándo avisas al siguiente?",
        )
    ),
    "runbook": Likely(
        (
            "do we have a runbook for this?",
            "is there a runbook?",
            "where is the runbook?",
            "are there instructions for this host?",
            "any documentation on how to fix it?",
            "link to the playbook?",
            "what does the runbook say?",
            "¿hay un runbook?",
            "¿tenemos un procedimiento para esto?",
            "¿dónde está el runbook?",
            "¿hay instrucciones para este servidor?",
        )
    ),
    "next look": Likely(
        (
            "when do you look again?",
            "when is the next check?",
            "how often do you check it?",
            "how often is it looked at?",
            "when was it looked at last?",
            "what is the interval of this watch?",
            "¿cada cuánto lo miras?",
            "¿cuándo es la próxima comprobación?",
            "¿cuándo lo vuelves a mirar?",
            "¿cuándo es la próxima?",
            "¿cuándo lo miraste por última vez?",
        )
    ),
}
