"""A post office on this machine, which keeps every letter that it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Letters(socketserver.StreamRequestHandler):
    """As much of a post office as takes in a letter."""

    def handle(self) -> None:
        self.wfile.write(b"220 post\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            self.wfile.write(b"354 go on\r\n" if verb == b"DATA" else b"250 ok\r\n")
            if verb == b"DATA":
                letter = bytearray(line)
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    letter += line
                self.server.letters.append(bytes(letter))  # type: ignore[attr-defined]
                self.wfile.write(b"250 ok\r\n")
            elif verb == b"QUIT":
                return


@contextmanager
def post_office(letters: list[bytes]) -> Iterator[int]:
    """The port on which letters are taken in."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Letters) as server:
        server.letters = letters  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()
