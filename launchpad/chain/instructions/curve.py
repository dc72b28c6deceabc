"""Instructions of the bonding curve program."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import BONDING_CURVE, TOKEN_2022, ProgramName
from launchpad.chain.curve_math import Segment
from launchpad.chain.instructions.coding import instruction, key, struct, variant
from launchpad.chain.sale_terms import USUAL_TERMS, GraduationTerms, OpeningRules, Payout, SaleTerms

NAME: Final = "bonding_curve"


@dataclass(frozen=True, slots=True)
class Market:
    """The accounts of a trade that are the same for everybody."""

    mint: str
    token_program: str = TOKEN_2022

    @property
    def curve(self) -> str:
        """The curve's address."""
        return pda.curve(self.mint)

    @property
    def base_vault(self) -> str:
        """The curve's token account."""
        return pda.associated_token(self.curve, self.mint, self.token_program)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a buy names while rules of the opening hold: the sale's terms and the buyer's position."""

    terms: str
    position: str


@dataclass(frozen=True, slots=True)
class CurveTerms:
    """Parameters of the program. Basis points; `keeper_bounty` in lamports."""

    fee_recipient: str
    protocol_fee_bps: int = 50
    creator_fee_bps: int = 30
    referrer_share_bps: int = 2_000
    keeper_bounty: int = 10_000_000
    lookup_table: str | None = None


def buy_exact_in(
    market: Market,
    trader: str,
    quote_in: int,
    min_base_out: int,
    deadline: int,
    referrer: str | None = None,
    ruled: Ruled | None = None,
) -> Instruction:
    """Buy for `quote_in` lamports, fees included; at least `min_base_out` or nothing, until `deadline`."""
    return _trade("buy_exact_in", market, trader, (referrer, ruled), quote_in, min_base_out, deadline)


def buy_exact_out(
    market: Market,
    trader: str,
    base_out: int,
    max_quote_in: int,
    deadline: int,
    referrer: str | None = None,
    ruled: Ruled | None = None,
) -> Instruction:
    """Buy `base_out` base units for at most `max_quote_in` lamports, fees included, until `deadline`."""
    return _trade("buy_exact_out", market, trader, (referrer, ruled), base_out, max_quote_in, deadline)


def sell(
    market: Market, trader: str, base_in: int, min_quote_out: int, deadline: int, referrer: str | None = None
) -> Instruction:
    """Sell `base_in` base units for at least `min_quote_out` lamports after fees, until `deadline`."""
    return _trade("sell", market, trader, (referrer, None), base_in, min_quote_out, deadline)


def open_curve(
    market: Market,
    payer: str,
    depositor: str,
    creator: str,
    amounts: tuple[int, int],
    segments: Sequence[Segment],
    *,
    from_shape: bool = False,
    deadline: int | None = None,
    sale: SaleTerms | None = None,
) -> Instruction:
    """Sell a mint that exists already. `amounts` are for sale and for liquidity, deposited by `depositor`.

    `from_shape` names the segments' shape account, which must exist, instead of sending them along.
    At the `deadline` (Unix seconds) the sale fails unless everything is sold. `sale` names the
    account of its terms, which must exist unless they are the usual ones.
    """
    accounts = {
        "payer": payer,
        "authority": depositor,
        "config": pda.bonding_curve_config(),
        "mint": market.mint,
        "curve": market.curve,
        "base_vault": market.base_vault,
        "depositor_base": pda.associated_token(depositor, market.mint, market.token_program),
        "shape": pda.shape(segments) if from_shape else None,
        **terms_accounts(market.mint, sale or USUAL_TERMS),
        "token_program": market.token_program,
    }
    arguments = struct(
        NAME,
        "OpenCurveArgs",
        creator=key(creator),
        sale_supply=amounts[0],
        liquidity_supply=amounts[1],
        source=curve_source(NAME, segments, from_shape=from_shape),
        deadline=deadline,
    )
    return instruction(NAME, "open_curve", accounts, arguments)


def terms_accounts(mint: str, sale: SaleTerms) -> dict[str, str | None]:
    """The accounts that an opening sale names for its terms."""
    return {
        "terms": None if sale.is_usual else pda.terms(sale),
        "batch": pda.batch(mint) if sale.batch else None,
    }


def create_terms(payer: str, sale: SaleTerms) -> Instruction:
    """Keep the terms of sales in an account of their own."""
    accounts = {"payer": payer, "terms": pda.terms(sale)}
    arguments = struct(
        NAME,
        "SaleTerms",
        launch_fee=_plain("LaunchFee", sale.launch_fee),
        opening=_opening(sale.opening),
        graduation=_graduation(sale.graduation),
        batch=sale.batch and _plain("BatchTerms", sale.batch),
    )
    return instruction(NAME, "create_terms", accounts, arguments)


def _opening(rules: OpeningRules) -> Any:
    holders = rules.holders
    values = {
        "allowlist": rules.allowlist
        and struct(NAME, "Allowlist", root=list(rules.allowlist.root), seconds=rules.allowlist.seconds),
        "holders": holders
        and struct(NAME, "HoldersTier", mint=key(holders.mint), minimum=holders.minimum, seconds=holders.seconds),
    }
    return _plain("OpeningRules", rules, **values)


def _graduation(terms: GraduationTerms) -> Any:
    venue = variant(NAME, "Venue", {"amm": "Amm", "raydium": "RaydiumCpSwap"}[terms.venue])
    return _plain("GraduationTerms", terms, venue=venue, payout=terms.payout and _payout(terms.payout))


def _payout(payout: Payout) -> Any:
    return _plain("Payout", payout, team=key(payout.team), treasury=key(payout.treasury))


def _plain(kind: str, value: Any, **instead: Any) -> Any:
    """A dataclass as the coder's struct of the same fields, some of them already coded."""
    values = {each.name: getattr(value, each.name) for each in fields(value)}
    return struct(NAME, kind, **values | instead)


def expire(mint: str) -> Instruction:
    """End a sale whose deadline has passed; anyone may."""
    return instruction(NAME, "expire", {"curve": pda.curve(mint)})


def refund(market: Market, holder: str, base_in: int) -> Instruction:
    """Return `base_in` base units of an expired sale for their part of the reserve."""
    accounts = {
        "holder": holder,
        "curve": market.curve,
        "mint": market.mint,
        "base_vault": market.base_vault,
        "holder_base": pda.associated_token(holder, market.mint, market.token_program),
        "token_program": market.token_program,
    }
    return instruction(NAME, "refund", accounts, base_in)


def create_shape(payer: str, segments: Sequence[Segment]) -> Instruction:
    """Keep segments in an account of their own, for curves too long for the transaction that opens them."""
    return instruction(NAME, "create_shape", {"payer": payer, "shape": pda.shape(segments)}, _segments(NAME, segments))


def register_referrer(payer: str, referrer: str) -> Instruction:
    """The account that collects a referrer's fees."""
    accounts = {"payer": payer, "referrer": referrer, "referrer_fees": pda.referrer_fees(referrer)}
    return instruction(NAME, "register_referrer", accounts)


def claim_creator_fees(mint: str, creator: str) -> Instruction:
    """Pay the curve's unclaimed creator fees to its creator."""
    return instruction(NAME, "claim_creator_fees", {"creator": creator, "curve": pda.curve(mint)})


def claim_referrer_fees(referrer: str) -> Instruction:
    """Pay a referrer's unclaimed fees."""
    accounts = {"referrer": referrer, "referrer_fees": pda.referrer_fees(referrer)}
    return instruction(NAME, "claim_referrer_fees", accounts)


def sweep_protocol_fees(mint: str, caller: str, fee_recipient: str) -> Instruction:
    """Pay the curve's unclaimed protocol fees to the recipient that the config names; anyone may call."""
    accounts = {
        "caller": caller,
        "config": pda.bonding_curve_config(),
        "curve": pda.curve(mint),
        "fee_recipient": fee_recipient,
    }
    return instruction(NAME, "sweep_protocol_fees", accounts)


def create_config(upgrade_authority: str, authority: str, terms: CurveTerms) -> Instruction:
    """The program's one config, made by its upgrade authority."""
    accounts = {
        "payer": upgrade_authority,
        "config": pda.bonding_curve_config(),
        "program_data": pda.program_data(BONDING_CURVE),
    }
    arguments = struct(NAME, "ConfigArgs", authority=key(authority), **_terms(terms))
    return instruction(NAME, "create_config", accounts, arguments)


def update_config(authority: str, terms: CurveTerms) -> Instruction:
    """Replace the program's parameters, all of them."""
    return _privileged("update_config", authority, struct(NAME, "ConfigUpdate", **_terms(terms)))


def set_paused(authority: str, paused: bool) -> Instruction:
    """Stop or resume buying and opening; selling and claiming never stop."""
    return _privileged("set_paused", authority, paused)


def propose_authority(authority: str, new_authority: str) -> Instruction:
    """Offer the config to somebody, who has to accept."""
    return _privileged("propose_authority", authority, key(new_authority))


def accept_authority(pending_authority: str) -> Instruction:
    """Take over the config."""
    accounts = {"pending_authority": pending_authority, "config": pda.bonding_curve_config()}
    return instruction(NAME, "accept_authority", accounts)


def curve_source(program: ProgramName, segments: Sequence[Segment], *, from_shape: bool) -> Any:
    """Where a new curve's segments come from, as the coder of a program takes it."""
    if from_shape:
        return variant(program, "CurveSource", "Shape")
    return variant(program, "CurveSource", "Inline", segments=_segments(program, segments))


def _segments(program: ProgramName, segments: Sequence[Segment]) -> list[object]:
    return [
        struct(
            program,
            "Segment",
            base_reserve=one.base_reserve,
            quote_reserve=one.quote_reserve,
            base_for_sale=one.base_for_sale,
        )
        for one in segments
    ]


def _trade(
    which: str, market: Market, trader: str, optional: tuple[str | None, Ruled | None], *arguments: int
) -> Instruction:
    referrer, ruled = optional
    accounts = {
        "trader": trader,
        "config": pda.bonding_curve_config(),
        "curve": market.curve,
        "mint": market.mint,
        "base_vault": market.base_vault,
        "trader_base": pda.associated_token(trader, market.mint, market.token_program),
        "referrer_fees": pda.referrer_fees(referrer) if referrer else None,
        "terms": ruled.terms if ruled else None,
        "position": ruled.position if ruled else None,
        "opener": None,
        "token_program": market.token_program,
    }
    return instruction(NAME, which, accounts, *arguments)


def _privileged(which: str, authority: str, *arguments: object) -> Instruction:
    return instruction(NAME, which, {"authority": authority, "config": pda.bonding_curve_config()}, *arguments)


def _terms(terms: CurveTerms) -> dict[str, object]:
    return {
        "fee_recipient": key(terms.fee_recipient),
        "protocol_fee_bps": terms.protocol_fee_bps,
        "creator_fee_bps": terms.creator_fee_bps,
        "referrer_share_bps": terms.referrer_share_bps,
        "keeper_bounty": terms.keeper_bounty,
        "lookup_table": key(terms.lookup_table),
    }
