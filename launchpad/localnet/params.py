"""Reading JSON-RPC parameters, with a validator's words for what is wrong."""

from collections.abc import Sequence
from typing import Any, cast

from solders.hash import Hash, ParseHashError
from solders.pubkey import Pubkey
from solders.signature import Signature

from launchpad.localnet.bank import Commitment
from launchpad.localnet.encoding.account import Encoding, View
from launchpad.localnet.encoding.binary import BASE58_ALPHABET
from launchpad.localnet.errors import RpcError, invalid_params
from launchpad.localnet.keys import Key

U64_MAX = 2**64 - 1
COMMITMENTS = ("processed", "confirmed", "finalized")
ENCODINGS = ("binary", "base58", "base64", "jsonParsed", "base64+zstd")
KEY_TEXT_LENGTH = 44
SIGNATURE_TEXT_LENGTH = 88
BASE58 = frozenset(BASE58_ALPHABET)


def described(value: Any) -> str:
    """A JSON value as error texts name it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    if isinstance(value, str):
        return f'string "{value}"'
    return "sequence" if isinstance(value, list) else "map"


def wrong_type(value: Any, expected: str) -> RpcError:
    """The error for a value of another type than `expected`."""
    return invalid_params(f"Invalid params: invalid type: {described(value)}, expected {expected}.")


def string(value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise wrong_type(value, "a string")
    return value


def unsigned(value: Any, kind: str = "u64") -> int:
    """A u64, or the smaller unsigned number that `kind` names."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(value, kind)
    if not 0 <= value <= U64_MAX:
        raise invalid_params(f"Invalid params: invalid value: integer `{value}`, expected {kind}.")
    return value


def boolean(value: Any) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise wrong_type(value, "a boolean")
    return value


def strings(value: Any) -> list[str]:
    """A list of strings."""
    if not isinstance(value, list):
        raise wrong_type(value, "a sequence")
    return [string(each) for each in value]


def pubkey(text: str, prefix: str = "Invalid param: ") -> Key:
    """The bytes of a base58 key."""
    try:
        return bytes(Pubkey.from_string(text))
    except ValueError:
        raise invalid_params(prefix + _what_is_wrong(text, KEY_TEXT_LENGTH)) from None


def signature(text: str) -> bytes:
    """The 64 bytes of a base58 signature."""
    try:
        return bytes(Signature.from_string(text))
    except ValueError:
        raise invalid_params("Invalid param: " + _what_is_wrong(text, SIGNATURE_TEXT_LENGTH)) from None


def blockhash(text: str, prefix: str = "Invalid param: ") -> bytes:
    """The bytes of a base58 hash."""
    try:
        return bytes(Hash.from_string(text))
    except (ValueError, ParseHashError):
        raise invalid_params(prefix + _what_is_wrong(text, KEY_TEXT_LENGTH)) from None


def _what_is_wrong(text: str, longest: int) -> str:
    if len(text) > longest or BASE58.issuperset(text):
        return "WrongSize"
    return "Invalid"


def variant(value: Any, known: Sequence[str]) -> str:
    """One of a closed set of words."""
    if not isinstance(value, str):
        raise wrong_type(value, "string or map")
    if value not in known:
        raise unknown_variant(value, known)
    return value


def unknown_variant(value: str, known: Sequence[str]) -> RpcError:
    """The error for a word that is none of the known ones."""
    quoted = [f"`{each}`" for each in known]
    listed = " or ".join(quoted) if len(quoted) == 2 else f"one of {', '.join(quoted)}"  # noqa: PLR2004 - a pair
    return invalid_params(f"Invalid params: unknown variant `{value}`, expected {listed}.")


class Config:
    """A method's configuration object; members that are not known are ignored."""

    def __init__(self, value: Any, name: str = "RpcContextConfig") -> None:
        if value is not None and not isinstance(value, dict):
            raise wrong_type(value, f"struct {name}")
        self._members: dict[str, Any] = value or {}

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def get(self, name: str) -> Any:
        """A member as it came, None when it is missing."""
        return self._members.get(name)

    @property
    def commitment(self) -> Commitment:
        """The level; anything that is none means finalized, as on a validator."""
        value = self._members.get("commitment")
        if isinstance(value, str) and value in COMMITMENTS:
            return cast("Commitment", value)
        return "finalized"

    def strict_commitment(self, name: str = "commitment") -> Commitment:
        """The level, where an unknown one is an error."""
        if name not in self._members:
            return "finalized"
        return cast("Commitment", variant(self._members[name], COMMITMENTS))

    @property
    def min_context_slot(self) -> int | None:
        """The oldest slot that may answer."""
        return self.optional_unsigned("minContextSlot")

    def optional_unsigned(self, name: str) -> int | None:
        """A number that may be missing."""
        value = self._members.get(name)
        return None if value is None else unsigned(value)

    def flag(self, name: str) -> bool:
        """A boolean that may be missing, then false."""
        value = self._members.get(name)
        return False if value is None else boolean(value)

    def text(self, name: str) -> str | None:
        """A string that may be missing."""
        value = self._members.get(name)
        return None if value is None else string(value)

    def view(self, default: Encoding) -> View:
        """How the caller wants accounts shown."""
        encoding = default
        if "encoding" in self:
            encoding = cast("Encoding", variant(self.get("encoding"), ENCODINGS))
        return View(encoding, self._data_slice())

    def _data_slice(self) -> tuple[int, int] | None:
        value = self.get("dataSlice")
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong_type(value, "struct UiDataSliceConfig")
        for name in ("offset", "length"):
            if name not in value:
                raise invalid_params(f"Invalid params: missing field `{name}`.")
        return unsigned(value["offset"], "usize"), unsigned(value["length"], "usize")
