"""The server's side of TLS over memory buffers, so that scripts can step past it to the raw socket."""

import contextlib
import ssl


class ServerTls:
    """A TLS session that holds no socket: bytes come in through `feed` and go out through `pending`."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False
        self.ended = False

    def feed(self, data: bytes) -> None:
        """Takes what arrived on the socket."""
        self._incoming.write(data)

    def pending(self) -> bytes:
        """What must be sent on the socket now."""
        return self._outgoing.read()

    def shake(self) -> bool:
        """Goes on with the handshake; True when it is done. Raises ssl.SSLError; an alert may then be pending."""
        try:
            self.session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        self.established = True
        return True

    def encrypt(self, data: bytes) -> bytes:
        self.session.write(data)
        return self.pending()

    def decrypt(self) -> bytes:
        """What has arrived in clear; sets `ended` at the client's close_notify or at a broken record."""
        clear = b""
        while not self.ended:
            try:
                data = self.session.read(65536)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError:
                data = b""
            self.ended = not data
            clear += data
        return clear

    def goodbye(self) -> bytes:
        """A close_notify; the client's own is not waited for."""
        with contextlib.suppress(ssl.SSLError):
            self.session.unwrap()
        return self.pending()
