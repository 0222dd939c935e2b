"""The content security policy of the built site, computed from what was built (decision D8)."""

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

# A script of one of these kinds is data, which a browser does not run.
DATA_TYPES = {"application/json", "application/ld+json"}


class _InlineScripts(HTMLParser):
    """Collects the text of each script that stands in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES:
            self._inside = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def static_policy(site_dir: Path) -> str:
    """Return the policy for every static file: our own files, and no inline script but these."""
    scripts = " ".join(["'self'", *sorted(_hashes(site_dir))])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _hashes(site_dir: Path) -> set[str]:
    return {
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for page in site_dir.rglob("*.html")
        for text in _inline_scripts(page)
    }


def _inline_scripts(page: Path) -> list[str]:
    parser = _InlineScripts()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.texts
