"""Stored results as they are printed and exported: with the sentences that are made from what is stored."""

from dataclasses import replace

from storage.history import Entry


def told(entry: Entry) -> Entry:
    """The entry with a document for people."""
    if entry.kind != "pmta":
        return entry
    from commands.pmta.record import told as with_sentences  # noqa: PLC0415 - the rules, loaded only for a config

    return replace(entry, document=with_sentences(entry.document))
