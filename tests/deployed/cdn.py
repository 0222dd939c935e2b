"""A browser in front of the deployed hub: through the CDN, every page checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from operate.stand_in import HOST
from tests.pages import Seen, Visitor

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from typing import IO

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Edge:
    """A host of the CDN as the stand-in has it: by the distribution's own name, on its one port.

    `origin` is what a browser would have typed; the stand-in knows no aliases.
    """

    origin: str
    domain: str
    port: int

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> Seen:
        """Return the answer as it comes over the wire."""
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE_SECONDS)
        try:
            # The emulated CDN takes a browser's word for the scheme.
            sent = {"Host": self.domain, "X-Forwarded-Proto": "https", **headers}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8")
            cookies = tuple(answer.headers.get_all("Set-Cookie", []))
            given = {name.lower(): value for name, value in answer.headers.items()}
            return Seen(answer.status, given, text, cookies)
        finally:
            connection.close()


@dataclass
class CdnVisitor(Visitor):
    """A browser that reaches the hub as people do."""

    app: Any = None
    edge: Edge = field(default_factory=lambda: Edge("", "", 0))

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Seen:
        """Return what comes back through the CDN, which says who asks."""
        from_page = {"Sec-Fetch-Site": "same-origin", "Origin": self.edge.origin}
        known = {"CloudFront-Viewer-Address": f"{self.address}:50000"}
        given = {**known, **(from_page if method == "POST" else {}), **headers}
        return self.edge.ask(method, path, given, body)

    def signs_in(self, identity: str) -> Seen:
        """Sign in at the provider as this member of staff; return the page that stands then."""
        return self._at_provider(self.get("/sign-in").location, identity)

    def signs_in_afresh(self, path: str, identity: str) -> Seen:
        """Open a page that asks who they are once more, prove it, and return that page."""
        asked = self.get(path).location
        assert asked == f"/sign-in?{urlencode({'fresh': '1', 'next': path}, safe='/')}"
        address = self.follow().location
        assert dict(parse_qsl(urlsplit(address).query))["max_age"] == "0"
        return self._at_provider(address, identity)

    def _at_provider(self, address: str, identity: str) -> Seen:
        back = urlsplit(_chosen(address, identity))
        assert f"{back.scheme}://{back.netloc}" == self.edge.origin
        self.get(f"{back.path}?{back.query}")
        return self.follow()


def _chosen(address: str, identity: str) -> str:
    """Return where the provider sends a person who said who they are."""
    body = urlencode({"sub": identity}).encode()
    with build_opener(_Stay).open(Request(address, body), timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 -- this machine
        return str(answer.headers["Location"])


class _Stay(HTTPRedirectHandler):
    """Goes nowhere by itself."""

    def http_error_302(
        self,
        req: Request,  # noqa: ARG002 -- the library's names
        fp: IO[bytes],
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
    ) -> Any:
        return fp

    http_error_303 = http_error_302
