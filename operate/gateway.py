"""One stage behind its own gateway and CDN on this machine, made of Chalice's local ones.

Chalice's own gateway is for trying things out: it answers JSON, names its version, believes
what a client says of its body and waits for ever. This one answers as production does: with a
page and all headers, whatever was asked.
"""

from __future__ import annotations

import gzip
import logging
import socketserver
import sys
import time
from dataclasses import replace
from email.message import Message
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from chalice.config import Config
from chalice.local import ChaliceRequestHandler, LocalDevServer, ThreadedHTTPServer

from chalicelib.web.http import StatusError
from operate.events import Answer, Gateway, answer_of
from operate.site_files import BROKEN_PAGE, NOT_FOUND_PAGE, Moved, SiteFiles, StaticFile

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from chalicelib.application import Application

LOG = logging.getLogger("hub.gateway")
HOST = "127.0.0.1"
LAMBDA_SECONDS = 15
MOST_BODY_BYTES = 1_000_000
MOST_DISCARDED_BYTES = 32_000_000
MOST_LENGTH_DIGITS = 9
# A kept connection may wait this long for its next request, a body for its next bytes.
SILENT_SECONDS = 15.0
BODY_SECONDS = 30.0
CHUNK_BYTES = 65_536
WAITING_CONNECTIONS = 128
WORTH_ZIPPING_BYTES = 500
ZIPPED_TYPES = ("text/", "application/json", "application/xml", "image/svg+xml")
READING = ("GET", "HEAD")


class StageHandler(ChaliceRequestHandler):
    """Answers the requests of one connection."""

    timeout = SILENT_SECONDS
    # Head and body leave together, at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(
        self,
        request: socket.socket,
        client_address: tuple[str, int],
        server: StageServer,
        *,
        app_object: Application,
        config: Config,
        site: SiteFiles,
    ) -> None:
        self._gateway = Gateway(app_object, config, client_address[0])
        self._site = site
        # Past Chalice's own first step, which makes a gateway that does not know the client.
        BaseHTTPRequestHandler.__init__(self, request, client_address, server)

    def _handle(self) -> None:
        started = time.monotonic()
        try:
            answer = self._answer(self._body())
        except StatusError as refused:
            # What the client still sends would be taken for its next request.
            self.close_connection = True
            answer = self._error(refused.status)
        except Exception as error:  # noqa: BLE001 -- whatever happened, a person gets a page
            answer = self._broken(error)
        self._send(answer)
        spent = (time.monotonic() - started) * 1000
        LOG.info("%s %s %d %.0f ms", self.command, answer.named, answer.status, spent)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle  # noqa: N815

    # --- what was asked

    def _body(self) -> bytes:
        """Return the request's body, all of it and nothing more.

        Raises:
            StatusError: its length is not said, cannot be read or is too much; it is too slow.
        """
        if "Transfer-Encoding" in self.headers:
            raise StatusError(HTTPStatus.LENGTH_REQUIRED)
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        said = lengths.pop()
        if lengths or not (said.isascii() and said.isdigit()):
            raise StatusError(HTTPStatus.BAD_REQUEST)
        length = int(said) if len(said) <= MOST_LENGTH_DIGITS else MOST_DISCARDED_BYTES
        if length > MOST_BODY_BYTES:
            # A browser reads no answer while it is still sending.
            for _ in self._chunks(min(length, MOST_DISCARDED_BYTES)):
                pass
            raise StatusError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = b"".join(self._chunks(length))
        if len(body) < length:
            raise StatusError(HTTPStatus.BAD_REQUEST)
        return body

    def _chunks(self, length: int) -> Iterator[bytes]:
        ends = time.monotonic() + BODY_SECONDS
        while length > 0:
            try:
                chunk = self.rfile.read1(min(length, CHUNK_BYTES))
            except TimeoutError:
                raise StatusError(HTTPStatus.REQUEST_TIMEOUT) from None
            if time.monotonic() > ends:
                raise StatusError(HTTPStatus.REQUEST_TIMEOUT)
            if not chunk:
                return
            length -= len(chunk)
            yield chunk

    # --- who answers

    def _answer(self, body: bytes) -> Answer:
        path = self.path.partition("?")[0]
        route = self._gateway.route(self.path)
        if route is not None:
            return self._of_app(route, body)
        found = self._site.find(path)
        if found is not None:
            return self._of_site(found)
        if self.command in READING and self._site.whole and not self._gateway.owns(path):
            return self._page_of_site(NOT_FOUND_PAGE, HTTPStatus.NOT_FOUND)
        return self._error(HTTPStatus.NOT_FOUND)

    def _of_app(self, route: str, body: bytes) -> Answer:
        headers = dict(self.headers)
        given = self._gateway.handle_request(self.command, self.path, headers, body)
        return answer_of(given, route)

    def _of_site(self, found: StaticFile | Moved) -> Answer:
        if self.command not in READING:
            refused = self._error(HTTPStatus.METHOD_NOT_ALLOWED)
            return replace(refused, headers={**refused.headers, "Allow": ", ".join(READING)})
        if isinstance(found, Moved):
            return Answer(HTTPStatus.MOVED_PERMANENTLY, found.headers, b"", found.to)
        if found.etag in self.headers.get("If-None-Match", ""):
            return Answer(HTTPStatus.NOT_MODIFIED, found.headers, b"", found.name)
        return Answer(HTTPStatus.OK, found.headers, found.content, found.name)

    def _page_of_site(self, path: str, status: HTTPStatus) -> Answer:
        page = self._site.page(path)
        return Answer(status, page.headers, page.content, page.name)

    def _error(self, status: int) -> Answer:
        try:
            return answer_of(self._gateway.error(status), "error")
        except Exception as error:  # noqa: BLE001 -- the same
            return self._broken(error)

    def _broken(self, error: Exception) -> Answer:
        # The class alone: what an error says may be what somebody typed.
        LOG.error("no answer by %s", type(error).__name__)
        return self._page_of_site(BROKEN_PAGE, HTTPStatus.SERVICE_UNAVAILABLE)

    # --- what goes back

    def _send(self, answer: Answer) -> None:
        zipped = self._zipped(answer)
        # Without this, who asks in the way of HTTP 0.9 gets the body and no header.
        self.request_version = self.protocol_version
        self.send_response_only(zipped.status)
        self.send_header("Date", self.date_time_string())
        for name, value in zipped.headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        if zipped.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(zipped.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(zipped.body)

    def _zipped(self, answer: Answer) -> Answer:
        kind = answer.headers.get("Content-Type", "")
        if not kind.startswith(ZIPPED_TYPES) or len(answer.body) < WORTH_ZIPPING_BYTES:
            return answer
        headers = {**answer.headers, "Vary": "Accept-Encoding"}
        if not _takes_gzip(self.headers.get("Accept-Encoding", "")):
            return replace(answer, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return replace(answer, headers=headers, body=gzip.compress(answer.body, mtime=0))

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002 -- the library's words stay unsaid
        explain: str | None = None,  # noqa: ARG002
    ) -> None:
        """Answer what is no request of HTTP, or one of a method that nobody knows, as a page."""
        self.close_connection = True
        self.headers = Message()  # those of the request were not read, or not all of them
        unknown_method = code == HTTPStatus.NOT_IMPLEMENTED
        self._send(self._error(HTTPStatus.METHOD_NOT_ALLOWED if unknown_method else code))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        """Write nothing: the library's lines hold what was typed as an address."""


class StageServer(ThreadedHTTPServer):
    """A thread a connection, on this machine only."""

    request_queue_size = WAITING_CONNECTIONS

    def server_bind(self) -> None:
        """Take the port, without asking the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Note what went wrong, but for clients that went away."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            LOG.error("connection lost by %s", type(error).__name__)


class Stage(LocalDevServer):
    """One stage of the hub on a port of 127.0.0.1.

    Raises:
        OSError: something else listens there.
    """

    def __init__(self, app: Application, site: SiteFiles, port: int) -> None:
        config = Config.create(app_name="hub", lambda_timeout=LAMBDA_SECONDS)
        handler = partial(StageHandler, site=site)
        super().__init__(app, config, HOST, port, handler_cls=handler, server_cls=StageServer)

    def serve_forever(self) -> None:
        """Answer requests until the process is told to stop."""
        self.server.serve_forever()


def _takes_gzip(accepted: str) -> bool:
    offers = [part.replace(" ", "").lower() for part in accepted.split(",")]
    return any(offer.split(";")[0] == "gzip" and not offer.endswith(";q=0") for offer in offers)
