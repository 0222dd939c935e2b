"""What of the public host goes to the service and what to the site, as the CDN decides it.

The CDN asks the first pattern of infra/site.yaml that fits a path, in the order of the template;
what fits none is the site's. The patterns follow from the service's routes by the rule of the
gateway on one machine: a path belongs to whom its first part belongs to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from chalicelib.settings import PUBLIC
from chalicelib.wiring import create_app

if TYPE_CHECKING:
    from collections.abc import Iterable


def public_routes() -> dict[str, set[str]]:
    """Return the methods of every route of the public service, by its path."""
    return {path: set(methods) for path, methods in create_app(PUBLIC, _not_built).routes.items()}


def service_patterns(routes: Iterable[str]) -> list[str]:
    """Return the CDN's patterns for the paths of the service, and for no others.

    Two for a first part: the path itself and everything below it, a slash at the end included.
    One that ends in `*` alone would be shorter and take the site's next page whose name begins
    alike: `/case*` is `/cases-in-court/` too. Nothing lies below a file.

    Raises:
        ValueError: a route has no first part that tells it from the site.
    """
    firsts = sorted({route.split("/")[1] for route in routes})
    if any(not first or first.startswith("{") for first in firsts):
        raise ValueError("a route of the service would take the whole site")
    below = ((f"/{first}", f"/{first}/*") for first in firsts if "." not in first)
    files = ((f"/{first}",) for first in firsts if "." in first)
    return sorted(pattern for patterns in (*below, *files) for pattern in patterns)


def first_match(patterns: Iterable[str], path: str) -> str | None:
    """Return the first pattern that fits a path, none when it is left to the default.

    Source:
        CloudFront's path patterns: case matters, `*` is any run of characters, slashes and none
        included, `?` exactly one; the whole path has to fit, without its query.
    """
    return next((pattern for pattern in patterns if _compiled(pattern).fullmatch(path)), None)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(each, re.escape(each)) for each in pattern), re.DOTALL)


def _not_built() -> NoReturn:
    raise RuntimeError("only the routes are read here")
