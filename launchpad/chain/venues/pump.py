"""Pump.fun's bonding curve program: new coins and the first buy, on the accounts that its public documents list.

Source: github.com/pump-fun/pump-public-docs, commit 1b822158 (May 2026): IDL of the program and the pages
on coin creation, buying and fee recipients. `create_v2` makes Token-2022 coins, `create` classic ones with
Metaplex metadata; `buy_exact_quote_in_v2` buys coins of both kinds. Coins have 6 decimals and are sold for SOL.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import ASSOCIATED_TOKEN, SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.borsh import U64, Bool, Fixed, Key, Layout, key_text
from launchpad.chain.metaplex import METAPLEX, metadata_account
from launchpad.chain.pda import derive
from launchpad.chain.venues.coding import anchor_tag, call, key_bytes, numbers, read, text, write

PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
PUMP_FEES = "pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ"
MAYHEM = "MAyhSmzXzV1pTf7LsNkrNwkWKTo4ougAJ1PPg47MD4e"
DECIMALS = 6
MAX_NAME, MAX_SYMBOL, MAX_URI = 32, 13, 200
_RENT = "SysvarRent111111111111111111111111111111111"


def _keys(raw: bytes) -> tuple[str, ...]:
    return tuple(key_text(raw[at : at + 32]) for at in range(0, len(raw), 32))


Keys7 = Annotated[tuple[str, ...], Fixed("224s", _keys)]
Keys8 = Annotated[tuple[str, ...], Fixed("256s", _keys)]


@dataclass(frozen=True, slots=True)
class Global:
    """The program's parameters. Amounts are base units and lamports, fees basis points."""

    initialized: Bool
    authority: Key
    fee_recipient: Key
    initial_virtual_token_reserves: U64
    initial_virtual_sol_reserves: U64
    initial_real_token_reserves: U64
    token_total_supply: U64
    fee_basis_points: U64
    withdraw_authority: Key
    enable_migrate: Bool
    pool_migration_fee: U64
    creator_fee_basis_points: U64
    fee_recipients: Keys7
    set_creator_authority: Key
    admin_set_creator_authority: Key
    create_v2_enabled: Bool
    whitelist_pda: Key
    reserved_fee_recipient: Key
    mayhem_mode_enabled: Bool
    reserved_fee_recipients: Keys7
    is_cashback_enabled: Bool
    buyback_fee_recipients: Keys8
    buyback_basis_points: U64

    def first_buy(self, lamports: int) -> int:
        """About what the first buyer of a coin gets for so many lamports, fees included. Base units, rounded down."""
        rate = 10_000 + self.fee_basis_points + self.creator_fee_basis_points
        net = lamports * 10_000 // rate
        bought = self.initial_virtual_token_reserves * net // (self.initial_virtual_sol_reserves + net)
        return min(bought, self.initial_real_token_reserves)


_GLOBAL = Layout(Global)


def decode_global(account: dict[str, Any] | None, data: bytes) -> Global | None:
    """The program's parameters; None where the account is missing or another program's."""
    tag = anchor_tag("Global", "account")
    if account is None or account["owner"] != PUMP or not data.startswith(tag):
        return None
    return _GLOBAL.read(data[len(tag) :])


def global_address() -> str:
    """Where the program's parameters stand."""
    return derive(PUMP, b"global")


def bonding_curve(mint: str) -> str:
    """A coin's curve."""
    return derive(PUMP, b"bonding-curve", key_bytes(mint))


def creator_vault(creator: str) -> str:
    """Where a creator's fees gather."""
    return derive(PUMP, b"creator-vault", key_bytes(creator))


@dataclass(frozen=True, slots=True)
class Coin:
    """A new coin. Texts have the program's limits: 32, 13 and 200 characters."""

    mint: str
    user: str
    creator: str
    name: str
    symbol: str
    uri: str


def create_v2(coin: Coin) -> Instruction:
    """A Token-2022 coin with its curve; the mint and the user sign, who pays. Without mayhem mode and cashback."""
    curve = bonding_curve(coin.mint)
    vault = derive(MAYHEM, b"sol-vault")
    accounts = [
        write(coin.mint, signer=True),
        read(derive(PUMP, b"mint-authority")),
        write(curve),
        write(pda.associated_token(curve, coin.mint, TOKEN_2022)),
        read(global_address()),
        write(coin.user, signer=True),
        *(read(each) for each in (SYSTEM, TOKEN_2022, ASSOCIATED_TOKEN)),
        write(MAYHEM),
        read(derive(MAYHEM, b"global-params")),
        write(vault),
        write(derive(MAYHEM, b"mayhem-state", key_bytes(coin.mint))),
        write(pda.associated_token(vault, coin.mint, TOKEN_2022)),
        read(pda.event_authority(PUMP)),
        read(PUMP),
    ]
    return call(PUMP, anchor_tag("create_v2") + _texts(coin) + bytes([0, 0]), accounts)


def create(coin: Coin) -> Instruction:
    """A classic coin with Metaplex metadata and its curve; the mint and the user sign, who pays."""
    curve = bonding_curve(coin.mint)
    accounts = [
        write(coin.mint, signer=True),
        read(derive(PUMP, b"mint-authority")),
        write(curve),
        write(pda.associated_token(curve, coin.mint, TOKEN)),
        read(global_address()),
        read(METAPLEX),
        write(metadata_account(coin.mint)),
        write(coin.user, signer=True),
        *(read(each) for each in (SYSTEM, TOKEN, ASSOCIATED_TOKEN, _RENT)),
        read(pda.event_authority(PUMP)),
        read(PUMP),
    ]
    return call(PUMP, anchor_tag("create") + _texts(coin), accounts)


def buy_exact_quote_in_v2(
    coin: Coin, parameters: Global, lamports: int, min_out: int, token_program: str = TOKEN_2022
) -> Instruction:
    """Buy a coin for exactly `lamports`, fees included; at least `min_out` base units or nothing.

    The user's account for the coin has to be there. Fees go to the first of the recipients that the
    program's parameters name.
    """
    curve, vault = bonding_curve(coin.mint), creator_vault(coin.creator)
    fees, buyback = parameters.fee_recipient, parameters.buyback_fee_recipients[0]
    volume = derive(PUMP, b"user_volume_accumulator", key_bytes(coin.user))
    accounts = [
        *(read(each) for each in (global_address(), coin.mint, WRAPPED_SOL, token_program, TOKEN, ASSOCIATED_TOKEN)),
        *(write(each) for each in (fees, _wrapped(fees), buyback, _wrapped(buyback))),
        write(curve),
        write(pda.associated_token(curve, coin.mint, token_program)),
        write(_wrapped(curve)),
        write(coin.user, signer=True),
        write(pda.associated_token(coin.user, coin.mint, token_program)),
        *(write(each) for each in (_wrapped(coin.user), vault, _wrapped(vault))),
        read(derive(PUMP_FEES, b"sharing-config", key_bytes(coin.mint))),
        read(derive(PUMP, b"global_volume_accumulator")),
        write(volume),
        write(_wrapped(volume)),
        read(derive(PUMP_FEES, b"fee_config", key_bytes(PUMP))),
        *(read(each) for each in (PUMP_FEES, SYSTEM, pda.event_authority(PUMP), PUMP)),
    ]
    return call(PUMP, anchor_tag("buy_exact_quote_in_v2") + numbers(lamports, min_out), accounts)


def _texts(coin: Coin) -> bytes:
    return text(coin.name) + text(coin.symbol) + text(coin.uri) + key_bytes(coin.creator)


def _wrapped(owner: str) -> str:
    return pda.associated_token(owner, WRAPPED_SOL, TOKEN)
