"""mint_tokens: a mintable supply grows by its authority, to its cap and no further."""

from dataclasses import dataclass

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import CURVE, LAUNCHER, TOKEN, TOKEN_2022, Chain, Receipt, ata, refused
from tests.programs.token_launcher.launches import SUPPLY, Launched, Pad, open_pad

ROOM = 1_000


@dataclass
class Minting:
    token: Launched
    minter: Keypair

    def instruction(self, amount: int, *unsigned: str, **accounts: Pubkey) -> Instruction:
        named = {
            "authority": self.minter.pubkey(),
            "launch_record": self.token.address,
            "mint": self.token.mint,
            "curve": CURVE.pda(b"curve", self.token.mint),
            "recipient_base": ata(self.minter.pubkey(), self.token.mint),
            "token_program": TOKEN_2022,
        }
        return LAUNCHER.instruction("mint_tokens", {"amount": amount}, named | accounts, unsigned=unsigned)

    def mint(self, amount: int, **accounts: Pubkey) -> Receipt:
        return self.token.pad.chain.send([self.instruction(amount, **accounts)], [self.minter])

    def move_curve_to(self, status: str) -> None:
        """Puts the curve in a stage of its life."""
        chain, curve = self.token.pad.chain, CURVE.pda(b"curve", self.token.mint)
        data = CURVE.encode_account("Curve", {**self.token.curve, "status": status})
        chain.set_account(curve, data, CURVE.id, lamports=chain.lamports(curve))


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


@pytest.fixture
def minting(pad: Pad) -> Minting:
    minter = pad.chain.wallet()
    mode = {"Mintable": {"authority": minter.pubkey(), "cap": SUPPLY + ROOM}}
    token = pad.launch(supply_mode=mode)
    pad.chain.set_tokens(minter.pubkey(), token.mint, 0)
    minting = Minting(token, minter)
    minting.move_curve_to("Graduated")
    return minting


def test_the_authority_creates_tokens_up_to_the_cap(minting: Minting) -> None:
    chain = minting.token.pad.chain
    minting.mint(400)
    event = minting.mint(600).event(LAUNCHER, "TokensMinted")
    assert event.data == {
        "mint": minting.token.mint,
        "authority": minting.minter.pubkey(),
        "amount": 600,
        "minted": 1_000,
        "timestamp": chain.now,
    }
    assert minting.token.held(minting.minter.pubkey()) == minting.token.record["minted"] == 1_000
    assert chain.supply(minting.token.mint) == SUPPLY + ROOM
    with refused(LAUNCHER, "CapExceeded"):
        minting.mint(1)


@pytest.mark.parametrize(
    ("amount", "error"), [(0, "ZeroAmount"), (ROOM + 1, "CapExceeded"), (2**64 - 1, "CapExceeded")]
)
def test_amounts_outside_the_cap_are_refused(minting: Minting, amount: int, error: str) -> None:
    with refused(LAUNCHER, error):
        minting.mint(amount)
    assert minting.token.record["minted"] == 0


@pytest.mark.parametrize("status", ["Trading", "Complete", "Refunding"])
def test_nothing_is_created_before_the_graduation(minting: Minting, status: str) -> None:
    minting.move_curve_to(status)
    with refused(LAUNCHER, "NotGraduated"):
        minting.mint(1)
    assert minting.token.record["minted"] == 0


def test_burning_makes_no_room_under_the_cap(minting: Minting) -> None:
    chain, holder = minting.token.pad.chain, minting.minter.pubkey()
    minting.mint(ROOM)
    chain.send([burn(ata(holder, minting.token.mint), minting.token.mint, holder, 500)], [minting.minter])
    assert chain.supply(minting.token.mint) == SUPPLY + 500
    with refused(LAUNCHER, "CapExceeded"):
        minting.mint(1)


def burn(account: Pubkey, mint: Pubkey, owner: Pubkey, amount: int) -> Instruction:
    metas = [
        AccountMeta(account, is_signer=False, is_writable=True),
        AccountMeta(mint, is_signer=False, is_writable=True),
        AccountMeta(owner, is_signer=True, is_writable=False),
    ]
    return Instruction(TOKEN_2022, b"\x08" + amount.to_bytes(8, "little"), metas)


def test_anybody_may_receive(minting: Minting) -> None:
    friend = Keypair().pubkey()
    minting.token.pad.chain.set_tokens(friend, minting.token.mint, 0)
    minting.mint(5, recipient_base=ata(friend, minting.token.mint))
    assert minting.token.held(friend) == 5


@pytest.mark.parametrize("mode", ["Fixed", "Burnable"])
def test_a_fixed_supply_stays_fixed(pad: Pad, mode: str) -> None:
    token = pad.launch(supply_mode=mode)
    pad.chain.set_tokens(pad.creator.pubkey(), token.mint, 0)
    with refused(LAUNCHER, "SupplyFixed"):
        Minting(token, pad.creator).mint(1)


def test_only_the_named_authority_mints(minting: Minting) -> None:
    pad = minting.token.pad
    with refused(LAUNCHER, "InvalidAuthority"):
        pad.chain.send([minting.instruction(1, authority=pad.creator.pubkey())], [pad.creator])
    with refused(None, 3010):
        pad.chain.send([minting.instruction(1, "authority")], [pad.creator])


def test_accounts_that_do_not_belong_are_refused(minting: Minting) -> None:
    pad, token = minting.token.pad, minting.token
    other, stranger = pad.launch(), Keypair().pubkey()
    forged, copied = Keypair().pubkey(), Keypair().pubkey()
    data = pad.chain.account(token.address).data
    pad.chain.set_account(forged, data, stranger)
    pad.chain.set_account(copied, data, LAUNCHER.id)
    pad.chain.set_tokens(minting.minter.pubkey(), other.mint, 0)
    whole = {"mint": other.mint, "launch_record": other.address, "curve": CURVE.pda(b"curve", other.mint)}
    cases = [
        ({"launch_record": other.address}, 2006),
        ({"launch_record": copied}, 2006),
        ({"launch_record": forged}, 3007),
        ({"launch_record": pad.config}, 3002),
        ({"mint": other.mint}, 2006),
        (whole, LAUNCHER.error("SupplyFixed")),
        ({"recipient_base": ata(minting.minter.pubkey(), other.mint)}, None),
        ({"recipient_base": stranger}, None),
        ({"curve": CURVE.pda(b"curve", other.mint)}, 2006),
        ({"curve": stranger}, 2006),
        ({"token_program": TOKEN}, None),
        ({"event_authority": stranger}, 2012),
    ]
    for accounts, code in cases:
        with refused(None, code):
            minting.mint(1, **accounts)
    assert token.record["minted"] == 0


def test_a_curve_that_another_program_wrote_is_refused(minting: Minting) -> None:
    chain, curve = minting.token.pad.chain, CURVE.pda(b"curve", minting.token.mint)
    data = chain.account(curve).data
    chain.set_account(curve, data, Keypair().pubkey())
    with refused(None, 3007):
        minting.mint(1)
    chain.set_account(curve, chain.account(CURVE.pda(b"config")).data, CURVE.id)
    with refused(None, 3002):
        minting.mint(1)
