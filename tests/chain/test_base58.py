import random

import pytest
from based58 import b58encode

from launchpad.chain import base58


@pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 64, 255, 256, 300, 1000])
def test_data_of_every_length_comes_back(size):
    chance = random.Random(size)
    for _ in range(20):
        data = bytes(chance.randrange(3)) + chance.randbytes(size)
        assert base58.decode(b58encode(data).decode()) == data


def test_the_ends_of_the_range_come_back():
    for data in (b"", bytes(1), bytes(40), b"\xff" * 300, b"\0" + b"\xff" * 64):
        assert base58.decode(b58encode(data).decode()) == data


@pytest.mark.parametrize("text", ["0", "1I1", "lO", "a b", "é"])
def test_what_is_no_base58_is_refused(text):
    with pytest.raises(ValueError, match="no base58"):
        base58.decode(text)
