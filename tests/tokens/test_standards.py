"""What a cluster without Metaplex's program says of the classic standard."""

from launchpad.tokens import standards


class Rpc:
    """A node that knows no account."""

    async def get_account(self, _):
        return None


class Chain:
    """A client of such a node."""

    rpc = Rpc()


async def test_the_classic_standard_is_not_to_be_had_without_the_program():
    usual, classic = await standards.listed(Chain())
    assert (usual.available, classic.available) == (True, False)
    assert "no Metaplex program" in classic.reason
