"""What people ask in words of their own; and what looks like it, by examples, and is for other readers. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.examples import activity_examples, admin_examples, newcomer_examples, trust_examples
from bot.slack.conversation.examples.likely_topic import Likely

OTHERS: Mapping[str, Likely] = {
    "ports": Likely(
        (
            "which port for ses from hetzner?",
            "which port should our app use?",
            "how do I send mail with django?",
            "does gmail support 465?",
            "is it safe to leave port 25 open?",
            "how do I test port 587 from a shell?",
            "how do I check whether port 25 is open on my machine?",
            "our provider blocks port 25",
            "what are the settings of outlook?",
            "how do I set up postfix as a relay?",
            "the printer cannot send",
            "how many mails can I send a day with gmail?",
            "¿qué puerto pongo para office 365?",
            "¿cómo configuro outlook?",
            "no me deja enviar correo",
            "¿cómo envío correo desde php?",
        )
    ),
    "errors": Likely(
        (
            "535 5.7.8 authentication failed",
            "wrong password, why?",
            "login fails with the right password",
            "connection timed out on 25",
            "the certificate is not trusted by the client",
            "sending to one address works and to another it fails",
            "an email with an attachment is not sent",
            "my password is rejected by gmail",
            "mail lands in spam, why?",
            "connection refused",
            "what does 550 mean?",
            "da error de autenticación",
            "la contraseña es correcta y no entra",
            "se agota el tiempo al conectar",
        )
    ),
    "orders": Likely(
        (
            "delete the watch on mail.example.com",
            "delete mail.example.com",
            "mute mail.example.com for two hours",
            "watch mail.example.com every ten minutes",
            "stop watching mail.example.com",
            "change the interval of mail.example.com to 5m",
            "check mail.example.com",
            "send a digest every day at 9",
            "mute everything until tomorrow",
            "export my pmta config",
            "add bruno as an admin",
            "delete all watches",
            "borra la vigilancia de mail.example.com",
            "silencia mail.example.com una hora",
            "vigila mail.example.com",
            "cambia el intervalo de mail.example.com",
        )
    ),
    "hosts": Likely(
        (
            "is mail.example.com up?",
            "what's wrong with mail.example.com?",
            "why is mail.example.com down?",
            "what changed at mail.example.com?",
            "who checked mail.example.com?",
            "is the certificate of mail.example.com ok?",
            "when does the certificate of mail.example.com expire?",
            "history of mail.example.com",
            "compare mail.example.com with yesterday",
            "what is down?",
            "is everything ok?",
            "has the provider answered?",
            "how many watches do we have?",
            "how many hosts are watched?",
            "¿cuántas vigilancias tenemos?",
            "has the customer replied?",
            "¿funciona mail.example.com?",
            "¿qué le pasa a mail.example.com?",
            "historial de mail.example.com",
            "¿qué está caído?",
        )
    ),
    "told": Likely(
        (
            "we told the customers yesterday",
            "the disk of the mail server was full",
            "the archive is being moved",
            "I replaced the disk",
            "the server is back after the reboot",
            "bruno is looking at the archive",
            "ya hemos avisado a los clientes",
            "el disco estaba lleno",
            "he reiniciado el servidor",
            "el proveedor lo está mirando",
        )
    ),
    "words": Likely(
        (
            "what is starttls?",
            "what does ehlo mean?",
            "what is a watch?",
            "what's the difference between 465 and 587?",
            "what is mta-sts?",
            "what is the purpose of port 587?",
            "how does starttls work?",
            "what is dane for?",
            "¿qué es starttls?",
            "¿qué significa ehlo?",
            "¿para qué sirve el puerto 587?",
            "¿cómo funciona dane?",
        )
    ),
}

TOPICS: Mapping[str, Likely] = {
    **newcomer_examples.TOPICS,
    **trust_examples.TOPICS,
    **admin_examples.TOPICS,
    **activity_examples.TOPICS,
    **OTHERS,
}
NOTHING = frozenset(OTHERS)
