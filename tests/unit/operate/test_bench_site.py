"""The two builds that are measured are of the same pages, and their quickest runs are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operate.bench_site import Built, bare_site
from operate.hub_home import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_one_slow_run_changes_no_ratio() -> None:
    ours, bare = Built((3.0, 9.0, 3.5)), Built((2.0, 2.5, 8.0))
    assert ours.against(bare) == 1.5
    assert str(ours) == "min 3.00 s (median 3.50)"


def test_the_bare_site_has_every_page_of_ours_and_no_template_of_ours(tmp_path: Path) -> None:
    config = bare_site(tmp_path)
    pages = sorted((tmp_path / "docs").rglob("*.md"))
    ours = sorted((ROOT / "docs").rglob("*.md"))
    assert [page.relative_to(tmp_path) for page in pages] == [
        page.relative_to(ROOT) for page in ours
    ]
    assert not [page for page in pages if "\ntemplate:" in page.read_text("utf-8")]
    assert len(config.read_text("utf-8").splitlines()) == 3
