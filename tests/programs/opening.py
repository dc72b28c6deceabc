"""Sales whose opening has rules, and what wallets send to be admitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import Market, open_market, sale_terms, terms_of
from tests.programs.harness import CURVE, TOKEN_2022, Chain, Receipt, ata

MINIMUM = 5_000


def opening_rules(**changes: Any) -> dict[str, Any]:
    """Rules that say nothing, with changes."""
    usual: dict[str, Any] = sale_terms()["opening"]
    return usual | changes


def allowlist(root: bytes, seconds: int) -> dict[str, Any]:
    """The first tier."""
    return {"root": root, "seconds": seconds}


def holders(mint: Pubkey, seconds: int, minimum: int = MINIMUM) -> dict[str, Any]:
    """The next tier."""
    return {"mint": mint, "minimum": minimum, "seconds": seconds}


def ruled(chain: Chain, rules: dict[str, Any], **changes: Any) -> Market:
    """A classic curve whose opening has these rules."""
    return open_market(chain, sale=sale_terms(opening=opening_rules(**rules)), **changes)


@dataclass(frozen=True)
class Tree:
    """A Merkle tree as the program reads it: a node that has no sister goes up as it is."""

    wallets: tuple[Pubkey, ...]

    @property
    def levels(self) -> list[list[bytes]]:
        """The leaves, then each level above."""
        levels = [[sha256(b"\0" + bytes(wallet)).digest() for wallet in self.wallets]]
        while len(levels[-1]) > 1:
            below = levels[-1]
            pairs = [below[place : place + 2] for place in range(0, len(below), 2)]
            levels.append([sha256(b"\1" + b"".join(sorted(pair))).digest() if pair[1:] else pair[0] for pair in pairs])
        return levels

    @property
    def root(self) -> bytes:
        """What the terms name."""
        return self.levels[-1][0]

    def proof(self, wallet: Pubkey) -> list[bytes]:
        """The nodes beside the way up."""
        place, nodes = self.wallets.index(wallet), []
        for level in self.levels[:-1]:
            nodes += level[place ^ 1 : (place ^ 1) + 1]
            place //= 2
        return nodes


def position_of(market: Market, wallet: Pubkey) -> Pubkey:
    """A wallet's position in a sale."""
    return CURVE.pda(b"position", market.mint, wallet)


def position(market: Market, wallet: Pubkey) -> dict[str, Any]:
    """What it says."""
    return market.chain.read(CURVE, "Position", position_of(market, wallet))


def terms_account(market: Market) -> Pubkey:
    """The account of a sale's terms."""
    assert market.opening.sale
    return terms_of(market.opening.sale)


def open_position(market: Market, payer: Pubkey, wallet: Pubkey, **accounts: Pubkey | None) -> Instruction:
    """Makes a wallet's position."""
    named = {"payer": payer, "wallet": wallet, "curve": market.curve, "position": position_of(market, wallet)}
    return CURVE.instruction("open_position", {}, named | accounts)


def prove(market: Market, wallet: Pubkey, proof: Sequence[bytes], **accounts: Pubkey | None) -> Instruction:
    """Shows that the allowlist names a wallet."""
    named = {"curve": market.curve, "terms": terms_account(market), "position": position_of(market, wallet)}
    return CURVE.instruction("prove_allowlisted", {"proof": list(proof)}, named | accounts)


def pledged_accounts(market: Market, wallet: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022) -> dict[str, Pubkey]:
    """The accounts of a pledge, made or returned."""
    place = position_of(market, wallet)
    return {
        "wallet": wallet,
        "curve": market.curve,
        "terms": terms_account(market),
        "position": place,
        "community_mint": mint,
        "wallet_account": ata(wallet, mint, program),
        "escrow": ata(place, mint, program),
        "token_program": program,
    }


def pledge(
    market: Market, wallet: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022, /, **accounts: Pubkey | None
) -> Instruction:
    """Lays the community's token down."""
    return CURVE.instruction("pledge", {}, pledged_accounts(market, wallet, mint, program) | accounts)


def close_position(market: Market, wallet: Pubkey, /, **accounts: Pubkey | None) -> Instruction:
    """Takes rent and pledge back; `accounts` are those of `pledged_accounts` where there is one."""
    named = {"wallet": wallet, "curve": market.curve, "position": position_of(market, wallet)}
    return CURVE.instruction("close_position", {}, named | accounts)


def bound(market: Market, wallet: Pubkey) -> dict[str, Pubkey | None]:
    """The accounts that rules ask a buy for."""
    return {"terms": terms_account(market), "position": position_of(market, wallet)}


def with_position(market: Market, sol: float = 100) -> Keypair:
    """A trader who has a position."""
    trader = market.trader(sol)
    market.chain.send([open_position(market, trader.pubkey(), trader.pubkey())], [trader])
    return trader


def buy(market: Market, trader: Keypair, base: int, **accounts: Pubkey | None) -> Receipt:
    """Buys that many base units under the rules."""
    more: dict[str, Any] = {**bound(market, trader.pubkey()), **accounts}
    return market.buy_out(trader, base, deadline=2**40, **more)
