"""Runs the CDN's function for paths with the Node that Playwright brings along."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from playwright._impl._driver import compute_driver_executable

if TYPE_CHECKING:
    from collections.abc import Sequence

# The events come in and the answers go out as JSON; the function itself reads and writes nothing.
AROUND = """
const events = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(events.map((event) => handler(event))));
"""


def answers(code: str, uris: Sequence[str], *, query: str = "") -> list[dict[str, Any]]:
    """Return what the function makes of each path: the request as it goes on, or its answer."""
    node, _ = compute_driver_executable()
    events = [_event(uri, query) for uri in uris]
    ran = subprocess.run(
        [node, "-e", f'"use strict";\n{code}\n{AROUND}'],
        input=json.dumps(events),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    assert len(found) == len(uris)
    return found


def _event(uri: str, query: str) -> dict[str, Any]:
    """Return CloudFront's event of a request, as much of it as says what was asked."""
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.7"},
        "request": {
            "method": "GET",
            "uri": uri,
            "querystring": {"typed": {"value": query}} if query else {},
            "headers": {"host": {"value": "hub.example"}},
            "cookies": {},
        },
    }
