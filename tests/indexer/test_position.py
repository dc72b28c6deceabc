import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.indexer.position import Position, pack, slot_of, unpack

parts = st.tuples(st.integers(0, 2**34 - 1), st.integers(0, 2**17 - 1), st.integers(0, 63), st.integers(0, 63))


@given(parts)
def test_a_position_unpacks_to_its_parts_and_fits_a_bigint(one):
    assert unpack(pack(*one)) == Position(*one)
    assert slot_of(pack(*one)) == one[0]
    assert 0 <= pack(*one) < 2**63


@given(parts, parts)
def test_positions_compare_like_their_parts(one, other):
    assert (pack(*one) < pack(*other)) == (one < other)


@pytest.mark.parametrize("one", [(2**34, 0, 0, 0), (0, 2**17, 0, 0), (0, 0, 64, 0), (0, 0, 0, 64), (-1, 0, 0, 0)])
def test_a_part_that_does_not_fit_is_refused(one):
    with pytest.raises(ValueError, match="No position"):
        pack(*one)
