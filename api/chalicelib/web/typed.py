"""What a person typed into a form of ours, as they typed it."""

import re

from chalicelib.web.http import Form

PLANES = range(0x11)
NEVER_CHARACTERS = "".join(
    chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in PLANES
)
# Nobody types these, and HTML has no way to show them: control characters but tab and line
# break, and the code points that will never be characters.
NO_PAGE_CAN_HOLD = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{NEVER_CHARACTERS}]"
)
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def typed(form: Form, name: str) -> str:
    """Return a field word for word, without what no page can hold."""
    return NO_PAGE_CAN_HOLD.sub("", form.text(name).replace("\r", "\n"))


def form_key(form: Form) -> str | None:
    """Return the key that came with the form, or none when it is not one of ours."""
    key = form.text("form_key")
    return key if FORM_KEY.fullmatch(key) else None
