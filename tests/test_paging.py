"""Cursors: exact, opaque, and refused when they are made up."""

from decimal import Decimal

import pytest

from launchpad import paging
from launchpad.paging import InvalidCursorError


def test_a_cursor_brings_its_key_back_exactly():
    key = (Decimal("123456789012345678901234567890.12345"), "mint", 2**62)
    assert paging.decode(paging.encode(key), (Decimal, str, int)) == key


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "AAAA", paging.encode(("a", "b")), paging.encode(("x",)), paging.encode((2**63,)), "W251bGxd", "ä"],
)
def test_what_no_page_gave_out_is_refused(cursor):
    with pytest.raises(InvalidCursorError):
        paging.decode(cursor, (int,))


def test_numbers_no_database_takes_are_refused():
    for text in ("NaN", "Infinity", "1e99"):
        with pytest.raises(InvalidCursorError):
            paging.decode(paging.encode((text,)), (Decimal,))
    with pytest.raises(InvalidCursorError):
        paging.decode(paging.encode(("a\0b",)), (str,))


def test_a_page_is_cut_and_says_where_it_goes_on():
    shown, meta = paging.cut([1, 2, 3], 2, lambda row: (row,))
    assert shown == [1, 2]
    assert meta.has_more
    assert paging.decode(meta.next, (int,)) == (2,)


def test_the_last_page_has_no_next():
    shown, meta = paging.cut([1, 2], 2, lambda row: (row,))
    assert shown == [1, 2]
    assert meta.next is None
    assert not meta.has_more
