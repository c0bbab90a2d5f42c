"""Takes out of old rows what quoted a config or a question: sentences, kept texts, and hashes that knew their words.

Steps of the schema are made of these statements, so they are never edited. A rescue runs them on what it copied. Rows
that have a checksum are of a version that stored no words, and would fail it.
"""

from sqlite_utils import Database

_OLD = "json_valid(document) AND json_type(document, '$.crc32') IS NULL"
_FINDINGS = (
    "SELECT json_group_array(json_remove(value, '$.message', '$.suggestion'))"
    " FROM json_each(document, '$.findings') WHERE type = 'object'"
)
_REPORTS = (
    "UPDATE entries SET summary = CASE instr(summary, '. First: ') WHEN 0 THEN summary"  # noqa: S608 - constants
    " ELSE substr(summary, 1, instr(summary, '. First: ')) END,"
    f" document = json_remove(json_replace(document, '$.findings', json(({_FINDINGS}))),"
    f" '$.sha256', '$.config', '$.summary') WHERE kind = 'pmta' AND {_OLD}"
)
_QUESTIONS = (
    "UPDATE entries SET scope = '', outcome = '', document ="  # noqa: S608 - constants
    " json_set(json_replace(document, '$.understood.not_understood', json('[]')),"
    " '$.understood.unread', json_array_length(document, '$.understood.not_understood'))"
    f" WHERE kind = 'port' AND {_OLD}"
    " AND json_array_length(document, '$.understood.not_understood') > 0"
)
_PAGE = ": check its support page"
_REASONS = (
    f"SELECT json_group_array(CASE WHEN value LIKE 'I do not know %{_PAGE}%'"  # noqa: S608 - constants
    f" THEN 'I do not know the provider that you named' || substr(value, instr(value, '{_PAGE}')) ELSE value END)"
    " FROM json_each(document, '$.reasons')"
)
_PROVIDERS = (
    f"UPDATE entries SET document = json_replace(document, '$.reasons', json(({_REASONS})))"  # noqa: S608 - constants
    f" WHERE kind = 'port' AND {_OLD} AND json_extract(document, '$.host') IS NULL"
    " AND json_type(document, '$.reasons') = 'array'"
)


def of_reports_and_questions(db: Database) -> None:
    """Of all of them. A question is compared with none from then on: its `scope` was a hash of its words."""
    db.execute(_REPORTS)
    db.execute(_QUESTIONS)


def of_unknown_providers(db: Database) -> None:
    """The word that an answer took for a provider. Where it is a host, the answer is about it."""
    db.execute(_PROVIDERS)


def of_old_rows(db: Database) -> None:
    """All of this, of rows that may be of any version."""
    of_reports_and_questions(db)
    of_unknown_providers(db)
