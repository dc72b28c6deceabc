"""Base58 of long data, which the usual way, digit by digit, takes a time that grows with the square of its length."""

from functools import cache

ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 255
_DIGITS = bytes(ALPHABET.index(byte) if byte in ALPHABET else _NO_DIGIT for byte in range(256))


def decode(text: str) -> bytes:
    """The bytes of a base58 text; ValueError where it holds anything else.

    All digits lie side by side in one integer, a byte each. Each step makes one digit of every two
    neighbours, in the base's square, in a few operations on the whole integer: 400 digits take nine steps.
    """
    digits = text.encode().translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise ValueError("This is no base58 text.")
    number = int.from_bytes(digits, "big")
    for mask, bits, power in _steps(max(len(digits) - 1, 0).bit_length()):
        low = number & mask
        number = low + ((number ^ low) >> bits) * power
    zeros = len(digits) - len(digits.lstrip(b"\0"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@cache
def _steps(doublings: int) -> tuple[tuple[int, int, int], ...]:
    """For 2 ** doublings digits: which of them are the lower of each pair, the bits of one, and its base."""
    return tuple(_step(8 << n, doublings - n - 1) for n in range(doublings))


def _step(bits: int, doublings: int) -> tuple[int, int, int]:
    size = bits // 8
    mask = int.from_bytes((bytes(size) + b"\xff" * size) * (1 << doublings), "big")
    return mask, bits, 58**size
