"""Strawberry's decorators with types that keep those of what they decorate."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

F = TypeVar("F", bound=Callable[..., Any])


def field(*, description: str, name: str | None = None) -> Callable[[F], F]:
    """A field that is worked out; `name` where the schema's is not that of the method."""
    return cast("Callable[[F], F]", strawberry.field(name=name, description=description))


def subscription(*, description: str, name: str | None = None) -> Callable[[F], F]:
    """A field whose answers come one by one."""
    return cast("Callable[[F], F]", strawberry.subscription(name=name, description=description))
