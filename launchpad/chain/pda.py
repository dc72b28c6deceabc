"""Addresses that our programs derive. Base58 text in and out; pinned against the IDLs by tests."""

import struct
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from solders.pubkey import Pubkey

from launchpad.chain.addresses import (
    AMM,
    ASSOCIATED_TOKEN,
    BONDING_CURVE,
    FEE_ROUTER,
    TOKEN_2022,
    TOKEN_LAUNCHER,
    UPGRADEABLE_LOADER,
    VESTING,
    pubkey,
)
from launchpad.chain.curve_math import Segment
from launchpad.chain.sale_terms import SaleTerms

CONFIG_SEED = b"config"
CURVE_SEED = b"curve"
LAUNCH_SEED = b"launch"
SCHEDULE_SEED = b"vesting"
REFERRER_SEED = b"referrer"
SHAPE_SEED = b"shape"
TERMS_SEED = b"terms"
POSITION_SEED = b"position"
BATCH_SEED = b"batch"
DEPOSIT_SEED = b"deposit"
RAYDIUM_POOL_SEED = b"raydium_pool"
POOL_CREATOR_SEED = b"pool_creator"
CREATOR_BASE_SEED = b"creator_base"
CREATOR_QUOTE_SEED = b"creator_quote"
POOL_SEED = b"pool"
VAULT_SEED = b"vault"
LP_MINT_SEED = b"lp_mint"
ROUTER_SEED = b"router"
PROPOSAL_SEED = b"proposal"
RELEASE_SEED = b"release"
EVENT_AUTHORITY_SEED = b"__event_authority"


@lru_cache(maxsize=16_384)
def derive(program: str, *seeds: bytes) -> str:
    """The program derived address of `seeds` under `program`."""
    return str(Pubkey.find_program_address(seeds, Pubkey.from_string(program))[0])


def bonding_curve_config() -> str:
    """The bonding curve's one config."""
    return derive(BONDING_CURVE, CONFIG_SEED)


def launcher_config() -> str:
    """The token launcher's one config."""
    return derive(TOKEN_LAUNCHER, CONFIG_SEED)


def curve(mint: str) -> str:
    """The bonding curve of a mint."""
    return derive(BONDING_CURVE, CURVE_SEED, _bytes(mint))


def launch_record(mint: str) -> str:
    """The launcher's record of a mint."""
    return derive(TOKEN_LAUNCHER, LAUNCH_SEED, _bytes(mint))


def vesting_schedule(mint: str, beneficiary: str, index: int) -> str:
    """A vesting schedule by mint, first beneficiary and index (u16)."""
    return derive(VESTING, SCHEDULE_SEED, _bytes(mint), _bytes(beneficiary), index.to_bytes(2, "little"))


def referrer_fees(referrer: str) -> str:
    """The account that collects a referrer's fees."""
    return derive(BONDING_CURVE, REFERRER_SEED, _bytes(referrer))


def shape(segments: Sequence[Segment]) -> str:
    """The account that holds just these segments: its seed is the SHA-256 of their Borsh bytes."""
    rows = [struct.pack("<3Q", one.base_reserve, one.quote_reserve, one.base_for_sale) for one in segments]
    return derive(BONDING_CURVE, SHAPE_SEED, sha256(len(rows).to_bytes(4, "little") + b"".join(rows)).digest())


def terms(sale: SaleTerms) -> str:
    """The account that holds just these terms."""
    return derive(BONDING_CURVE, TERMS_SEED, sale.digest())


def position(mint: str, wallet: str) -> str:
    """What a wallet did while the opening rules of a sale hold."""
    return derive(BONDING_CURVE, POSITION_SEED, _bytes(mint), _bytes(wallet))


def batch(mint: str) -> str:
    """The deposits of a batch launch."""
    return derive(BONDING_CURVE, BATCH_SEED, _bytes(mint))


def deposit(mint: str, wallet: str) -> str:
    """A wallet's deposit in a batch launch."""
    return derive(BONDING_CURVE, DEPOSIT_SEED, _bytes(mint), _bytes(wallet))


def raydium_pool(mint: str) -> str:
    """Where a graduate's pool at Raydium lies: an address that only our program signs for."""
    return derive(BONDING_CURVE, RAYDIUM_POOL_SEED, _bytes(mint))


def pool_creator(mint: str) -> str:
    """Who opens that pool: empty before and after."""
    return derive(BONDING_CURVE, POOL_CREATOR_SEED, _bytes(mint))


def creator_base(mint: str) -> str:
    """The pool creator's account of the token, for the moment of the graduation."""
    return derive(BONDING_CURVE, CREATOR_BASE_SEED, _bytes(mint))


def creator_quote(mint: str) -> str:
    """The pool creator's account of wrapped SOL, for the moment of the graduation."""
    return derive(BONDING_CURVE, CREATOR_QUOTE_SEED, _bytes(mint))


def fee_router(creator: str, index: int) -> str:
    """A router of fees by who created it and its index (u16)."""
    return derive(FEE_ROUTER, ROUTER_SEED, _bytes(creator), index.to_bytes(2, "little"))


def fee_proposal(router: str) -> str:
    """Where a router's next shares are written."""
    return derive(FEE_ROUTER, PROPOSAL_SEED, _bytes(router))


def fee_release(router: str, mint: str) -> str:
    """Where a token's way out of its router is written."""
    return derive(FEE_ROUTER, RELEASE_SEED, _bytes(router), _bytes(mint))


def amm_config() -> str:
    """The pools' one config."""
    return derive(AMM, CONFIG_SEED)


def canonical_pool(mint: str) -> str:
    """The one pool of a graduate."""
    return derive(AMM, POOL_SEED, _bytes(mint))


def free_pool(base_mint: str, quote_mint: str, opener: str, index: int) -> str:
    """Anybody's pool by pair, opener and index (u16)."""
    seeds = (_bytes(base_mint), _bytes(quote_mint), _bytes(opener))
    return derive(AMM, POOL_SEED, *seeds, index.to_bytes(2, "little"))


def pool_vault(pool: str, mint: str) -> str:
    """A pool's token account for one of its mints."""
    return derive(AMM, VAULT_SEED, _bytes(pool), _bytes(mint))


def lp_mint(pool: str) -> str:
    """The mint of a pool's shares."""
    return derive(AMM, LP_MINT_SEED, _bytes(pool))


def event_authority(program: str) -> str:
    """The signer of a program's own events."""
    return derive(program, EVENT_AUTHORITY_SEED)


def program_data(program: str) -> str:
    """The upgradeable loader's account that holds a program's code and upgrade authority."""
    return derive(UPGRADEABLE_LOADER, _bytes(program))


def associated_token(owner: str, mint: str, token_program: str = TOKEN_2022) -> str:
    """The associated token account of an owner and a mint; differs between the two token programs."""
    return derive(ASSOCIATED_TOKEN, _bytes(owner), _bytes(token_program), _bytes(mint))


def _bytes(address: str) -> bytes:
    return bytes(pubkey(address))
