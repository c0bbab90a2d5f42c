"""What this machine calls itself in EHLO, when no setting says it.

Policy: nothing leaves. Connecting a UDP socket only asks the routing table which address would be used.
"""

import socket


def default_ehlo_name() -> str:
    """This machine's own name if it is a full one, else its address as a literal (RFC 5321 section 4.1.3).

    Nothing is looked up: `socket.getfqdn` may block for seconds.
    """
    name = socket.gethostname()
    if "." in name and not name.endswith((".local", ".localdomain", ".internal")):
        return name
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect(("192.0.2.1", 25))
        except OSError:
            return "[127.0.0.1]"
        return f"[{trial.getsockname()[0]}]"
