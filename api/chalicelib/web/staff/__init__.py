"""The pages of the desk."""

from chalicelib.web.staff import sign_in
from chalicelib.web.staff.errors import error_page

PAGES = [sign_in.pages]

__all__ = ["PAGES", "error_page"]
