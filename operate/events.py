"""What API Gateway does with a request, by Chalice's local one: an event in, an answer out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.local import LocalGateway, RouteMatcher

from chalicelib.web.http import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.config import Config

    from chalicelib.application import Application


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire; a list is a header that stands more than once.

    `named` is for the log: a route or a file, never an address that somebody typed.
    """

    status: int
    headers: Mapping[str, Any]
    body: bytes
    named: str


class Gateway(LocalGateway):
    """Turns requests into gateway events and the application's answers back."""

    def __init__(self, app: Application, config: Config, address: str) -> None:
        super().__init__(app, config)
        self._app = app
        self._address = address
        self._routes = RouteMatcher(list(app.routes))
        self._owned = {_first_part(route) for route in app.routes} - {""}

    def owns(self, path: str) -> bool:
        """Return whether addresses that begin like this are the service's, not the site's."""
        return _first_part(path) in self._owned

    def route(self, path: str) -> str | None:
        """Return the route that answers at this path, or none."""
        try:
            return str(self._routes.match_route(path).route)
        except ValueError:
            return None

    def handle_request(
        self, method: str, path: str, headers: dict[str, Any], body: bytes | None
    ) -> dict[str, Any]:
        """Return the application's answer to a request that a route matches."""
        # What only reads is asked with GET: our routes know no HEAD.
        asked = "GET" if method == "HEAD" else method
        event = self._generate_lambda_event(asked, path, headers, body)
        event["requestContext"]["identity"]["sourceIp"] = self._address
        answer: dict[str, Any] = self._app(event, self._generate_lambda_context())
        return answer

    def error(self, status: int) -> Mapping[str, Any]:
        """Return the application's page of an error that the gateway itself found."""
        return self._app.error(status, Request("GET", "/", {}, {}, {}, self._address, b""))


def answer_of(given: Mapping[str, Any], named: str) -> Answer:
    """Return the application's answer to an event as it goes over the wire."""
    headers = {**given["headers"], **given["multiValueHeaders"]}
    return Answer(int(given["statusCode"]), headers, str(given["body"]).encode(), named)


def _first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0]
