"""What is said of Portero to who asks what it does, may do and passes on, by `trust_examples` and others. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.questions.topic_words import Topic

TOPICS: Mapping[str, Topic] = {
    "check this": Topic(
        (),
        "Check what? Write its name, such as `mail.example.com`, paste the error or the config, or attach the file. Of "
        "a message that stands elsewhere use its menu: *Check the hosts in this message*, *Explain this error*.",
        ("check", "port", "config"),
        alone=(
            "(?:check|look at|test|see|review|verify|explain|read|analy[sz]e|what about) (?:this|that|it)"
            "(?: out| one| for me)?|(?:(?:me )?(?:puedes|podrias) )?"
            "(?:mira|revisa|comprueba|comproba|checa|prueba|proba|explica|analiza)r?(?:me|lo)? (?:esto|eso|este|ese)|"
            "echa(?:le)? un (?:vistazo|ojo)(?: a (?:esto|eso))?"
        ),
    ),
    "harm": Topic(
        (),
        "A check changes nothing there: it connects as any mail server does, says EHLO, looks at TLS and leaves. It "
        "never logs in or sends mail. The server's log shows our address and name, and how often a host may be checked "
        "is limited.",
        ("check", "settings"),
    ),
    "outside": Topic(
        (),
        "To no other service: what you write goes from Slack to the machine where Portero runs. Names in it may be "
        "looked up in DNS, and hosts that you name are connected to. Alerts leave Slack only where a watch has a mail "
        "address, a webhook or another such route.",
        ("settings",),
    ),
    "account": Topic(
        (),
        "No account, no installation: write to me here, or type `/smtpcheck mail.example.com`. Guests, and people of "
        "other organisations, only where whoever runs Portero allows it.",
        ("check", "help"),
    ),
    "who sets": Topic(
        (),
        "Whoever runs Portero, on its machine: `portero settings` there shows each by its name, and nothing of that is "
        "set from Slack. A watch is changed here, by everybody in its channel.",
        ("settings", "list"),
    ),
    "safe": Topic(
        (),
        "I never log in, send no mail and change nothing at a server. Your messages are not kept, what looks like a "
        "password is covered, and nothing of it goes to another service. How, says `SECURITY.md` beside the program.",
        ("settings",),
    ),
    "mistakes": Topic(
        (),
        "Nothing breaks: what I do not understand I say, and a slip is asked back. What deletes or silences something "
        "is done only when it is clear, and *Undo* or `resume` takes it back.",
        ("help", "check"),
    ),
    "any host": Topic(
        (),
        "Any host with a public address, ours or not, on these ports: {ports}; but none that whoever runs Portero has "
        "barred. A check greets it as a mail server does, and how often one host may be checked is limited.",
        ("check", "settings"),
    ),
    "you or a command": Topic(
        (),
        "The answers are the same. A command such as `/smtpcheck mail.example.com` works in every channel, for your "
        "eyes; here you write in your own words, for your eyes, too; a mention is answered for all in the channel.",
        ("help",),
    ),
    "mentions": Topic(
        (),
        "The card of each watch says whom it mentions: `show mail.example.com`. `/smtpwatch edit mail.example.com "
        "notify @group` sets that.",
        ("list",),
    ),
    "unclear answer": Topic(
        (),
        "Ask on below it: `why?`, `details`, or what a word means, such as `what is starttls?`. Of an alert: `what "
        "should I check?`.",
        ("help",),
    ),
    "a log": Topic(
        (),
        "Paste the line that failed, or attach the log as a file: I say which failures stand there, what they mean and "
        "what to do. What looks like a password is covered, and the log is not kept.",
        ("check",),
    ),
}
