"""Instructions of the token launcher."""

from functools import partial
from typing import Any, Final

from solders.instruction import Instruction

from launchpad.chain import curve_math, pda
from launchpad.chain.accounts import LauncherConfig
from launchpad.chain.addresses import AMM, BONDING_CURVE, TOKEN_2022, TOKEN_LAUNCHER, VESTING
from launchpad.chain.curve_math import Fees
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.coding import instruction, key, struct, variant
from launchpad.chain.instructions.curve import Market, curve_source, terms_accounts
from launchpad.chain.instructions.metaplex import Metadata, create_metadata
from launchpad.chain.instructions.solana import create_mint
from launchpad.chain.launching import FirstBuy, LaunchParams, Mintable
from launchpad.chain.metaplex import metadata_account

NAME: Final = "token_launcher"
TEAM_SCHEDULE_INDEX = 0
LOCK_SCHEDULE_INDEX = 1
NO_DEADLINE = 2**63 - 1


def launch(
    params: LaunchParams, mint: str, config: LauncherConfig, fees: Fees, *, from_shape: bool = False
) -> Instruction:
    """Launch a token from params that were `checked()`, with the first buy where there is one.

    Of standard "spl" its mint has to be there: see `make_spl_mint`.

    `fees` are those that a new curve gets; the first buy is quoted with them. `from_shape`
    names the segments' shape account, which must exist, instead of sending them along.
    """
    shape = pda.shape(params.segments or ()) if from_shape else None
    accounts = {**_launch_accounts(params, mint, config.treasury), "shape": shape}
    arguments = _launch_args(params, from_shape=from_shape)
    buy = _first_buy(params, params.first_buy, fees) if params.first_buy else None
    if params.standard == "spl":
        accounts["metadata"] = metadata_account(mint)
        return instruction(NAME, "launch_token_spl", accounts, struct(NAME, "SplLaunchArgs", **arguments), buy)
    arguments |= _described(params)
    launched = struct(NAME, "LaunchArgs", **arguments)
    if buy is None:
        return instruction(NAME, "launch_token", accounts, launched)
    return instruction(NAME, "launch_and_buy", accounts, launched, buy)


def make_spl_mint(params: LaunchParams, mint: str, rent: int) -> list[Instruction]:
    """What stands in front of a launch of standard "spl": the mint, and its metadata in Metaplex's program."""
    authority = {"creator": params.creator, "immutable": params.creator}.get(params.update_authority)
    texts = Metadata(params.name, params.symbol, params.uri, mutable=params.update_authority != "immutable")
    return [
        *create_mint(params.creator, mint, rent, decimals=params.decimals),
        create_metadata(mint, params.creator, texts, authority or params.update_authority),
    ]


def update_metadata(update_authority: str, mint: str, field: str, value: str, metadata_hash: bytes) -> Instruction:
    """Change the name, symbol or uri of a token."""
    accounts = {"update_authority": update_authority, **_on_record(mint), "token_program": TOKEN_2022}
    which = variant(NAME, "MetadataField", field.capitalize())
    arguments = struct(NAME, "MetadataUpdate", field=which, value=value, metadata_hash=list(metadata_hash))
    return instruction(NAME, "update_metadata", accounts, arguments)


def set_update_authority(update_authority: str, mint: str, to: str, creator: str) -> Instruction:
    """Hand the metadata to "creator", "immutable" or an address; the new authority signs as well."""
    new = {"immutable": None, "creator": creator}.get(to, to)
    accounts = {
        "update_authority": update_authority,
        "new_authority": new,
        **_on_record(mint),
        "token_program": TOKEN_2022,
    }
    return instruction(NAME, "set_update_authority", accounts, _update_authority(to))


def propose_creator(mint: str, creator: str, new_creator: str) -> Instruction:
    """Offer a token to somebody, who has to accept."""
    accounts = {"creator": creator, "launch_record": pda.launch_record(mint)}
    return instruction(NAME, "propose_creator", accounts, key(new_creator))


def accept_creator(mint: str, pending_creator: str, pool: Pool | None = None) -> Instruction:
    """Become a token's creator; the creator fees of its curve and, for a graduate, of its `pool` follow."""
    accounts = {
        "pending_creator": pending_creator,
        "launch_record": pda.launch_record(mint),
        "curve": pda.curve(mint),
        "bonding_curve_program": BONDING_CURVE,
        "bonding_curve_event_authority": pda.event_authority(BONDING_CURVE),
        **graduates_accounts(pool),
    }
    return instruction(NAME, "accept_creator", accounts)


def graduates_accounts(pool: Pool | None) -> dict[str, str | None]:
    """What a change of the creator names of a graduate's pool; nothing of it without one."""
    return {
        "pool": pool.key if pool else None,
        "pool_base_vault": pool.base_vault if pool else None,
        "pool_quote_vault": pool.quote_vault if pool else None,
        "amm_program": AMM if pool else None,
        "amm_event_authority": pda.event_authority(AMM) if pool else None,
    }


def mint_tokens(mint: str, authority: str, recipient: str, amount: int, token_program: str = TOKEN_2022) -> Instruction:
    """Create more of a mintable token, after its graduation, in the recipient's associated account."""
    accounts = {
        "authority": authority,
        **_on_record(mint),
        "curve": pda.curve(mint),
        "recipient_base": pda.associated_token(recipient, mint, token_program),
        "token_program": token_program,
    }
    return instruction(NAME, "mint_tokens", accounts, amount)


def revoke_team(mint: str, creator: str, team: str, token_program: str = TOKEN_2022) -> Instruction:
    """End the team's vesting early and burn what has not vested."""
    record = pda.launch_record(mint)
    schedule = pda.vesting_schedule(mint, team, TEAM_SCHEDULE_INDEX)
    accounts = {
        "creator": creator,
        "launch_record": record,
        "mint": mint,
        "team_schedule": schedule,
        "team_escrow": pda.associated_token(schedule, mint, token_program),
        "staging": pda.associated_token(record, mint, token_program),
        "token_program": token_program,
        "vesting_program": VESTING,
        "vesting_event_authority": pda.event_authority(VESTING),
    }
    return instruction(NAME, "revoke_team", accounts)


def create_config(upgrade_authority: str, authority: str, treasury: str, creation_fee: int) -> Instruction:
    """The program's one config, made by its upgrade authority."""
    accounts = {
        "payer": upgrade_authority,
        "config": pda.launcher_config(),
        "program_data": pda.program_data(TOKEN_LAUNCHER),
    }
    arguments = struct(NAME, "ConfigArgs", authority=key(authority), treasury=key(treasury), creation_fee=creation_fee)
    return instruction(NAME, "create_config", accounts, arguments)


def update_config(authority: str, treasury: str, creation_fee: int) -> Instruction:
    """Replace the launcher's parameters."""
    arguments = struct(NAME, "ConfigUpdate", treasury=key(treasury), creation_fee=creation_fee)
    return _privileged("update_config", authority, arguments)


def set_paused(authority: str, paused: bool) -> Instruction:
    """Stop or resume launches."""
    return _privileged("set_paused", authority, paused)


def propose_authority(authority: str, new_authority: str) -> Instruction:
    """Offer the config to somebody, who has to accept."""
    return _privileged("propose_authority", authority, key(new_authority))


def accept_authority(pending_authority: str) -> Instruction:
    """Take over the config."""
    accounts = {"pending_authority": pending_authority, "config": pda.launcher_config()}
    return instruction(NAME, "accept_authority", accounts)


def _launch_accounts(params: LaunchParams, mint: str, treasury: str) -> dict[str, str | None]:
    record, market = pda.launch_record(mint), Market(mint, params.token_program)
    buy, base_of = params.first_buy, partial(_base_of, mint=mint, token_program=params.token_program)
    team = params.team.beneficiary if params.team else None
    lock = params.creator if buy and buy.lock else None
    needs_vesting = params.team is not None or (buy is not None and buy.lock is not None)
    return {
        "creator": params.creator,
        "mint": mint,
        "config": pda.launcher_config(),
        "treasury": treasury,
        "launch_record": record,
        "curve": market.curve,
        "base_vault": market.base_vault,
        "curve_config": pda.bonding_curve_config(),
        **terms_accounts(mint, params.sale),
        "creator_position": pda.position(mint, params.creator) if buy and params.sale.binds_first_buy else None,
        **_schedule("team", market, team, TEAM_SCHEDULE_INDEX),
        "ecosystem_owner": params.ecosystem_owner,
        "ecosystem_base": base_of(params.ecosystem_owner),
        "treasury_owner": params.treasury_owner,
        "treasury_base": base_of(params.treasury_owner),
        "vesting_program": VESTING if needs_vesting else None,
        "vesting_event_authority": pda.event_authority(VESTING) if needs_vesting else None,
        "creator_base": base_of(params.creator if buy else None),
        **_schedule("lock", market, lock, LOCK_SCHEDULE_INDEX),
        "token_program": market.token_program,
        "bonding_curve_program": BONDING_CURVE,
        "bonding_curve_event_authority": pda.event_authority(BONDING_CURVE),
    }


def _schedule(prefix: str, market: Market, beneficiary: str | None, index: int) -> dict[str, str | None]:
    schedule = pda.vesting_schedule(market.mint, beneficiary, index) if beneficiary else None
    escrow = _base_of(schedule, mint=market.mint, token_program=market.token_program)
    return {f"{prefix}_schedule": schedule, f"{prefix}_escrow": escrow}


def _base_of(owner: str | None, *, mint: str, token_program: str) -> str | None:
    return pda.associated_token(owner, mint, token_program) if owner else None


def _launch_args(params: LaunchParams, *, from_shape: bool) -> dict[str, Any]:
    """What every launch is told, of whichever standard."""
    shares = params.allocations
    return {
        "metadata_hash": list(params.metadata_hash),
        "supply": params.supply,
        "supply_mode": _supply_mode(params.supply_mode),
        "allocations": struct(NAME, "Allocations", **{f"{one}_bps": getattr(shares, f"{one}_bps") for one in _BUCKETS}),
        "source": curve_source(NAME, params.segments or (), from_shape=from_shape),
        "deadline": params.deadline,
        "team": _team(params),
    }


def _described(params: LaunchParams) -> dict[str, Any]:
    """What a launch writes into its mint."""
    return {
        "name": params.name,
        "symbol": params.symbol,
        "uri": params.uri,
        "decimals": params.decimals,
        "update_authority": _update_authority(params.update_authority),
    }


_BUCKETS = ("public", "liquidity", "team", "ecosystem", "treasury")


def _supply_mode(mode: str | Mintable) -> Any:
    if isinstance(mode, Mintable):
        return variant(NAME, "SupplyMode", "Mintable", authority=key(mode.authority), cap=mode.cap)
    return variant(NAME, "SupplyMode", mode.capitalize())


def _update_authority(to: str) -> Any:
    if to in {"creator", "immutable"}:
        return variant(NAME, "UpdateAuthority", to.capitalize())
    return variant(NAME, "UpdateAuthority", "Governance", authority=key(to))


def _team(params: LaunchParams) -> Any:
    if params.team is None:
        return None
    team = params.team
    return struct(
        NAME,
        "TeamVesting",
        beneficiary=key(team.beneficiary),
        cliff_seconds=team.cliff_seconds,
        duration_seconds=team.duration_seconds,
        period_seconds=team.period_seconds,
        revocable=team.revocable,
    )


def _first_buy(params: LaunchParams, buy: FirstBuy, fees: Fees) -> Any:
    least = buy.min_base_out
    if least is None:
        least = curve_math.quote_buy_exact_in(params.segments or (), 0, buy.quote_in, fees).base_amount
    lock = buy.lock and struct(
        NAME,
        "Lock",
        cliff_seconds=buy.lock.cliff_seconds,
        duration_seconds=buy.lock.duration_seconds,
        period_seconds=buy.lock.period_seconds,
    )
    deadline = NO_DEADLINE if buy.deadline is None else buy.deadline
    return struct(NAME, "FirstBuy", quote_in=buy.quote_in, min_base_out=least, deadline=deadline, lock=lock)


def _on_record(mint: str) -> dict[str, str | None]:
    return {"launch_record": pda.launch_record(mint), "mint": mint}


def _privileged(which: str, authority: str, *arguments: object) -> Instruction:
    return instruction(NAME, which, {"authority": authority, "config": pda.launcher_config()}, *arguments)
