"""A collection of pages, each by the steps that lead a person there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.people import Person

Who = TypeVar("Who", bound="Person")
Step = TypeVar("Step", bound="Callable[..., object]")


@dataclass
class Gallery(Generic[Who]):
    """The pages of one file, collected by its `@PAGES.page` lines."""

    steps: list[Callable[[Who], object]] = field(default_factory=list)

    def page(self, step: Step) -> Step:
        """Keep the steps to a page; other pages may begin with them."""
        self.steps.append(step)
        return step
