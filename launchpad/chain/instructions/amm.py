"""Instructions of the pools' program. Amounts are base units, deadlines Unix seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import AMM, TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.instructions.coding import instruction, key, struct
from launchpad.chain.pool_events import FeeTier

NAME: Final = "amm"
SOL: Final = 10**9

# What creators earn, by what the whole supply is worth in lamports.
DEFAULT_TIERS = (
    FeeTier(0, 30),
    FeeTier(1_000 * SOL, 25),
    FeeTier(5_000 * SOL, 20),
    FeeTier(20_000 * SOL, 10),
    FeeTier(100_000 * SOL, 5),
)


@dataclass(frozen=True, slots=True)
class Pool:
    """The accounts of a pool that are the same for everybody."""

    key: str
    base_mint: str
    quote_mint: str = WRAPPED_SOL
    base_token_program: str = TOKEN_2022
    quote_token_program: str = TOKEN

    @property
    def base_vault(self) -> str:
        """Where the base reserve lies."""
        return pda.pool_vault(self.key, self.base_mint)

    @property
    def quote_vault(self) -> str:
        """Where the quote reserve and the fees lie."""
        return pda.pool_vault(self.key, self.quote_mint)

    @property
    def lp_mint(self) -> str:
        """The mint of the shares."""
        return pda.lp_mint(self.key)

    def base_of(self, owner: str) -> str:
        """An owner's base account."""
        return pda.associated_token(owner, self.base_mint, self.base_token_program)

    def quote_of(self, owner: str) -> str:
        """An owner's quote account."""
        return pda.associated_token(owner, self.quote_mint, self.quote_token_program)

    def lp_of(self, owner: str) -> str:
        """An owner's account of shares."""
        return pda.associated_token(owner, self.lp_mint, TOKEN)


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """The program's fees: basis points of the quote amount."""

    fee_recipient: str
    lp_fee_bps: int = 20
    protocol_fee_bps: int = 5
    tiers: Sequence[FeeTier] = DEFAULT_TIERS


def graduates_pool(mint: str, token_program: str = TOKEN_2022) -> Pool:
    """The one pool of a graduate, against SOL."""
    return Pool(pda.canonical_pool(mint), mint, base_token_program=token_program)


def create_pool(
    opener: str, pool: Pool, amounts: tuple[int, int], index: int = 0, creator: str | None = None
) -> Instruction:
    """A pool of the opener's at `pda.free_pool`, filled with base and quote `amounts`, whose quotient is the price."""
    accounts = {
        **_pair(pool),
        "opener": opener,
        "lp_mint": pool.lp_mint,
        "opener_base": pool.base_of(opener),
        "opener_quote": pool.quote_of(opener),
        "opener_lp": pool.lp_of(opener),
        "token_program": TOKEN,
    }
    arguments = struct(
        NAME, "CreatePoolArgs", index=index, base_amount=amounts[0], quote_amount=amounts[1], creator=key(creator)
    )
    return instruction(NAME, "create_pool", accounts, arguments)


def swap_exact_in(
    pool: Pool,
    trader: str,
    *,
    is_buy: bool,
    amount_in: int,
    min_amount_out: int,
    deadline: int,
    quote_account: str | None = None,
) -> Instruction:
    """Pay exactly `amount_in`, fees included; at least `min_amount_out` or nothing, until `deadline`.

    Here and below `quote_account` is another quote account of the signer's than the associated one.
    """
    accounts = _swap(pool, trader, quote_account)
    return instruction(NAME, "swap_exact_in", accounts, is_buy, amount_in, min_amount_out, deadline)


def swap_exact_out(
    pool: Pool,
    trader: str,
    *,
    is_buy: bool,
    amount_out: int,
    max_amount_in: int,
    deadline: int,
    quote_account: str | None = None,
) -> Instruction:
    """Get `amount_out` after fees for at most `max_amount_in`, until `deadline`."""
    accounts = _swap(pool, trader, quote_account)
    return instruction(NAME, "swap_exact_out", accounts, is_buy, amount_out, max_amount_in, deadline)


def deposit(
    pool: Pool, provider: str, most: tuple[int, int], min_lp: int, deadline: int, quote_account: str | None = None
) -> Instruction:
    """Add base and quote, at most `most`, for at least `min_lp` shares."""
    return instruction(NAME, "deposit", _liquidity(pool, provider, quote_account), *most, min_lp, deadline)


def withdraw(
    pool: Pool, provider: str, lp_amount: int, least: tuple[int, int], quote_account: str | None = None
) -> Instruction:
    """Give shares back for their part of both reserves; at least `least` base and quote or nothing."""
    return instruction(NAME, "withdraw", _liquidity(pool, provider, quote_account), lp_amount, *least)


def claim_creator_fees(pool: Pool, creator: str, quote_account: str | None = None) -> Instruction:
    """Pay a pool's unclaimed creator fees to its creator."""
    accounts = {**_quote_side(pool), "creator": creator, "creator_quote": quote_account or pool.quote_of(creator)}
    return instruction(NAME, "claim_creator_fees", accounts)


def sweep_protocol_fees(pool: Pool, caller: str, fee_recipient: str) -> Instruction:
    """Pay a pool's unclaimed protocol fees to the recipient that the config names; anyone may call."""
    own = {"caller": caller, "config": pda.amm_config(), "recipient_quote": pool.quote_of(fee_recipient)}
    return instruction(NAME, "sweep_protocol_fees", {**_quote_side(pool), **own})


def set_creator(pool: Pool, authority: str, new_creator: str) -> Instruction:
    """Give a pool's creator fees to another wallet."""
    vaults = {"base_vault": pool.base_vault, "quote_vault": pool.quote_vault}
    return instruction(NAME, "set_creator", {"authority": authority, "pool": pool.key, **vaults}, key(new_creator))


def create_config(upgrade_authority: str, authority: str, terms: PoolTerms) -> Instruction:
    """The program's one config, made by its upgrade authority."""
    accounts = {"payer": upgrade_authority, "config": pda.amm_config(), "program_data": pda.program_data(AMM)}
    arguments = struct(NAME, "ConfigArgs", authority=key(authority), fees=_fees(terms))
    return instruction(NAME, "create_config", accounts, arguments)


def set_fees(authority: str, terms: PoolTerms) -> Instruction:
    """Replace the fees of all pools, every one of them."""
    return _privileged("set_fees", authority, _fees(terms))


def set_paused(authority: str, paused: bool) -> Instruction:
    """Stop or resume new pools, deposits and buys; nothing stops selling, withdrawing, claiming and graduating."""
    return _privileged("set_paused", authority, paused)


def propose_authority(authority: str, new_authority: str) -> Instruction:
    """Offer the config to somebody, who has to accept."""
    return _privileged("propose_authority", authority, key(new_authority))


def accept_authority(pending_authority: str) -> Instruction:
    """Take over the config."""
    accounts = {"pending_authority": pending_authority, "config": pda.amm_config()}
    return instruction(NAME, "accept_authority", accounts)


def _pair(pool: Pool) -> dict[str, str | None]:
    return {
        "config": pda.amm_config(),
        "pool": pool.key,
        "base_mint": pool.base_mint,
        "quote_mint": pool.quote_mint,
        "base_vault": pool.base_vault,
        "quote_vault": pool.quote_vault,
        "base_token_program": pool.base_token_program,
        "quote_token_program": pool.quote_token_program,
    }


def _quote_side(pool: Pool) -> dict[str, str | None]:
    kept = ("pool", "quote_mint", "base_vault", "quote_vault", "quote_token_program")
    return {name: _pair(pool)[name] for name in kept}


def _swap(pool: Pool, trader: str, quote_account: str | None) -> dict[str, str | None]:
    quote = quote_account or pool.quote_of(trader)
    return {**_pair(pool), "trader": trader, "trader_base": pool.base_of(trader), "trader_quote": quote}


def _liquidity(pool: Pool, provider: str, quote_account: str | None) -> dict[str, str | None]:
    own = {
        "provider": provider,
        "provider_base": pool.base_of(provider),
        "provider_quote": quote_account or pool.quote_of(provider),
        "provider_lp": pool.lp_of(provider),
    }
    return {**_pair(pool), **own, "lp_mint": pool.lp_mint, "token_program": TOKEN}


def _privileged(which: str, authority: str, *arguments: object) -> Instruction:
    return instruction(NAME, which, {"authority": authority, "config": pda.amm_config()}, *arguments)


def _fees(terms: PoolTerms) -> object:
    tiers = [
        struct(NAME, "FeeTier", min_market_cap_quote=each.min_market_cap_quote, creator_fee_bps=each.creator_fee_bps)
        for each in terms.tiers
    ]
    return struct(
        NAME,
        "FeeArgs",
        fee_recipient=key(terms.fee_recipient),
        lp_fee_bps=terms.lp_fee_bps,
        protocol_fee_bps=terms.protocol_fee_bps,
        tiers=tiers,
    )
