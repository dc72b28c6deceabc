"""The methods that there are, and how many parameters each takes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from launchpad.localnet.errors import invalid_params
from launchpad.localnet.node import Node

Handler = Callable[[Node, list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A handler with its counts of parameters; missing optional ones arrive as None."""

    handler: Callable[[Node, list[Any]], Any | Awaitable[Any]]
    required: int
    optional: int

    def arguments(self, params: Any) -> list[Any]:
        """The parameters, filled up with None; raises RpcError when their count is wrong."""
        given = params if isinstance(params, list) else []
        most = self.required + self.optional
        if most == 0:
            if given or isinstance(params, dict):
                raise invalid_params("Invalid parameters: No parameters were expected", rust_debug_params(params))
            return []
        if isinstance(params, dict):
            raise invalid_params("`params` should be an array")
        if self.optional == 0:
            _check_exact(given, self.required)
        elif len(given) < self.required:
            raise invalid_params(f"`params` should have at least {self.required} argument(s)")
        elif len(given) > most:
            raise invalid_params(
                f"Invalid parameters: Expected from {self.required} to {most} parameters.",
                f'"Got: {len(given)}"',
            )
        return given + [None] * (most - len(given))


def _check_exact(given: list[Any], count: int) -> None:
    if len(given) < count:
        raise invalid_params(f"Invalid params: invalid length {len(given)}, expected a tuple of size {count}.")
    if len(given) > count:
        raise invalid_params(f"Invalid params: invalid length {len(given)}, expected fewer elements in array.")


def rust_debug_params(params: Any) -> str:
    """Parameters as a validator prints them for debugging."""
    if isinstance(params, dict):
        return f"Map({_debug_map(params)})"
    return f"Array([{', '.join(map(_debug, params))}])"


def _debug_map(value: dict[str, Any]) -> str:
    members = ", ".join(f"{_quoted(name)}: {_debug(each)}" for name, each in value.items())
    return f"{{{members}}}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _debug(value: Any) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return f"Bool({str(value).lower()})"
    if isinstance(value, int | float):
        return f"Number({value})"
    if isinstance(value, str):
        return f"String({_quoted(value)})"
    if isinstance(value, list):
        return f"Array [{', '.join(map(_debug, value))}]"
    return f"Object {_debug_map(value)}"


METHODS: dict[str, Method] = {}


def method(name: str, *, required: int = 0, optional: int = 0) -> Callable[[Handler], Handler]:
    """Register a handler under its JSON-RPC name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, required, optional)
        return handler

    return register
