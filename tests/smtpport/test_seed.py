# ruff: noqa: E501 - one statement, one line
"""Every statement on ports in the article that the project grew from has an answer that carries it.

The article is SparkPost's guide to SMTP ports in its Spanish translation. Each row: the statement in our own words,
the question that leads to it, and what the answer must say. Where later facts disagree, the answer says both.
"""

from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.reader import read
from commands.smtpport.text import full
from tests.every import every

STATEMENTS = [
    # what SMTP and its ports are
    ("people ask which of 25, 465, 587, 2525 to use", "¿qué puerto SMTP debo usar?", ["Use 587", "Then 465", "Then 2525", "Avoid 25"]),
    ("the web has port 80", "port 80", ["The port of the web"]),
    ("mail is read with IMAP or POP3, not SMTP", "leer correo con imap", ["IMAP or POP3, not SMTP"]),
    ("a hosted relay's support page gives host and port", "smtp.example.com", ["support page", "host, the ports"]),
    ("PowerMTA's port is set by smtp-listener", "pmta listener", ["smtp-listener 0/0:25", "smtp-listener 0/0:587"]),
    ("PowerMTA's configuration lies in /etc/pmta/config", "pmta listener", ["/etc/pmta/config", "C:\\pmta\\config.dat"]),
    ("a server of one's own may use any port", "which port should my own server listen on", ["any free port"]),
    # 25
    ("25 is the original port, from RFC 821, and still registered", "25", ["original port", "RFC 821", "registered default"]),
    ("25 is for relay from server to server", "servidor a servidor", ["Use 25", "always 25"]),
    ("clients should not use 25", "why not 25", ["Apps and mail clients should not"]),
    ("ISPs and clouds block 25", "¿por qué está bloqueado el puerto 25?", ["Many ISPs and clouds block it"]),
    ("25 is blocked to stop spam from infected machines", "why is port 25 blocked?", ["stop spam from infected machines"]),
    ("unless you run a mail server you do not need 25", "why not 25", ["unless you run a mail server"]),
    ("telnet shows whether 25 is blocked", "¿cómo compruebo si el puerto 25 está bloqueado?", ["telnet gmail-smtp-in.l.google.com 25"]),
    ("a 220 greeting means open, a refusal means blocked", "test port 25", ["220 greeting means open", "refusal"]),
    ("out-of-band bounces come to the return path's MX on 25", "recibir rebotes fuera de banda", ["return-path domain, on 25"]),
    ("feedback loops come on 25", "receive FBL", ["Feedback-loop reports", "25"]),
    ("smtp-listener on 25 receives them", "recibir rebotes en pmta", ["smtp-listener 0/0:25"]),
    # 465
    ("465 was first registered as smtps and then reassigned", "465", ["registration of the 1990s", "another service"]),
    ("465 is called obsolete", "is 465 obsolete?", ["deprecated", "fair reading until 2018"]),
    ("465 is registered for submission since 2018", "465", ["RFC 8314 (2018)", "submissions"]),
    ("legacy pages still advise 465; it is fine where offered", "465", ["offers it, it is fine"]),
    ("SparkPost does not accept 465", "sparkpost 465", ["SparkPost does not accept connections on it"]),
    # 587
    ("587 is for secure submission", "587", ["hand mail to their provider", "RFC 6409"]),
    ("mail clients use 587", "outlook or apple mail", ["Use 587"]),
    ("SparkPost's customers use 587", "sparkpost", ["Use 587 with STARTTLS for SparkPost"]),
    ("587 belongs with TLS", "587", ["require STARTTLS"]),
    # 2525
    ("2525 is not official", "2525", ["No standard gives it to SMTP"]),
    ("many providers answer on 2525", "2525", ["SparkPost and many other providers"]),
    ("2525 is the fallback when 587 is blocked", "sparkpost 587 bloqueado", ["Use 2525 with STARTTLS for SparkPost"]),
    ("Google Compute Engine is the example for 2525", "2525 on google compute engine", ["Google Compute Engine", "send Google Cloud users to 2525"]),
    ("2525 mostly has TLS too", "2525", ["most speak STARTTLS there too"]),
    # the server's configuration
    ("never be an open relay", "pmta listener", ["Never relay for everybody", "require-auth yes"]),
    ("ask for STARTTLS before a login", "pmta listener", ["require-starttls-before-auth yes"]),
    ("outgoing TLS can be used and enforced", "powermta to sparkpost", ["use-starttls yes", "require-starttls yes"]),
]  # fmt: skip


@every(STATEMENTS)
def test_a_statement_of_the_article_is_carried_by_an_answer(statement, question, said):
    answer = full(document(advise(read(question))))
    assert [text for text in said if text not in answer] == []


def test_465_is_told_fairly_and_sparkpost_is_not_called_wrong():
    answer = full(document(advise(read("465"))))
    assert "for SparkPost the answer is 587" in answer
    assert "wrong" not in answer.replace("wrong version number", "")
