"""The pages of the desk."""

from chalicelib.web.page import Pages
from chalicelib.web.staff.errors import error_page

PAGES: list[Pages] = []

__all__ = ["PAGES", "error_page"]
