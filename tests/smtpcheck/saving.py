"""A check, saved and read back, as through a file."""

import json

from commands.smtpcheck.record_file.reader import read_record
from commands.smtpcheck.record_file.writer import save


def content(document):
    """A document as the bytes of a file."""
    return json.dumps(document).encode()


def as_saved(value):
    """Plain data as a file gives it back: lists for tuples."""
    return json.loads(json.dumps(value))


def saved_again(check, store):
    """What stands in the file of a check, read."""
    return read_record(content(save(check, store=store)))
