"""The schema of the SQLite history: numbered steps, append-only.

A step that landed is never edited: somebody's file has it already. A change is a new step at the end, with a file that
it wrote as a fixture (`python -m tests.storage.old_file`), which fails when the step is edited later. All pending steps
run in one transaction while foreign keys are off, so a step that fails leaves the file as it was. A step that changes a
document, or anything else in a row of `entries`, takes its checksum off: `json_remove(document, '$.crc32')`.
"""

import re
from functools import cache

from sqlite_utils import Database, Migrations

from storage.sqlite.tables import old_words, outcome_changes

schema = Migrations("portero")


@schema(name="0001_entries")
def _entries(db: Database) -> None:
    """One row per result. `document` is last: SQLite reads what lies on overflow pages only when it is asked for."""
    columns = dict.fromkeys(
        ("id", "kind", "target", "vantage", "verdict", "summary", "started_at", "actor", "team", "channel", "surface"),
        str,
    )
    entries = db.table("entries")
    entries.create(
        {"seq": int, **columns, "elapsed_ms": float, "document": str},
        pk="seq",
        not_null={*columns, "elapsed_ms", "document"},
    )
    entries.create_index(["id"], unique=True)
    # The filters of `History.recent`, each ending in its order, so that a page is 20 steps. Targets seldom have results
    # of several kinds: there the kind is looked at inside the index.
    entries.create_index(["started_at", "id"], "entries_newest")
    entries.create_index(["kind", "started_at", "id"], "entries_kind_newest")
    entries.create_index(["target", "started_at", "id", "kind"], "entries_target_newest")


@schema(name="0002_readings")
def _readings(db: Database) -> None:
    """One row per endpoint, and per host, day (UTC) and port how many there were, so that 90 days are a few pages.

    `started_at` is the entry's: with it the part of a day that the roll-up cannot split is read from an index.
    """
    # Written out, since sqlite-utils knows no WITHOUT ROWID: it keeps the endpoints of a check, and the days of a host,
    # side by side, and spares a commit the pages of a second tree.
    db.execute(
        "CREATE TABLE readings (entry INTEGER NOT NULL REFERENCES entries(seq) ON DELETE CASCADE,"
        " position INTEGER NOT NULL, started_at TEXT NOT NULL, host TEXT NOT NULL, address TEXT NOT NULL,"
        " port INTEGER NOT NULL, state TEXT NOT NULL, ok INTEGER NOT NULL, tls TEXT NOT NULL, latency_ms REAL,"
        " PRIMARY KEY (entry, position)) WITHOUT ROWID"
    )
    db.table("readings").create_index(["host", "started_at", "port", "ok"], "readings_host_availability")
    db.execute(
        "CREATE TABLE days (host TEXT NOT NULL, day TEXT NOT NULL, port INTEGER NOT NULL, checks INTEGER NOT NULL,"
        " ok INTEGER NOT NULL, PRIMARY KEY (host, day, port)) WITHOUT ROWID"
    )


@schema(name="0003_claims")
def _claims(db: Database) -> None:
    """Keys that were handled already (deliveries, signatures), each until it expires."""
    claims = db.table("claims")
    claims.create({"key": str, "expires_at": str}, pk="key", not_null={"expires_at"})
    claims.create_index(["expires_at"])


@schema(name="0004_watches")
def _watches(db: Database) -> None:
    """What is checked on a schedule, who may run it until when, and what is known of the way out of a vantage."""
    names = dict.fromkeys(("id", "team", "channel", "owner", "kind", "target"), str)
    lease = dict.fromkeys(("lease", "lease_owner", "lease_until"), str)
    watches = db.table("watches")
    watches.create(
        {**names, "due_at": str, "deleted_at": str, "slow": int, **lease, "document": str},
        pk="id",
        not_null={*names, "slow", "document"},
    )
    watches.create_index(["slow", "due_at", "id"], "watches_due")
    watches.create_index(["team", "target", "id"], "watches_team")
    # Few rows at a time: those that are running.
    db.execute("CREATE INDEX watches_leased ON watches (lease_until) WHERE lease IS NOT NULL")
    sight = {"team": str, "vantage": str, "document": str}
    db.table("watch_sights").create(sight, pk=("team", "vantage"), not_null=set(sight))
    db.table("watch_notes").create({"key": str, "document": str}, pk="key", not_null={"document"})


@schema(name="0005_outbox")
def _outbox(db: Database) -> None:
    """Events, each once, and a row for each route on which one has still to go (0), went (1) or failed (2)."""
    texts = dict.fromkeys(("id", "watch", "incident", "kind", "at", "document"), str)
    events = db.table("watch_events")
    events.create({"seq": int, **texts}, pk="seq", not_null=set(texts))
    events.create_index(["id"], unique=True)
    events.create_index(["watch", "seq"])
    events.create_index(["incident", "seq"])
    events.create_index(["at"])
    # Written out, since sqlite-utils knows no WITHOUT ROWID: the deliveries of an incident lie side by side.
    db.execute(
        "CREATE TABLE watch_deliveries (route TEXT NOT NULL, incident TEXT NOT NULL, seq INTEGER NOT NULL,"
        " state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL, lease TEXT,"
        " lease_until TEXT, error TEXT NOT NULL DEFAULT '', PRIMARY KEY (route, incident, seq)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX watch_deliveries_waiting ON watch_deliveries (seq) WHERE state = 0")
    db.execute("CREATE INDEX watch_deliveries_event ON watch_deliveries (seq, route)")
    db.execute(
        "CREATE TABLE watch_messages (incident TEXT NOT NULL, route TEXT NOT NULL, posted TEXT NOT NULL,"
        " PRIMARY KEY (incident, route)) WITHOUT ROWID"
    )


@schema(name="0006_audiences")
def _audiences(db: Database) -> None:
    """Listings by person, by channel and of failures; what was asked and found, as fingerprints.

    The new columns stand behind `document`, so lists do not read them. Failures are few and have indexes of their own:
    the last of them are found without walking over all that went well.
    """
    for column in ("scope", "outcome"):
        db.execute(f"ALTER TABLE entries ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    entries = db.table("entries")
    for column in ("actor", "channel"):
        entries.create_index([column, "started_at", "id", "kind"], f"entries_{column}_newest")
    failed = "WHERE verdict IN ('blocked_here', 'danger', 'error', 'failed')"
    db.execute(f"CREATE INDEX entries_failed_newest ON entries (started_at, id) {failed}")
    for column in ("target", "actor", "channel"):
        db.execute(f"CREATE INDEX entries_failed_{column} ON entries ({column}, started_at, id) {failed}")
    db.execute(
        "CREATE INDEX entries_outcomes ON entries"
        " (target, kind, vantage, scope, started_at, id, outcome, actor, channel) WHERE outcome <> ''"
    )


@schema(name="0007_certificates")
def _certificates(db: Database) -> None:
    """The certificate that each audience (a person in a channel) saw last at a host and port.

    By audience, since what one person saw in private must neither be told to others nor hide what they know.
    """
    db.execute("ALTER TABLE readings ADD COLUMN certificate TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE readings ADD COLUMN certificate_ends TEXT")
    db.execute(
        "CREATE TABLE certificates (host TEXT NOT NULL, port INTEGER NOT NULL, actor TEXT NOT NULL,"
        " channel TEXT NOT NULL, certificate TEXT NOT NULL, ends TEXT NOT NULL, started_at TEXT NOT NULL,"
        " id TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entries(seq) ON DELETE CASCADE,"
        " PRIMARY KEY (host, port, actor, channel)) WITHOUT ROWID"
    )
    certificates = db.table("certificates")
    certificates.create_index(["ends"])
    certificates.create_index(["entry"])


@schema(name="0008_tallies")
def _tallies(db: Database) -> None:
    """The daily roll-up by audience, so that nobody's availability counts what they may not see."""
    db.execute(
        "CREATE TABLE tallies (host TEXT NOT NULL, port INTEGER NOT NULL, day TEXT NOT NULL, actor TEXT NOT NULL,"
        " channel TEXT NOT NULL, checks INTEGER NOT NULL, ok INTEGER NOT NULL,"
        " PRIMARY KEY (host, port, day, actor, channel)) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO tallies SELECT host, port, substr(readings.started_at, 1, 10), actor, channel, count(*), sum(ok)"
        " FROM readings JOIN entries ON seq = entry GROUP BY 1, 2, 3, 4, 5"
    )
    db.table("days").drop()


@schema(name="0009_asked")
def _asked(db: Database) -> None:
    """What people asked, without what watches ran in their name and their channels: of a million rows perhaps 10,000.

    The indexes hold all that a list filters by but the endpoints, so that rows which do not match are not looked at.
    """
    asked = "surface <> 'watch'"
    for column in ("actor", "channel"):
        columns = f"{column}, started_at, id, kind, target, verdict"
        db.execute(f"CREATE INDEX entries_asked_{column} ON entries ({columns}) WHERE {asked}")
    failed = "verdict IN ('blocked_here', 'danger', 'error', 'failed')"
    db.execute(f"CREATE INDEX entries_failed_asked ON entries (started_at, id) WHERE {failed} AND {asked}")


@schema(name="0010_rare")
def _rare(db: Database) -> None:
    """What is no check, by kind, which nearly all rows are: whoever owns a million runs of watches finds none at once.

    Checks are not in these indexes, so their writes cost no more.
    """
    for column in ("actor", "channel"):
        columns = f"{column}, kind, started_at, id"
        db.execute(f"CREATE INDEX entries_rare_{column} ON entries ({columns}) WHERE kind <> 'check'")


@schema(name="0011_words")
def _words(db: Database) -> None:
    """Words of configs and of questions go, and hashes that knew them: sentences are made anew from codes."""
    old_words.of_reports_and_questions(db)


@schema(name="0012_unknown_providers")
def _unknown_providers(db: Database) -> None:
    """The word that was taken for a provider goes from the reasons of answers."""
    old_words.of_unknown_providers(db)


@schema(name="0013_teams")
def _teams(db: Database) -> None:
    """Whose memory a row is, in the roll-up and the certificates, and at the beginning of every index of results.

    A file was the memory of one installation, whatever the rows name: people of sister workspaces and of organisations
    that a setting let in named theirs, terminals none. All that is the installation's, if a bot was ever started on it.
    """
    _adopt(db)
    for index in _INDEXES_OF_TEAMS:
        name, _, what = index.partition(" ")
        db.execute(f"DROP INDEX {name}")
        db.execute(f"CREATE INDEX {name} ON entries {what}")
    _add_team_to_certificates(db)
    _add_team_to_tallies(db)


_FAILED = "WHERE verdict IN ('blocked_here', 'danger', 'error', 'failed')"
_IN_ORDER = "started_at, id"
_INDEXES_OF_TEAMS = (
    f"entries_newest (team, {_IN_ORDER})",
    f"entries_failed_newest (team, {_IN_ORDER}) {_FAILED}",
    f"entries_failed_asked (team, {_IN_ORDER}) {_FAILED} AND surface <> 'watch'",
    f"entries_kind_newest (team, kind, {_IN_ORDER})",
    *(f"entries_{column}_newest (team, {column}, {_IN_ORDER}, kind)" for column in ("target", "actor", "channel")),
    *(f"entries_failed_{column} (team, {column}, {_IN_ORDER}) {_FAILED}" for column in ("target", "actor", "channel")),
    *(
        f"entries_asked_{column} (team, {column}, {_IN_ORDER}, kind, target, verdict) WHERE surface <> 'watch'"
        for column in ("actor", "channel")
    ),
    *(
        f"entries_rare_{column} (team, {column}, kind, {_IN_ORDER}) WHERE kind <> 'check'"
        for column in ("actor", "channel")
    ),
    f"entries_outcomes (team, target, kind, vantage, scope, {_IN_ORDER}, outcome, actor, channel) WHERE outcome <> ''",
)


def _adopt(db: Database) -> None:
    """Where two rows become one (two digests of a channel), the team's own stays."""
    noted = (
        "SELECT json_extract(document, '$.team') FROM watch_notes WHERE key = 'installation' AND json_valid(document)"
    )
    home = next((row[0] for row in db.execute(noted)), None)
    if not home:
        return
    for statement in _ADOPT:
        db.execute(statement, {"home": home})


_ADOPT = (
    """
    UPDATE entries SET team = :home, document = json_remove(document, '$.crc32')
    WHERE team <> :home AND json_valid(document)
    """,
    "UPDATE watches SET team = :home WHERE team <> :home",
    "UPDATE OR IGNORE watch_sights SET team = :home",
    "DELETE FROM watch_sights WHERE team <> :home",
    """
    UPDATE OR IGNORE watch_notes SET key = 'digest:' || :home || substr(key, 7 + instr(substr(key, 8), ':'))
    WHERE key GLOB 'digest:*:*'
    """,
    "DELETE FROM watch_notes WHERE key GLOB 'digest:*:*' AND substr(key, 8, length(:home) + 1) <> :home || ':'",
)


def _add_team_to_certificates(db: Database) -> None:
    db.execute("ALTER TABLE certificates RENAME TO old_certificates")
    db.execute(
        "CREATE TABLE certificates (host TEXT NOT NULL, port INTEGER NOT NULL, team TEXT NOT NULL, actor TEXT NOT NULL,"
        " channel TEXT NOT NULL, certificate TEXT NOT NULL, ends TEXT NOT NULL, started_at TEXT NOT NULL,"
        " id TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entries(seq) ON DELETE CASCADE,"
        " PRIMARY KEY (host, port, team, actor, channel)) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO certificates SELECT host, port, team, old.actor, old.channel, certificate, ends, old.started_at,"
        " old.id, entry FROM old_certificates AS old JOIN entries ON seq = entry"
    )
    db.table("old_certificates").drop()
    certificates = db.table("certificates")
    certificates.create_index(["ends"])
    certificates.create_index(["entry"])


def _add_team_to_tallies(db: Database) -> None:
    """Counted anew, unless all that there is belongs to one team."""
    db.execute("ALTER TABLE tallies RENAME TO old_tallies")
    db.execute(
        "CREATE TABLE tallies (host TEXT NOT NULL, port INTEGER NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL,"
        " actor TEXT NOT NULL, channel TEXT NOT NULL, checks INTEGER NOT NULL, ok INTEGER NOT NULL,"
        " PRIMARY KEY (host, port, team, day, actor, channel)) WITHOUT ROWID"
    )
    least, most = db.execute("SELECT min(team), max(team) FROM entries").fetchone()
    if least == most:
        db.execute(
            "INSERT INTO tallies SELECT host, port, ?, day, actor, channel, checks, ok FROM old_tallies", [least or ""]
        )
    else:
        db.execute(
            "INSERT INTO tallies SELECT host, port, team, substr(readings.started_at, 1, 10), actor, channel, count(*),"
            " sum(ok) FROM readings JOIN entries ON seq = entry WHERE ok >= 0 GROUP BY 1, 2, 3, 4, 5, 6"
        )
    db.table("old_tallies").drop()


@schema(name="0014_changes")
def _changes(db: Database) -> None:
    """Where a result differs from the one before it, so that a log of changes steps over equal ones."""
    columns = dict.fromkeys(("team", "target", "kind", "vantage", "scope", "started_at", "id"), "TEXT NOT NULL")
    named = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
    db.execute(
        f"CREATE TABLE outcome_changes ({named}, entry INTEGER NOT NULL REFERENCES entries(seq) ON DELETE CASCADE,"
        f" PRIMARY KEY ({', '.join(columns)})) WITHOUT ROWID"
    )
    db.table("outcome_changes").create_index(["entry"])
    db.execute(outcome_changes.NOTE_ALL)


@schema(name="0015_tags")
def _tags(db: Database) -> None:
    """How a team sorts what it watches: by target, so that every watch on it and its results have the same."""
    db.execute(
        "CREATE TABLE tags (team TEXT NOT NULL, target TEXT NOT NULL, tag TEXT NOT NULL,"
        " PRIMARY KEY (team, target, tag)) WITHOUT ROWID"
    )


@schema(name="0016_spans")
def _spans(db: Database) -> None:
    """How each place of a watch was, and from when to when: a row where something changed, and not for each run."""
    # Written out, since sqlite-utils knows no WITHOUT ROWID: the spans of a watch lie side by side.
    db.execute(
        "CREATE TABLE watch_spans (watch TEXT NOT NULL, place TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,"
        " what TEXT NOT NULL, PRIMARY KEY (watch, place, since)) WITHOUT ROWID"
    )


@schema(name="0017_alerted")
def _alerted(db: Database) -> None:
    """Whether a watch saw a result in an incident: to whoever was alerted that is a failure, whatever the verdict.

    Behind `outcome`, so lists do not read it; the indexes of failures have those results, too.
    """
    db.execute("ALTER TABLE entries ADD COLUMN alerted INTEGER NOT NULL DEFAULT 0")
    for index in _INDEXES_OF_TEAMS:
        name, _, what = index.partition(" ")
        if _FAILED in what:
            db.execute(f"DROP INDEX {name}")
            db.execute(f"CREATE INDEX {name} ON entries {what.replace(_FAILED, _FAILED_OR_ALERTED)}")


_FAILED_OR_ALERTED = f"WHERE ({_FAILED.removeprefix('WHERE ')} OR alerted = 1)"


@schema(name="0018_askers")
def _askers(db: Database) -> None:
    """Who asked for a result that several asked for at the same moment; their row of `entries` has no actor.

    `started_at` and `id` are the entry's, so that the results of a person or a channel are walked along in their order.
    In the roll-up such a result stands by itself (`entry`; 0: counted together by audience), since who may see it is no
    one audience.
    """
    # Written out, since sqlite-utils knows no WITHOUT ROWID: those who asked for a result lie side by side.
    db.execute(
        "CREATE TABLE entry_askers (entry INTEGER NOT NULL REFERENCES entries(seq) ON DELETE CASCADE,"
        " position INTEGER NOT NULL, started_at TEXT NOT NULL, id TEXT NOT NULL, team TEXT NOT NULL,"
        " actor TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID"
    )
    for column in ("actor", "channel"):
        db.table("entry_askers").create_index(["team", column, "started_at", "id"], f"entry_askers_{column}")
    db.execute("ALTER TABLE tallies RENAME TO old_tallies")
    db.execute(
        "CREATE TABLE tallies (host TEXT NOT NULL, port INTEGER NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL,"
        " actor TEXT NOT NULL, channel TEXT NOT NULL, entry INTEGER NOT NULL DEFAULT 0, checks INTEGER NOT NULL,"
        " ok INTEGER NOT NULL, PRIMARY KEY (host, port, team, day, actor, channel, entry)) WITHOUT ROWID"
    )
    db.execute("INSERT INTO tallies SELECT host, port, team, day, actor, channel, 0, checks, ok FROM old_tallies")
    db.table("old_tallies").drop()


@schema(name="0019_places")
def _places(db: Database) -> None:
    """The machine that a watch is run from, and from when on who does not see it runs it all the same."""
    db.execute("ALTER TABLE watches ADD COLUMN place TEXT NOT NULL DEFAULT 'local'")
    db.execute("ALTER TABLE watches ADD COLUMN unseen_at TEXT")
    db.execute("CREATE INDEX watches_elsewhere ON watches (place, unseen_at) WHERE unseen_at IS NOT NULL")
    vantage = "json_extract(document, '$.vantage')"
    machine = f"substr({vantage}, 1, instr({vantage} || '/', '/') - 1)"
    db.execute(
        f"UPDATE watches SET place = {machine}, unseen_at = due_at"  # noqa: S608 - constants
        f" WHERE json_valid(document) AND {vantage} NOT IN ('local', 'any')"
    )


@schema(name="0020_shares")
def _shares(db: Database) -> None:
    """Where a result was shared, so that it stands in a conversation once and whoever shared it can take it back.

    It names the entry by its id and outlives it: deleting a result takes no post away.
    """
    # Written out, since sqlite-utils knows no WITHOUT ROWID.
    db.execute(
        "CREATE TABLE shares (team TEXT NOT NULL, entry TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT NOT NULL,"
        " actor TEXT NOT NULL, at TEXT NOT NULL, posted INTEGER NOT NULL, ts TEXT NOT NULL,"
        " PRIMARY KEY (team, entry, channel, thread)) WITHOUT ROWID"
    )
    db.table("shares").create_index(["team", "actor"])
    db.table("shares").create_index(["at"])


@schema(name="0021_audit")
def _audit(db: Database) -> None:
    """Who changed what. Of machines that check it was noted before: that is taken over."""
    texts = dict.fromkeys(("team", "at", "actor", "action", "target", "channel", "document"), str)
    audit = db.table("audit")
    audit.create({"seq": int, **texts}, pk="seq", not_null=set(texts))
    audit.create_index(["team", "at"], "audit_newest")
    db.execute(_VANTAGE_EVENTS)


_VANTAGE_EVENTS = """
INSERT INTO audit (team, at, actor, action, target, channel, document)
SELECT substr(place, 1, instr(place, ':') - 1),
    strftime('%Y-%m-%dT%H:%M:%S', json_extract(event, '$[0]')) || '.000000+00:00', json_extract(event, '$[1]'),
    'vantage_' || substr(json_extract(event, '$[2]'), 1, instr(json_extract(event, '$[2]') || ' ', ' ') - 1),
    substr(place, instr(place, ':') + 1), '', '{}'
FROM (
    SELECT substr(watch_notes.key, 9) AS place, each.value AS event FROM watch_notes,
        json_each(iif(json_valid(document), document, '{}'), '$.events') AS each
    WHERE watch_notes.key GLOB 'vantage:*:*' AND json_valid(each.value))
WHERE json_array_length(event) = 3 AND strftime('%Y', json_extract(event, '$[0]')) IS NOT NULL
ORDER BY json_extract(event, '$[0]')
"""


def known_steps() -> frozenset[str]:
    """The names of all steps of this version: what an empty database still lacks."""
    empty = Database(memory=True, execute_plugins=False)
    try:
        return frozenset(step.name for step in schema.pending(empty))
    finally:
        empty.close()


@cache
def known_names() -> frozenset[str]:
    """Every word of the schema: its tables, columns and indexes, and the keywords between them."""
    empty = Database(memory=True, execute_plugins=False)
    try:
        schema.apply(empty)
        written = empty.execute("SELECT group_concat(name || ' ' || coalesce(sql, ''), ' ') FROM sqlite_schema")
        return frozenset(re.findall(r"\w+", written.fetchone()[0]))
    finally:
        empty.close()
