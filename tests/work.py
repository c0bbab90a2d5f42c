"""What costs time, counted: the same on every machine."""

import sys


def calls(work, *arguments):
    """Calls of functions, ours and Python's own, while some work is done."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work(*arguments)
    finally:
        sys.setprofile(None)
    return count
