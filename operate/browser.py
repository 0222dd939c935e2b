"""Which browser the tests drive, and how it comes to be there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

DOWNLOAD_SECONDS = 600
NOT_FOUND = """\
The browser tests need Chromium and none could be had here. Install it and try again:
  apt-get install chromium        (Debian and its relatives, as root)
  .venv/hub/bin/python -m playwright install --with-deps chromium        (elsewhere)"""


def chromium_path() -> Path | None:
    """Return Debian's Chromium, or None where playwright is to use its own browser."""
    found = shutil.which("chromium")
    return Path(found) if found else None


def ensure_browser() -> None:
    """Return when a browser is there, fetching one if need be.

    Raises:
        SystemExit: status 2, after a sentence on what to install.
    """
    if chromium_path() or _playwright_browser_starts():
        return
    if _playwright_installs_its_browser() and _playwright_browser_starts():
        return
    if os.geteuid() == 0 and _debian_installs_chromium() and chromium_path():
        return
    print(NOT_FOUND, file=sys.stderr)
    raise SystemExit(2)


def _playwright_browser_starts() -> bool:
    """Return whether playwright's own browser is there with all that it links to."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch().close()
        except PlaywrightError:
            return False
    return True


def _playwright_installs_its_browser() -> bool:
    return _succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def _debian_installs_chromium() -> bool:
    if not shutil.which("apt-get"):
        return False
    return _succeeds("apt-get", "update") and _succeeds("apt-get", "install", "-y", "chromium")


def _succeeds(*command: str) -> bool:
    """Return whether a command ended well; what it prints is for the person who waits."""
    print("+", *command, flush=True)
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=quietly, timeout=DOWNLOAD_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    ensure_browser()
