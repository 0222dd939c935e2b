"""The decorator of whatever is a set of named values and never changes: a case, a row, a page."""

from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T] | None = None, /, *, kw_only: bool = False) -> Any:
    """Return the class as `dataclass(frozen=True, slots=True)` does, in a third of the time.

    The library writes six methods for each class and compiles them while it is imported; for our
    two hundred classes that was a third of a cold start. Here it writes `__init__`, and the other
    five are the same few functions for all of them. `fields`, `replace` and type checkers see a
    frozen dataclass.

    Args:
        cls: has one field or more; a method of these five that it defines itself is kept.
        kw_only: whether fields are given by name alone.
    """

    def made(plain: type[T]) -> type[T]:
        done: Any = dataclass(eq=False, repr=False, slots=True, kw_only=kw_only)(plain)
        for name, method in _methods(done).items():
            if name not in vars(plain):
                setattr(done, name, method)
        return done  # type: ignore[no-any-return] # the same class, with slots

    return made if cls is None else made(cls)


def _methods(cls: Any) -> Mapping[str, Callable[..., Any]]:  # noqa: ANN401 -- any dataclass
    values = attrgetter(*(each.name for each in fields(cls) if each.compare))

    def equals(self: object, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    return {
        "__eq__": equals,
        "__hash__": hashed,
        "__repr__": _shown,
        "__setattr__": _set_once,
        "__delattr__": _never_deleted,
    }


def _shown(self: Any) -> str:  # noqa: ANN401 -- any dataclass
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _set_once(self: object, name: str, value: object) -> None:
    """Let `__init__` give a field its value, and nobody another one after that."""
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _never_deleted(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
