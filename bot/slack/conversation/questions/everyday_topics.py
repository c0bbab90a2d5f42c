"""What is said of Portero to everyday sentences (`everyday_sentences`), by the words that stand there. Data only."""

from collections.abc import Mapping

from bot.slack.conversation.questions.topic_words import Topic

_HOST = r"(?: [\w.:-]+)?"
TOPICS: Mapping[str, Topic] = {
    "purpose": Topic(
        (),
        "I check the mail ports of hosts, say which port to use and why, explain errors, validate PowerMTA configs, "
        "watch hosts and alert when something changes. Write a host, such as `mail.example.com`, a pasted error, or "
        "`which port for gmail`.",
        ("check", "port", "help"),
        alone="your purpose",
    ),
    "never mind": Topic((), "No harm done: nothing was checked or changed.", alone="never mind"),
    "person": Topic(
        (),
        "A program, and at work at any hour: what you write is read by fixed rules, and what I say of a host is what "
        "was seen there.",
        ("help",),
        alone="are you a person",
    ),
    "passwords": Topic(
        (),
        "No: I need none, for I never log in. What looks like a password or a key is covered before anything is shown, "
        "kept or logged. Your message stays in Slack all the same: post none here.",
        ("settings",),
        alone="do you store passwords",
    ),
    "login test": Topic(
        (),
        "I never log in, so I can't test whether a user and a password are right: send me none. I say whether {host} "
        "offers a login, on which ports, and how.",
        ("check",),
        of_hosts=True,
        alone=rf"test my login{_HOST}",
    ),
    "posted login": Topic(
        (),
        "I never log in, so I can't test it. A password was just posted: delete your message, and change the password. "
        "I say whether {host} offers a login, on which ports, and how.",
        ("check",),
        of_hosts=True,
        alone=rf"test my posted login{_HOST}",
    ),
    "delivery": Topic(
        (),
        "Where a mail of yours ends I can't see: I send none, and read no mailbox. I say whether a server takes mail, "
        "and what a bounce means that you paste.",
        ("check",),
        alone="does my mail arrive",
    ),
    "interval": Topic(
        (),
        "A watch looks as often as you say, but at most every {shortest}: `watch mail.example.com every {shortest}`. "
        "Unless you say it, every 15 minutes.",
        ("watch", "settings"),
        alone="shortest interval",
    ),
    "slow": Topic(
        (),
        "A check takes a second or two where all answers. For a port that drops what is sent it waits 8 s, so a slow "
        "answer is often the host's; a deep check takes longer. The status says whether something waits here.",
        ("status",),
        alone="why is it slow",
    ),
    "runs it": Topic(
        (),
        "Whoever installed Portero runs it, on a machine of yours. Admins here are the admins and owners of the "
        "workspace, and whom `PORTERO_ADMINS` names: ask them when I do not answer, with the request id of an answer.",
        ("status", "settings"),
        alone="who runs you",
    ),
    "database and backup": Topic(
        (),
        "One SQLite file on the machine where Portero runs: `~/.local/share/portero/portero.db` unless "
        "`PORTERO_DATABASE` says otherwise. There `portero history backup FILE` copies it while the bot goes on.",
        ("status",),
        alone="where is the database and how do i back it up",
    ),
    "terminal": Topic(
        (),
        "Where Portero runs, each command is there, too: `portero check mail.example.com`, `portero port gmail`, "
        "`portero watch list`, each with `--help` and `--json`.",
        ("help",),
        alone="can i use the terminal",
    ),
    "phone": Topic(
        (),
        "Yes, wherever Slack runs: write to me, or type `/smtpcheck`. What to put into the phone's own mail settings "
        "says `which port for gmail`, with your provider's name.",
        ("check", "port"),
        alone="can i use you on my phone",
    ),
    "share": Topic(
        (),
        "*Share in channel* posts the answer that only you saw for everybody in the channel, once, with your name. "
        "*Take back*, where it stood, removes the post.",
        ("help",),
        alone="what does share do",
    ),
    "undo": Topic(
        (),
        "A check changes nothing. *Take back* removes what you shared, *Undo* brings back a watch for ten minutes "
        "after it was deleted, `resume mail.example.com` ends a mute, a snooze and a pause.",
        ("list",),
        alone="how do i undo",
    ),
    "delete watches": Topic(
        (),
        "Nothing is deleted: that is done to one watch at a time, and asks first, such as `delete mail.example.com`. "
        "To have quiet, mute all of them.",
        ("list", "mute"),
        alone="delete all watches",
    ),
    "night": Topic(
        (),
        "Nothing is muted. Each watch can have hours in which it alerts nobody: `/smtpwatch edit mail.example.com "
        "maintenance 22:00-06:00`. Once: `mute all until tomorrow`.",
        ("list", "mute"),
        alone="no alerts at night",
    ),
    "side": Topic(
        (),
        "*Whose side*: where a port does not work, known-good hosts of others are tried on it, too. Do those fail as "
        "well, it is likely our network or this machine; do they answer, it is likely the host, or the way to it.",
        ("network",),
        alone="what does side mean",
    ),
    "signs": Topic(
        (),
        ":white_check_mark: works · :warning: works, with faults · :x: not usable · :no_entry: our side blocks it · "
        ":grey_question: could not be judged. Of a watch: :red_circle: down, :no_bell: muted.",
        ("help",),
        alone="what do the signs mean",
    ),
    "check or watch": Topic(
        (),
        "A *check* looks at a host once, when you ask, and answers you. A *watch* looks again and again, and alerts "
        "its channel when something changes for good.",
        ("check", "watch"),
        alone="(?:the )?difference between a check and a watch",
    ),
}
