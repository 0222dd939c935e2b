"""A small server for looking at the built site and at pages in the shell, with their policy."""

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type

from operate.site_policy import static_policy
from tests.site.built_site import SITE


@dataclass
class Serving:
    """What the server shows besides the site, and what it was sent."""

    pages: dict[str, str] = field(default_factory=dict)
    posted: list[tuple[str, str]] = field(default_factory=list)
    answer: int = 200


def server_of(serving: Serving) -> ThreadingHTTPServer:
    """Return a server on a free port of this machine; the caller runs and closes it."""
    policy = static_policy(SITE)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path in serving.pages:
                self._send(200, serving.pages[self.path].encode(), "text/html")
                return
            file = SITE / self.path.lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            if file.is_file():
                self._send(200, file.read_bytes(), guess_type(file.name)[0] or "text/plain")
            else:
                self._send(404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            serving.posted.append((self.path, body.decode()))
            self._send(serving.answer, b"900\n", "text/plain")

        def log_message(self, *_: object) -> None:
            """Say nothing: a test prints what matters."""

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
