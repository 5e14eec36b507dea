"""A cable between a browser and a server that can be pulled out, in the middle of whatever runs through it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Cable:
    """Listens on a port of its own and hands on what comes. `url` stands for the server's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._in = True
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def pull(self) -> None:
        """Nothing goes through any more; what is under way is cut off."""
        self._in = False
        for end in list(self._open):
            self._close(end)

    def put_back(self) -> None:
        self._in = True

    def close(self) -> None:
        self.pull()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):  # closed: nobody listens any more
            while True:
                near, _ = self._listener.accept()
                if not self._in:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                self._open |= {near, far}
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):  # either end has gone
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            self._close(end)

    def _close(self, end: socket.socket) -> None:
        self._open.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
