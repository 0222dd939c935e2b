"""The application of one stage: every request goes through here, in this order.

gateway event → did our CDN send it → budget → view (same origin, token, form, service) →
errors as pages → headers. What Chalice itself would answer as JSON (405, 415, its own 500)
becomes a page of ours on the way out.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from threading import local
from typing import Any

from chalice.app import Chalice, Response

from chalicelib.domain.errors import HubError, KeysUnavailableError, StoreUnavailableError
from chalicelib.services.deps import Deps
from chalicelib.settings import Settings
from chalicelib.web.http import (
    FORM,
    UNREAD,
    FormTokenError,
    FormTooLargeError,
    Request,
    StatusError,
    cookie_rules,
    origin_secret_of,
    respond,
)
from chalicelib.web.page import (
    Answer,
    Download,
    Pages,
    PlainText,
    Redirect,
    Renderer,
    Route,
    Visit,
)
from chalicelib.web.security import HEADERS, is_from_our_page

LOG = logging.getLogger("hub")
REQUEST_SECONDS = 12
ErrorPage = Callable[[Visit, Exception], Answer]


class Application(Chalice):
    """A Chalice application whose answers are all pages with all headers.

    Settings and dependencies are made when the first request needs them: Chalice
    imports `app.py` while it packages, before table names exist.
    """

    def __init__(
        self,
        pages: Sequence[Pages],
        error_page: ErrorPage,
        build: Callable[[], tuple[Settings, Deps]],
    ) -> None:
        super().__init__(app_name="hub", debug=False, configure_logs=False)
        self._error_page = error_page
        self._build = build
        self._built: tuple[Settings, Deps, Renderer] | None = None
        self._local = local()
        for route in (route for group in pages for route in group.routes):
            self._add(route)

    def _add(self, route: Route) -> None:
        def view(**parts: str) -> Response:
            return self._answer(route, parts)

        # Chalice names a view after its function, and each name may stand once.
        view.__name__ = f"{route.view.__module__}_{route.view.__name__}".replace(".", "_")
        options: dict[str, Any] = {"methods": list(route.methods), "name": view.__name__}
        if "POST" in route.methods:
            options["content_types"] = [FORM]
        self.route(route.path, **options)(view)

    @property
    def parts(self) -> tuple[Settings, Deps, Renderer]:
        """Return settings, dependencies and renderer, made once."""
        if self._built is None:
            settings, deps = self._build()
            self._built = (settings, deps, Renderer(settings.audience, deps.rules.force.exit_url))
        return self._built

    def __call__(self, event: Any, context: Any) -> Any:  # noqa: ANN401 -- as Chalice has it
        """Answer one gateway event: always a page, always with all headers."""
        settings, deps, _ = self.parts
        guarded = not settings.plain_localhost
        if guarded and not deps.keys.origin_secret_is_right(origin_secret_of(event)):
            # Past the CDN there is no firewall, and whoever comes could say to be anybody.
            # The line says nothing of what came: it is there for a secret changed in one place.
            LOG.warning("refused a request that did not come through the CDN")
            return self.error(HTTPStatus.FORBIDDEN, UNREAD)
        self._local.request = Request.of_event(event, through_cdn=guarded)
        deps.budget.begin(REQUEST_SECONDS)
        try:
            return self._as_page(super().__call__(event, context))
        finally:
            deps.budget.end()

    def error(self, status: int, request: Request | None = None) -> Mapping[str, Any]:
        """Return the gateway answer of an error page: for this app and for the gateway itself."""
        if request is not None:
            self._local.request = request
        visit = self._visit()
        answer = self._error_page(visit, StatusError(status))
        return self._response(answer, visit).to_dict()

    def _as_page(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        status = int(answer["statusCode"])
        if status < HTTPStatus.BAD_REQUEST or "Content-Security-Policy" in answer["headers"]:
            return answer
        page = dict(self.error(status))
        if "Allow" in answer["headers"]:
            page["headers"] = {**page["headers"], "Allow": answer["headers"]["Allow"]}
        return page

    def _visit(self) -> Visit:
        settings, deps, _ = self.parts
        rules = cookie_rules(settings.audience, plain_localhost=settings.plain_localhost)
        return Visit(self._local.request, deps, settings, rules)

    def _answer(self, route: Route, parts: Mapping[str, str]) -> Response:
        visit = self._visit()
        try:
            if visit.request.method == "POST":
                self._admit_form(visit, route)
            answer = route.view(visit, **parts)
            return self._response(answer, visit)
        except (HubError, FormTokenError, FormTooLargeError, StatusError) as error:
            self._note(error, route)
            return self._response(self._error_page(visit, error), visit)
        except Exception as error:  # noqa: BLE001 -- whatever happened, a person gets a page
            # Fail closed: the page says what happened to their words, the log which error.
            # The text of an unforeseen error may hold what a person typed: its name alone is kept.
            LOG.error("unexpected %s at %s", type(error).__name__, route.path)  # noqa: TRY400
            return self._response(self._error_page(visit, error), visit)

    def _admit_form(self, visit: Visit, route: Route) -> None:
        origin = self.parts[0].origin
        from_us = is_from_our_page(visit.request, origin)
        if not from_us:
            raise StatusError(HTTPStatus.FORBIDDEN)
        visit.form = visit.request.form()
        if route.tokenless:
            return
        known = visit.request.cookies.get(visit.cookie.name, "")
        if not known or not visit.deps.keys.csrf_token_is_right(
            visit.form.text("csrf_token"), known
        ):
            raise FormTokenError

    @staticmethod
    def _note(error: Exception, route: Route) -> None:
        if isinstance(error, StoreUnavailableError):
            LOG.error("store unavailable at %s", route.path)
        elif isinstance(error, KeysUnavailableError):
            LOG.error("keys unavailable at %s", route.path)

    def _response(self, answer: Answer, visit: Visit) -> Response:
        if isinstance(answer, PlainText):
            return respond(
                answer.text, status=answer.status, headers=HEADERS, content_type="text/plain"
            )
        if isinstance(answer, Download):
            kept = {"Content-Disposition": f'attachment; filename="{answer.filename}"'}
            headers = {**HEADERS, **kept}
            return respond(
                answer.text, status=200, headers=headers, content_type=answer.content_type
            )
        if isinstance(answer, Redirect):
            headers = {**HEADERS, "Location": answer.location, **answer.headers}
            return respond("", status=303, headers=headers, cookies=answer.cookies)
        html = self.parts[2].html(answer, visit)
        cookies = (*answer.cookies, *(visit.new_cookies() if answer.form else ()))
        headers = {**HEADERS, **answer.headers}
        return respond(html, status=answer.status, headers=headers, cookies=cookies)
