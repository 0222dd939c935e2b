"""What a view is: a function from a visit to a page or a redirect."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.settings import Settings
from chalicelib.web.http import CookieRules, Form, Request

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
CSV = "text/csv; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
# What a file is, by how its name ends.
FILE_KINDS = {"csv": CSV, "ics": CALENDAR}
FILE_NAME = re.compile(r"[a-z0-9-]+\.(csv|ics)", re.ASCII)
# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


@frozen
class Page:
    """A template and its view model, text ready to show.

    `private` empties the page when the browser leaves it. `form` says that the page
    posts something, so that it needs a token and, before a session, a cookie.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    private: bool = False
    form: bool = False
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@frozen
class Redirect:
    """Where the browser goes next; 303, so that it goes by GET."""

    location: str
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@frozen
class PlainText:
    """A line for a monitor or a script, not for a reader."""

    text: str
    status: int = 200


@frozen
class Download:
    """A file to keep, under this name: a table as CSV, or an entry for a calendar."""

    text: str
    filename: str

    def __post_init__(self) -> None:
        if not FILE_NAME.fullmatch(self.filename):
            raise ValueError(
                "a file is named in small letters, digits and hyphens, and ends in .csv or .ics"
            )

    @property
    def content_type(self) -> str:
        """Return what kind of file it is, as its name says."""
        return FILE_KINDS[self.filename.rpartition(".")[2]]

    @classmethod
    def of_rows(cls, filename: str, rows: Iterable[Sequence[str | int | None]]) -> "Download":
        """Return the rows as CSV; none is an empty cell, and no text of a cell is a formula."""
        out = StringIO(newline="")
        csv.writer(out).writerows([_defused(cell) for cell in row] for row in rows)
        return cls(out.getvalue(), filename)


def _defused(cell: str | int | None) -> str | int | None:
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA_BEGINS)
    return f"'{cell}" if is_formula else cell


Answer = Page | Redirect | PlainText | Download


class Visit:
    """One request with what a view may use to answer it."""

    def __init__(
        self, request: Request, deps: Deps, settings: Settings, cookie: CookieRules
    ) -> None:
        self.request = request
        self.deps = deps
        self.settings = settings
        self.cookie = cookie
        self.form = Form()
        self.now = deps.now()
        self._made_token: str | None = None
        self.staff: Any = None
        self.session_ends_in: int | None = None

    @property
    def token(self) -> str:
        """Return the browser's token, or a new one that goes out with the answer."""
        known = self.request.cookies.get(self.cookie.name)
        if known:
            return known
        if self._made_token is None:
            self._made_token = self.deps.new_token()
        return self._made_token

    @property
    def csrf_token(self) -> str:
        """Return the token that this browser's forms must bring back."""
        return self.deps.keys.csrf_token(self.token)

    def new_cookies(self) -> tuple[str, ...]:
        """Return the cookie to set, when a token was made for this visit."""
        return (self.cookie.set(self._made_token),) if self._made_token else ()


View = Callable[..., Answer]


@frozen
class Route:
    """A view at an address; `tokenless` ones end a session and need no token (D8)."""

    path: str
    methods: tuple[str, ...]
    view: View
    tokenless: bool = False


class Pages:
    """The pages of one file, collected by its `@pages.page(…)` lines."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def page(self, path: str, *methods: str, tokenless: bool = False) -> Callable[[View], View]:
        """Register a view; a method that is not named is not answered."""

        def register(view: View) -> View:
            self.routes.append(Route(path, methods, view, tokenless))
            return view

        return register


class Renderer:
    """Turns pages into HTML in the shell that the site's build made."""

    def __init__(self, audience: str, exit_url: str) -> None:
        self._globals = {"audience": audience, "exit_url": exit_url}
        self._environment = _environment()

    def html(self, page: Page, visit: Visit) -> str:
        """Return the page as HTML.

        Raises:
            jinja2.UndefinedError: the view model lacks what the template shows.
        """
        return self._environment.get_template(page.template).render(
            self._globals
            | {
                "page": {"private": page.private},
                "csrf_token": visit.csrf_token if page.form else None,
                "staff": visit.staff,
                "session_ends_in": visit.session_ends_in,
            }
            | dict(page.context)
        )


@cache
def _environment() -> Environment:
    """Return what turns templates into code, once a process; what differs comes with each page."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
