"""launch_token_spl: the same launch for a mint of the classic Token program, whose metadata is Metaplex's."""

import struct
from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.instructions.metaplex import Metadata, Share, create_metadata, hand_over, update_texts
from launchpad.chain.instructions.solana import MINT_BYTES, create_mint
from launchpad.chain.metaplex import METAPLEX, ListedMetadata
from tests.metaplex import first_form, install, metadata_of, needs_metaplex
from tests.programs.attacks import WRONG_OWNER, WRONG_PROGRAM, WRONG_SEEDS
from tests.programs.harness import CURVE, LAUNCHER, TOKEN, TOKEN_2022, VESTING, Chain, ata, refused
from tests.programs.token_launcher.launches import (
    CLASSIC,
    FEE,
    FULL,
    LOCK_INDEX,
    NOBODY,
    SUPPLY,
    TEAM_INDEX,
    Pad,
    first_buy,
    mint_authorities,
    open_pad,
)

pytestmark = needs_metaplex
PROGRAM = Pubkey.from_string(METAPLEX)


@pytest.fixture
def pad() -> Pad:
    chain = Chain()
    install(chain)
    return open_pad(chain, TOKEN)


def test_the_mint_is_a_classic_one_with_its_supply_on_the_curve(pad: Pad) -> None:
    token = pad.launch()
    account = pad.chain.account(token.mint)
    assert (account.owner, len(account.data)) == (TOKEN, MINT_BYTES)
    assert (pad.chain.supply(token.mint), account.data[44]) == (SUPPLY, 9)
    assert mint_authorities(account.data) == (None, None)
    assert token.held(CURVE.pda(b"curve", token.mint)) == SUPPLY
    curve = token.curve
    assert (curve["token_program"], curve["authority"]) == (TOKEN, token.address)
    assert curve["raise_target"] == 85_005_359_057


def test_the_record_and_the_event_say_what_stands_in_mint_and_metadata(pad: Pad) -> None:
    token = pad.launch(decimals=6, name="Näme", symbol="SYM", uri="https://x.example/1")
    record, event = token.record, token.receipt.event(LAUNCHER, "TokenLaunched")
    creator = pad.creator.pubkey()
    assert (record["update_policy"], record["update_authority"]) == ("Metaplex", creator)
    assert (record["decimals"], record["supply"], record["allocations"]) == (6, SUPPLY, CLASSIC)
    told = [event[each] for each in ("name", "symbol", "uri", "decimals", "update_authority", "creation_fee")]
    assert told == ["Näme", "SYM", "https://x.example/1", 6, creator, FEE]
    assert event["metadata_hash"] == record["metadata_hash"] == bytes(range(32))


def test_the_longest_texts_arrive_whole(pad: Pad) -> None:
    texts = {"name": "é" * 16, "symbol": "0123456789", "uri": "https://" + "u" * 192}
    event = pad.launch(**texts).receipt.event(LAUNCHER, "TokenLaunched")
    assert {each: event[each] for each in texts} == texts


@pytest.mark.parametrize(("to", "named"), [("Immutable", NOBODY), ("council", None)])
def test_who_may_change_the_metadata_is_recorded(pad: Pad, to: str, named: Pubkey | None) -> None:
    council = Keypair().pubkey()
    to_whom = to if to == "Immutable" else {"Governance": {"authority": council}}
    record = pad.launch(update_authority=to_whom).record
    assert (record["update_policy"], record["update_authority"]) == ("Metaplex", named or council)


def test_every_bucket_and_a_locked_first_buy(pad: Pad) -> None:
    token = pad.launch(first_buy(), allocations=FULL)
    bought = token.record["first_buy"]
    assert bought == token.schedule(LOCK_INDEX)["amount"] > 0
    assert token.schedule(TEAM_INDEX)["amount"] == SUPPLY * 2_000 // 10_000
    assert token.held(pad.ecosystem) == SUPPLY * 900 // 10_000
    assert token.held(pad.foundation) == SUPPLY * 600 // 10_000
    assert token.held(CURVE.pda(b"curve", token.mint)) == SUPPLY * 6_500 // 10_000 - bought
    assert token.receipt.event(LAUNCHER, "TokenLaunched")["first_buy"] == bought


def test_an_unlocked_first_buy_lands_in_the_creators_account(pad: Pad) -> None:
    token = pad.launch(first_buy(lock=None))
    assert token.held(pad.creator.pubkey()) == token.record["first_buy"] > 0
    assert token.record["first_buy_lock"] == NOBODY


def test_a_launch_may_find_mint_and_metadata_of_an_earlier_transaction(pad: Pad) -> None:
    mint, args = Keypair(), pad.args()
    pad.chain.send(pad.made(mint.pubkey(), args), [pad.creator, mint])
    pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    assert pad.chain.supply(mint.pubkey()) == SUPPLY


def test_a_revocable_team_is_revoked(pad: Pad) -> None:
    token = pad.launch(allocations=FULL)
    schedule = VESTING.pda(b"vesting", token.mint, pad.creator.pubkey(), bytes(2))
    accounts = {
        "creator": pad.creator.pubkey(),
        "launch_record": token.address,
        "mint": token.mint,
        "team_schedule": schedule,
        "team_escrow": ata(schedule, token.mint, TOKEN),
        "staging": ata(token.address, token.mint, TOKEN),
        "token_program": TOKEN,
        "vesting_event_authority": VESTING.event_authority,
    }
    pad.chain.send([LAUNCHER.instruction("revoke_team", {}, accounts)], [pad.creator])
    assert pad.chain.supply(token.mint) == SUPPLY - SUPPLY * 2_000 // 10_000


def test_a_mintable_supply_is_the_records_to_mint(pad: Pad) -> None:
    mode = {"Mintable": {"authority": pad.creator.pubkey(), "cap": 2 * SUPPLY}}
    token = pad.launch(supply_mode=mode)
    assert mint_authorities(pad.chain.account(token.mint).data) == (token.address, None)
    accounts = {
        "authority": pad.creator.pubkey(),
        "launch_record": token.address,
        "mint": token.mint,
        "curve": CURVE.pda(b"curve", token.mint),
        "recipient_base": ata(CURVE.pda(b"curve", token.mint), token.mint, TOKEN),
        "token_program": TOKEN,
    }
    grow = LAUNCHER.instruction("mint_tokens", {"amount": 5}, accounts)
    with refused(LAUNCHER, "NotGraduated"):
        pad.chain.send([grow], [pad.creator])
    graduate(pad, token.mint)
    pad.chain.send([grow], [pad.creator])
    assert pad.chain.supply(token.mint) == SUPPLY + 5


def graduate(pad: Pad, mint: Pubkey) -> None:
    """Marks the curve as graduated: what this program asks of it is its status alone."""
    key = CURVE.pda(b"curve", mint)
    account = pad.chain.account(key)
    state = pad.chain.read(CURVE, "Curve", key) | {"status": "Graduated"}
    data = CURVE.encode_account("Curve", state)
    pad.chain.set_account(key, data.ljust(len(account.data), b"\0"), CURVE.id, lamports=account.lamports)


class TestMetadataElsewhere:
    """What the launcher cannot change it refuses to pretend to change."""

    def test_update_metadata_points_to_metaplex(self, pad: Pad) -> None:
        token = pad.launch()
        change = {"field": "Name", "value": "Other", "metadata_hash": bytes(32)}
        named = {"update_authority": pad.creator.pubkey(), "launch_record": token.address, "mint": token.mint}
        with refused(LAUNCHER, "MetadataElsewhere"):
            pad.chain.send([LAUNCHER.instruction("update_metadata", {"args": change}, named)], [pad.creator])

    @pytest.mark.parametrize("to", ["Immutable", "Creator"])
    def test_set_update_authority_points_to_metaplex(self, pad: Pad, to: str) -> None:
        token, creator = pad.launch(), pad.creator.pubkey()
        named = {"update_authority": creator, "launch_record": token.address, "mint": token.mint}
        named |= {"new_authority": creator} if to == "Creator" else {}
        with refused(LAUNCHER, "MetadataElsewhere"):
            pad.chain.send([LAUNCHER.instruction("set_update_authority", {"to": to}, named)], [pad.creator])

    def test_a_new_creator_does_not_get_metadata_that_is_anothers(self, pad: Pad) -> None:
        token, heir = pad.launch(), pad.chain.wallet()
        offer = {"creator": pad.creator.pubkey(), "launch_record": token.address}
        proposed = LAUNCHER.instruction("propose_creator", {"new_creator": heir.pubkey()}, offer)
        pad.chain.send([proposed], [pad.creator])
        take = {
            "pending_creator": heir.pubkey(),
            "launch_record": token.address,
            "curve": CURVE.pda(b"curve", token.mint),
            "bonding_curve_event_authority": CURVE.event_authority,
            "amm_program": None,
        }
        pad.chain.send([LAUNCHER.instruction("accept_creator", {}, take)], [heir])
        assert (token.record["creator"], token.record["update_authority"]) == (heir.pubkey(), pad.creator.pubkey())

    def test_the_update_authority_changes_it_there(self, pad: Pad) -> None:
        token, council = pad.launch(), pad.chain.wallet()
        texts = ListedMetadata("", "Other", "OTH", "https://x.example/2", None)
        mint, creator = str(token.mint), str(pad.creator.pubkey())
        changes = [update_texts(mint, creator, texts), hand_over(mint, creator, str(council.pubkey()))]
        pad.chain.send([first_form(each) for each in changes], [pad.creator])
        data = pad.chain.account(metadata_of(token.mint)).data
        assert data[1:33] == bytes(council.pubkey())
        assert b"Other\0" in data
        assert b"https://x.example/2\0" in data


def mint_and_metadata(
    pad: Pad, mint: Keypair, metadata: Metadata | None = None, **minted: Any
) -> tuple[list[Instruction], list[Instruction]]:
    """A mint and its metadata as somebody may make them who wants more than a launch allows."""
    creator, key = str(pad.creator.pubkey()), str(mint.pubkey())
    texts = metadata or Metadata("Example", "EXM", "ipfs://x")
    made = create_mint(creator, key, pad.chain.rent(MINT_BYTES), **{"decimals": 9, **minted})
    return made, [first_form(create_metadata(key, creator, texts))]


def token_call(data: bytes, *keys: tuple[Pubkey, bool, bool]) -> Instruction:
    """An instruction of the classic Token program."""
    return Instruction(TOKEN, data, [AccountMeta(*each) for each in keys])


class TestRefusals:
    """Everything that a launch takes for granted is looked at."""

    def launch(self, pad: Pad, mint: Keypair, *before: Instruction, **accounts: Pubkey) -> None:
        launch = pad.instruction(mint.pubkey(), pad.args(), None, accounts)
        pad.chain.send([*before, launch], [pad.creator, mint])

    def test_a_freeze_authority(self, pad: Pad) -> None:
        mint = Keypair()
        made, listed = mint_and_metadata(pad, mint, freeze_authority=str(pad.creator.pubkey()))
        with refused(LAUNCHER, "InvalidMint"):
            self.launch(pad, mint, *made, *listed)

    def test_a_supply(self, pad: Pad) -> None:
        mint, creator = Keypair(), pad.creator.pubkey()
        made, listed = mint_and_metadata(pad, mint)
        account = ata(creator, mint.pubkey(), TOKEN)
        pad.chain.send([*made, *listed], [pad.creator, mint])
        pad.chain.set_tokens(creator, mint.pubkey(), 0, program=TOKEN)
        minted = (mint.pubkey(), False, True), (account, False, True), (creator, True, False)
        one = token_call(struct.pack("<BQ", 7, 1), *minted)
        with refused(LAUNCHER, "InvalidMint"):
            self.launch(pad, mint, one)

    def test_burned_supply_leaves_a_mint_as_new(self, pad: Pad) -> None:
        mint, creator = Keypair(), pad.creator.pubkey()
        made, listed = mint_and_metadata(pad, mint)
        pad.chain.send([*made, *listed], [pad.creator, mint])
        account = pad.chain.set_tokens(creator, mint.pubkey(), 0, program=TOKEN)
        key, held, owner = (mint.pubkey(), False, True), (account, False, True), (creator, True, False)
        minted = token_call(struct.pack("<BQ", 7, 1), key, held, owner)
        burned = token_call(struct.pack("<BQ", 8, 1), held, key, owner)
        self.launch(pad, mint, minted, burned)
        assert pad.chain.supply(mint.pubkey()) == SUPPLY

    @pytest.mark.parametrize("somebody", [True, False])
    def test_another_mint_authority(self, pad: Pad, somebody: bool) -> None:
        mint, creator = Keypair(), pad.creator.pubkey()
        made, listed = mint_and_metadata(pad, mint)
        to = b"\1" + bytes(Keypair().pubkey()) if somebody else b"\0"
        given = token_call(b"\x06\x00" + to, (mint.pubkey(), False, True), (creator, True, False))
        with refused(LAUNCHER, "InvalidMint"):
            self.launch(pad, mint, *made, *listed, given)

    def test_a_mint_of_token_2022(self, pad: Pad) -> None:
        mint = Keypair()
        pad.chain.new_mint(key=mint.pubkey(), authority=pad.creator.pubkey(), program=TOKEN_2022)
        with refused(LAUNCHER, WRONG_OWNER):
            self.launch(pad, mint)

    def test_another_token_program(self, pad: Pad) -> None:
        mint = Keypair()
        made, listed = mint_and_metadata(pad, mint)
        with refused(LAUNCHER, WRONG_PROGRAM):
            self.launch(pad, mint, *made, *listed, token_program=TOKEN_2022)

    def test_the_other_launch_with_the_classic_program(self, pad: Pad) -> None:
        mint, args = Keypair(), pad.args()
        made, _ = mint_and_metadata(pad, mint)
        accounts = {**pad.accounts(mint.pubkey(), args), "token_program": TOKEN}
        del accounts["metadata"]
        with refused(LAUNCHER, WRONG_PROGRAM):
            pad.chain.send([*made, LAUNCHER.instruction("launch_token", {"args": args}, accounts)], [pad.creator, mint])

    def test_a_mint_that_does_not_exist(self, pad: Pad) -> None:
        with refused(LAUNCHER, WRONG_OWNER):
            self.launch(pad, Keypair())

    def test_no_metadata(self, pad: Pad) -> None:
        mint = Keypair()
        made, _ = mint_and_metadata(pad, mint)
        with refused(LAUNCHER, "InvalidMetadata"):
            self.launch(pad, mint, *made)

    def test_the_metadata_of_another_mint(self, pad: Pad) -> None:
        mint, other = Keypair(), pad.launch()
        made, listed = mint_and_metadata(pad, mint)
        with refused(LAUNCHER, WRONG_SEEDS):
            self.launch(pad, mint, *made, *listed, metadata=metadata_of(other.mint))

    @pytest.mark.parametrize("owner", [TOKEN, LAUNCHER.id, NOBODY])
    def test_metadata_of_another_program(self, pad: Pad, owner: Pubkey) -> None:
        mint, real = Keypair(), pad.launch()
        made, _ = mint_and_metadata(pad, mint)
        data = self.renamed(pad, real.mint, mint.pubkey())
        pad.chain.set_account(metadata_of(mint.pubkey()), data, owner)
        with refused(LAUNCHER, "InvalidMetadata"):
            self.launch(pad, mint, *made)

    @pytest.mark.parametrize("kind", [0, 1, 2, 6, 255])
    def test_an_account_of_metaplex_that_is_no_metadata(self, pad: Pad, kind: int) -> None:
        mint, real = Keypair(), pad.launch()
        made, _ = mint_and_metadata(pad, mint)
        data = bytes([kind]) + self.renamed(pad, real.mint, mint.pubkey())[1:]
        pad.chain.set_account(metadata_of(mint.pubkey()), data, PROGRAM)
        with refused(LAUNCHER, "InvalidMetadata"):
            self.launch(pad, mint, *made)

    def test_metadata_that_names_another_mint(self, pad: Pad) -> None:
        mint, real = Keypair(), pad.launch()
        made, _ = mint_and_metadata(pad, mint)
        data = pad.chain.account(metadata_of(real.mint)).data
        pad.chain.set_account(metadata_of(mint.pubkey()), data, PROGRAM)
        with refused(LAUNCHER, "InvalidMetadata"):
            self.launch(pad, mint, *made)

    @staticmethod
    def renamed(pad: Pad, real: Pubkey, mint: Pubkey) -> bytes:
        """Real metadata as if it were of another mint."""
        data = pad.chain.account(metadata_of(real)).data
        return data[:33] + bytes(mint) + data[65:]

    @pytest.mark.parametrize(("royalty", "named"), [(1, False), (0, True), (10_000, True)])
    def test_creators_and_royalties(self, pad: Pad, royalty: int, named: bool) -> None:
        mint = Keypair()
        creators = [Share(str(pad.creator.pubkey()), 100)] if named else []
        made, listed = mint_and_metadata(pad, mint, Metadata("Example", "EXM", "ipfs://x", royalty, creators))
        with refused(LAUNCHER, "RoyaltyOnToken"):
            self.launch(pad, mint, *made, *listed)

    @pytest.mark.parametrize(
        ("error", "texts"),
        [
            ("InvalidName", ("", "EXM", "ipfs://x")),
            ("InvalidName", (" padded", "EXM", "ipfs://x")),
            ("InvalidName", ("hid\u202eden", "EXM", "ipfs://x")),
            ("InvalidSymbol", ("Example", "TWO WORDS", "ipfs://x")),
            ("InvalidUri", ("Example", "EXM", "")),
            ("InvalidUri", ("Example", "EXM", "ipfs://a b")),
        ],
    )
    def test_texts_that_no_token_may_have(self, pad: Pad, error: str, texts: tuple[str, str, str]) -> None:
        mint = Keypair()
        made, listed = mint_and_metadata(pad, mint, Metadata(*texts))
        with refused(LAUNCHER, error):
            self.launch(pad, mint, *made, *listed)

    def test_a_mint_is_launched_once(self, pad: Pad) -> None:
        mint, args = Keypair(), pad.args()
        pad.chain.send([*pad.made(mint.pubkey(), args), pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
        with refused(LAUNCHER, "InvalidMint"):
            pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])

    def test_signatures_of_creator_and_mint(self, pad: Pad) -> None:
        mint, thief, args = Keypair(), pad.chain.wallet(), pad.args()
        pad.chain.send(pad.made(mint.pubkey(), args), [pad.creator, mint])
        stolen = pad.instruction(mint.pubkey(), args, None, {"creator": thief.pubkey()})
        with refused(LAUNCHER, "InvalidMint"):
            pad.chain.send([stolen], [thief, mint])
        for unsigned in ("mint", "creator"):
            bare = pad.instruction(mint.pubkey(), args, unsigned=[unsigned])
            with refused(None):
                pad.chain.send([bare], [thief, *([pad.creator] if unsigned == "mint" else [mint])])

    def test_nothing_while_launches_are_paused(self, pad: Pad) -> None:
        named = {"authority": pad.chain.admin.pubkey(), "config": pad.config}
        pad.chain.send([LAUNCHER.instruction("set_paused", {"paused": True}, named)], [pad.chain.admin])
        with refused(LAUNCHER, "Paused"):
            pad.launch()

    def test_wrong_numbers_as_every_launch_refuses_them(self, pad: Pad) -> None:
        for error, changes in (
            ("InvalidSupply", {"supply": 0, "segments": [{"base_reserve": 2, "quote_reserve": 1, "base_for_sale": 1}]}),
            ("InvalidAllocations", {"allocations": CLASSIC | {"public_bps": 7_930}}),
            ("SaleMismatch", {"segments": [{"base_reserve": 2, "quote_reserve": 1, "base_for_sale": 1}]}),
            ("InvalidSupplyMode", {"supply_mode": {"Mintable": {"authority": NOBODY, "cap": 2 * SUPPLY}}}),
        ):
            with refused(LAUNCHER, error):
                pad.launch(**changes)
        with refused(LAUNCHER, "InvalidDecimals"):
            pad.launch(decimals=10)


def test_the_accounts_are_those_of_the_other_launch_and_the_metadata() -> None:
    other, own = (LAUNCHER.spec(name)["accounts"] for name in ("launch_and_buy", "launch_token_spl"))
    names = [each["name"] for each in own]
    assert [each for each in names if each != "metadata"] == [each["name"] for each in other]
    pinned = {each["name"]: each["address"] for each in own if "address" in each}
    assert pinned["token_program"] == str(TOKEN)
