"""`python -m tests.real [ARGUMENTS OF PYTEST]`: install what is missing, then run the suite in a network of its own."""

import os
import sys
from pathlib import Path

from tests.real import software

HERE = Path(__file__).parent
IN_A_NETWORK_OF_ITS_OWN = 'ip link set lo up && mount -t tmpfs tmpfs /run && exec "$@"'
"""And with a /run of its own: some daemons have one place there for their socket, where this machine's may listen."""

PATIENCE = "faulthandler_timeout=1800"
"""Seconds: fixtures start a whole module's servers, and testssl.sh takes minutes where the machine is busy."""


def main() -> None:
    if os.geteuid():
        sys.exit("make real needs root: it makes a network of its own and starts mail servers on their real ports.")
    software.install()
    pytest = [sys.executable, "-m", "pytest", "-q", "-o", PATIENCE, *(sys.argv[1:] or [str(HERE)])]
    os.environ["PORTERO_REAL"] = "yes"  # tests/conftest.py leaves this folder out otherwise
    os.execvp("unshare", ["unshare", "--net", "--mount", "sh", "-c", IN_A_NETWORK_OF_ITS_OWN, "sh", *pytest])


if __name__ == "__main__":
    main()
