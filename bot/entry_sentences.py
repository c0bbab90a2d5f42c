"""Stored results as they are printed and exported: with the sentences that are made from what is stored."""

from dataclasses import replace

from storage.history import Entry


def with_sentences(entry: Entry) -> Entry:
    """The entry with a document for people."""
    if entry.kind != "pmta":
        return entry
    from commands.pmta.reports import told  # noqa: PLC0415 - the rules, loaded only for a config

    return replace(entry, document=told(entry.document))
