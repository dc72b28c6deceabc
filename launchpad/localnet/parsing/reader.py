"""Reading little-endian fields off a byte string."""

from launchpad.localnet.encoding.binary import to_base64
from launchpad.localnet.keys import b58

KEY_LENGTH = 32
NO_KEY = bytes(KEY_LENGTH)


class ShortDataError(Exception):
    """The bytes end before the field does."""


class Reader:
    """Takes fields one after another; raises ShortDataError past the end."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._position + length
        if end > len(self._data):
            raise ShortDataError
        piece = self._data[self._position : end]
        self._position = end
        return piece

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._position)

    def unsigned(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def signed(self, size: int) -> int:
        """A signed number of `size` bytes."""
        return int.from_bytes(self.take(size), "little", signed=True)

    def u8(self) -> int:
        """One byte."""
        return self.unsigned(1)

    def u16(self) -> int:
        """Two bytes."""
        return self.unsigned(2)

    def u32(self) -> int:
        """Four bytes."""
        return self.unsigned(4)

    def u64(self) -> int:
        """Eight bytes."""
        return self.unsigned(8)

    def flag(self) -> bool:
        """One byte that is zero or not."""
        return self.u8() != 0

    def amount(self) -> str:
        """Eight bytes, as a decimal string."""
        return str(self.u64())

    def key(self) -> str:
        """A key, as base58."""
        return b58(self.take(KEY_LENGTH))

    def key_or_none(self) -> str | None:
        """A key of which zeros mean none."""
        raw = self.take(KEY_LENGTH)
        return None if raw == NO_KEY else b58(raw)

    def tagged_key(self, tag_size: int = 1) -> str | None:
        """A key after a tag that says whether there is one; an absent one takes no bytes."""
        return self.key() if self.unsigned(tag_size) else None

    def fixed_tagged_key(self) -> str | None:
        """A key after a four-byte tag, whose place is taken also when it is absent."""
        present, key = self.u32(), self.key()
        return key if present else None

    def text(self, length_size: int = 8) -> str:
        """A string after its length; raises ShortDataError when it is no UTF-8."""
        raw = self.take(self.unsigned(length_size))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise ShortDataError from None

    def short_text(self) -> str:
        """A string after a four-byte length."""
        return self.text(4)

    def base64(self) -> str:
        """Bytes after their length, as base64."""
        return to_base64(self.take(self.u64()))
