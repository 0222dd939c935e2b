"""The content security policy that static files are served with."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from operate.site_policy import static_policy


def test_the_built_site_needs_no_inline_script_at_all(site: Path) -> None:
    policy = static_policy(site)
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_no_other_page_may_frame_the_site(site: Path) -> None:
    assert "frame-ancestors 'none'" in static_policy(site)
    assert static_policy(site).startswith("default-src 'none'")


def test_an_inline_script_of_a_later_builder_is_allowed_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<script>here()</script><script src=a.js></script>")
    digest = b64encode(sha256(b"here()").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in static_policy(tmp_path)


def test_data_in_a_script_element_needs_no_hash(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<script type="application/json">{}</script>')
    assert "sha256" not in static_policy(tmp_path)
