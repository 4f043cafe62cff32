"""A small local web server for the tests and the demo.

``SiteServer`` serves a folder of files (by default ``tests/site``, beside this module) on 127.0.0.1, from a
background thread, and notes what was asked of it::

    with SiteServer() as server:
        fetch(server.url + "/index.html")
        assert server.requests == ["/index.html"]

What it does beyond serving files:

* ``text/html`` is sent without a charset, so that the encoding which a page declares in itself decides.
* In ``.xml`` files and in ``robots.txt`` the placeholder origin ``http://127.0.0.1:8000`` is replaced by the
  server's own origin.
* ``routes`` adds answers made by a function, by exact path (the query string is left to the function, which
  finds it in ``handler.path``). A route answers every method, and may stand in front of a file.

From the command line, ``python -m tests.server [--port N] [FOLDER]`` serves until Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["DEFAULT_FOLDER", "PLACEHOLDER_ORIGIN", "Response", "Route", "SiteServer"]

Response = tuple[int, dict[str, str], bytes]
"""What a route gives: status, headers, body."""

Route = Callable[[BaseHTTPRequestHandler], Response]
"""A function that answers one path."""

HOST = "127.0.0.1"
DEFAULT_FOLDER = Path(__file__).resolve().parent / "site"
PLACEHOLDER_ORIGIN = "http://127.0.0.1:8000"

CONTENT_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xml": "application/xml",
}

_BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_ERROR_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n<head><meta charset=utf-8><title>{title}</title></head>\n"
    "<body><h1>{title}</h1><p>{text}</p></body>\n</html>\n"
)


def _error(status: HTTPStatus, text: str) -> Response:
    """Make a short error page."""
    page = _ERROR_PAGE.format(title=f"{status.value} {status.phrase}", text=html.escape(text))
    return status.value, {"Content-Type": "text/html"}, page.encode()


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; what to answer is decided by its ``SiteServer``."""

    protocol_version = "HTTP/1.1"
    server_version = "SiteServer"
    timeout = 60
    wbufsize = -1  # headers and body leave together
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        status, headers, body = self.server.site.respond(self)
        lower = {name.lower() for name in headers}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in lower and status not in _BODILESS:
            self.send_header("Content-Length", str(len(body)))
        if self.command not in {"GET", "HEAD"}:
            self.close_connection = True  # a request body may be left unread
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and status not in _BODILESS:
            self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def handle(self) -> None:
        """Answer the connection's requests; a client that goes away is no error."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self) -> None:
        """Close the files of the connection, whether or not the client is still there."""
        try:
            super().finish()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                self.wfile.close()
            self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """An HTTP server that knows its open connections, so that it can close them when it stops."""

    daemon_threads = True
    allow_reuse_address = os.name == "posix"

    def __init__(self, address: tuple[str, int], site: SiteServer) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which may be slow."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address))
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, and hand it to a thread of its own."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection, and forget it."""
        super().shutdown_request(request)
        with self._guard:
            self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that went away; report anything else in the usual way."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close_connections(self, patience: float) -> None:
        """End the open connections, and wait a little until their threads have closed them."""
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with self._guard:
                if not self._open:
                    return
            time.sleep(0.005)


class SiteServer:
    """Serves a folder on 127.0.0.1 while its ``with`` block runs.

    Attributes:
        folder: The folder served.
        routes: Functions that answer single paths, by path; may be changed while the server runs.
        requests: The targets requested so far (path and, if any, query string, as sent), in order.
        url: The server's origin, e.g. ``"http://127.0.0.1:40123"``; known once the server was started.

    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        *,
        port: int = 0,
        routes: dict[str, Route] | None = None,
    ) -> None:
        """Prepare a server for ``folder``; port 0 means any free port."""
        self.folder = Path(DEFAULT_FOLDER if folder is None else folder).resolve()
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[str] = []
        self.url = ""
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Start serving, in a daemon thread."""
        if self._server is not None:
            msg = "the server is running already"
            raise RuntimeError(msg)
        if not self.folder.is_dir():
            raise NotADirectoryError(self.folder)
        self._server = _Server((HOST, self._port), self)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="site-server",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, and close every socket; does nothing if the server is not running."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.shutdown()
        thread.join()
        server.close_connections(patience=2.0)
        server.server_close()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def respond(self, handler: BaseHTTPRequestHandler) -> Response:
        """Give the answer to a request, and note the request."""
        self.requests.append(handler.path)
        parts = urlsplit("http://host/" + handler.path.lstrip("/"))
        path = parts.path
        route = self.routes.get(path)
        if route is not None:
            try:
                return route(handler)
            except Exception as error:  # noqa: BLE001
                return _error(HTTPStatus.INTERNAL_SERVER_ERROR, f"{type(error).__name__}: {error}")
        if handler.command not in {"GET", "HEAD"}:
            return _error(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD are served here.")
        return self._file(path, parts.query)

    def _file(self, path: str, query: str) -> Response:
        """Answer with a file of the folder."""
        missing = _error(HTTPStatus.NOT_FOUND, f"There is nothing at {path}")
        try:
            target = (self.folder / unquote(path, errors="strict").lstrip("/")).resolve()
        except (OSError, ValueError):  # e.g. a NUL character, or bytes that are not UTF-8
            return missing
        if not target.is_relative_to(self.folder):
            return missing
        if target.is_dir():
            if not path.endswith("/"):
                location = quote(path, safe="/%@:+~!$&'()*,;=") + "/" + (f"?{query}" if query else "")
                return HTTPStatus.MOVED_PERMANENTLY.value, {"Location": location}, b""
            target /= "index.html"
        elif path.endswith("/"):
            return missing
        try:
            body = target.read_bytes()
        except OSError:
            return missing
        suffix = target.suffix.lower()
        if suffix == ".xml" or target == self.folder / "robots.txt":
            body = body.replace(PLACEHOLDER_ORIGIN.encode(), self.url.encode())
        return HTTPStatus.OK.value, {"Content-Type": CONTENT_TYPES.get(suffix, "application/octet-stream")}, body


def main(argv: list[str] | None = None) -> int:
    """Serve a folder until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.server", description="Serve the demo site on 127.0.0.1.")
    parser.add_argument("folder", nargs="?", metavar="FOLDER", default=DEFAULT_FOLDER, help="default: tests/site")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="default: any free port")
    options = parser.parse_args(argv)
    try:
        with SiteServer(options.folder, port=options.port) as server:
            print(server.url, flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
