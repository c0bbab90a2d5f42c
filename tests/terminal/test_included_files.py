"""What an include names on this host."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.terminal.included_files import Disk
from commands.pmta.configuration.assembly import UnreadError

NOBODY = 65534


@contextmanager
def locked_folder():
    """A folder that may not be entered, not even by root, in one that may."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "locked")
        folder.mkdir(mode=0o000)
        Path(parent).chmod(0o755)
        owner = os.geteuid()
        if owner == 0:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(owner)
            folder.chmod(0o700)


@pytest.mark.parametrize("pattern", ["locked/*.conf", "*/a.conf", "*/*.conf"])
def test_a_folder_that_may_not_be_read_is_not_said_to_hold_nothing(pattern):
    with locked_folder() as folder:
        disk = Disk()
        (name,) = disk.found(f"{folder.parent}/{pattern}", "config")
        with pytest.raises(UnreadError, match="permission denied"):
            disk.text(name, included=True)
