"""What no page may do, watched in every browser test: the lines a browser writes, what it asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request


@dataclass
class Watch:
    """Collects what went wrong in the contexts it was given.

    A page that answers with an error status is a line in the browser's console; that the
    service answers so is what some tests ask for. Any other line is a fault of ours, above all
    a refusal by the content security policy.
    """

    ours: tuple[str, ...]
    faults: list[str] = field(default_factory=list)
    _answers: set[str] = field(default_factory=set)
    _lines: list[tuple[str, str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> BrowserContext:
        """Return the context, watched from now on."""
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("dialog", self._dialog)
        return context

    def forget(self) -> None:
        """Begin anew."""
        for notes in (self.faults, self._answers, self._lines):
            notes.clear()

    def all_faults(self) -> list[str]:
        """Return what no page should have done."""
        said = [f"console: {line} {url}" for line, url in self._lines if not self._known(line, url)]
        return [*self.faults, *said]

    def _known(self, line: str, url: str) -> bool:
        return line.startswith("Failed to load resource: the server") and url in self._answers

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        said_by = message.location["url"] or (message.page.url if message.page else "")
        if _origin(said_by) in self.ours:
            self._lines.append((message.text, said_by))

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self._answers.add(request.url)
            return
        page = _origin(request.frame.url)
        if page in self.ours and _origin(request.url) != page:
            self.faults.append(f"request from {page} to {request.url}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
