"""Hands the page shell that MkDocs builds to the service, instead of publishing it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig

SHELL = "app/shell.html"
BUILT = Path("api/chalicelib/templates/built/shell.html")


def on_template_context(
    context: dict[str, Any], *, template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """Return the context with absolute addresses for the shell, which is shown at many depths."""
    if template_name == SHELL:
        context["base_url"] = urlsplit(config.site_url or "/").path
    return context


def on_post_template(output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Store the shell among the service's templates; nothing of it is left to publish."""
    if template_name != SHELL:
        return output
    built = Path(config.config_file_path).parent / BUILT
    built.parent.mkdir(parents=True, exist_ok=True)
    built.write_text(output, encoding="utf-8")
    return ""
