"""What this process ran out of. It says nothing of the host that was asked about."""

import errno

OUR_OWN = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Too many open files and the like."""


def is_our_own(error: object) -> bool:
    return isinstance(error, OSError) and error.errno in OUR_OWN
