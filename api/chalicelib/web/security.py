"""Headers on everything, and what a POST must bring (decision D8, D9)."""

from collections.abc import Mapping

from chalicelib.web.http import Request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not no-referrer: browsers would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

# What a page may have left behind in the browser: the copy for the Back key above all.
CLEAR_EVERYTHING = {"Clear-Site-Data": '"cache", "cookies", "storage"'}


def is_from_our_page(request: Request, origin: str) -> bool:
    """Return whether the browser says that our own page sent this form.

    Text browsers send neither header: then the token alone decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("origin")
    return sender is None or sender == origin
