"""One transaction as its trades, whoever's program they ran in, with all that a reader of raw data wants.

The sources are tried in the order in which they can be believed: events that our programs signed, then
events of other programs by their IDLs, and only where a transaction has neither (a node that
keeps no inner instructions) the lines that programs we know printed.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, Field

from launchpad.amounts import fraction_text
from launchpad.chain.addresses import AMM, BONDING_CURVE
from launchpad.chain.events import ChainTransaction, Swapped, Traded, decode_transaction
from launchpad.chain.foreign.calls import keys_of
from launchpad.chain.foreign.decoder import ForeignDecoder, addresses, known_programs
from launchpad.chain.foreign.trade import ForeignTrade
from launchpad.chain.log_patterns import LogTrade, facts_in
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.schemas import Amount

Kind = Literal["bonding_curve", "amm_pool"]
_OURS = {BONDING_CURVE: "bonding_curve", AMM: "amm"}


class BalanceChange(BaseModel):
    """What a token account held before and after the transaction, base units."""

    account: str
    owner: str
    mint: str
    decimals: int
    before: Amount
    after: Amount


class ParsedTrade(BaseModel):
    """One trade. Amounts are base units, those of SOL without fees where the program tells both.

    `price` is lamports per base unit of this trade; null where no token moved.
    """

    signature: str
    slot: int
    blockTime: int  # noqa: N815 - the names of the format
    program: Kind
    programName: str  # noqa: N815 - as above
    tradeType: Literal["buy", "sell"]  # noqa: N815 - as above
    mintAddress: str  # noqa: N815 - as above
    userAddress: str  # noqa: N815 - as above
    solAmount: Amount  # noqa: N815 - as above
    tokenAmount: Amount  # noqa: N815 - as above
    decimals: int | None
    price: str | None
    baseReserve: Amount | None = Field(description="After the trade; virtual ones of a curve.")  # noqa: N815 - as above
    quoteReserve: Amount | None  # noqa: N815 - as above
    source: Literal["event", "idl", "log"]


class ParsedTransaction(BaseModel):
    """A transaction with its trades; none where it touches no program that we know."""

    signature: str
    slot: int
    blockTime: int  # noqa: N815 - as above
    signer: str
    failed: bool
    computeUnits: int | None  # noqa: N815 - as above
    priorityFee: Amount | None  # noqa: N815 - as above
    innerInstructions: int  # noqa: N815 - as above
    balances: list[BalanceChange]
    trades: list[ParsedTrade]


def parse_transaction(answer: dict[str, Any]) -> ParsedTransaction:
    """A `getTransaction` answer of encoding `json` as its trades."""
    keys, transaction, meta = keys_of(answer), decode_transaction(answer), answer["meta"]
    changes = balances_of(meta, keys)
    decimals = {change.mint: change.decimals for change in changes}
    trades = _from_events(transaction, decimals)
    if meta["err"] is None:
        # What Raydium tells of swaps against SOL stands among the events already.
        known = {trade.programName for trade in trades}
        others = [one for one in _DECODER.decode(answer) if one.program != "raydium_cp" or "raydium" not in known]
        trades += [_foreign(transaction, one, decimals) for one in others]
        if not trades:
            trades = _from_logs(transaction, meta.get("logMessages") or [], keys[0], decimals)
    return ParsedTransaction(
        signature=transaction.signature,
        slot=transaction.slot,
        blockTime=transaction.block_time,
        signer=keys[0],
        failed=meta["err"] is not None,
        computeUnits=meta.get("computeUnitsConsumed"),
        priorityFee=None if transaction.priority_fee is None else str(transaction.priority_fee),
        innerInstructions=sum(len(group["instructions"]) for group in meta.get("innerInstructions") or []),
        balances=changes,
        trades=trades,
    )


_DECODER = ForeignDecoder.of(known_programs())
_NAMES = _OURS | {address: name for name, address in addresses(known_programs()).items()}


def balances_of(meta: dict[str, Any], keys: Sequence[str]) -> list[BalanceChange]:
    """Every token account of the transaction with what it held before and after; 0 where it was not there."""
    sides = [{one["accountIndex"]: one for one in meta.get(name) or []} for name in _BALANCES]
    found = []
    for index in sorted({*sides[0], *sides[1]}):
        before, after = sides[0].get(index), sides[1].get(index)
        known = after or before or {}
        found.append(
            BalanceChange(
                account=keys[index],
                owner=known.get("owner") or "",
                mint=known["mint"],
                decimals=known["uiTokenAmount"]["decimals"],
                before=before["uiTokenAmount"]["amount"] if before else "0",
                after=after["uiTokenAmount"]["amount"] if after else "0",
            )
        )
    return found


_BALANCES = ("preTokenBalances", "postTokenBalances")


def _from_events(transaction: ChainTransaction, decimals: dict[str, int]) -> list[ParsedTrade]:
    trades = []
    for event in transaction.events:
        data = event.data
        if not isinstance(data, Traded | Swapped | RaydiumSwapped):
            continue
        mint = data.base_mint if isinstance(data, Swapped) else data.mint
        if isinstance(data, Traded):
            base, quote = data.virtual_base, data.virtual_quote
        else:
            base, quote = data.base_reserve, data.quote_reserve
        trades.append(
            ParsedTrade(
                **_common(transaction, mint, data.quote_amount, data.base_amount, decimals),
                program="bonding_curve" if isinstance(data, Traded) else "amm_pool",
                programName=event.program,
                tradeType="buy" if data.is_buy else "sell",
                userAddress=data.trader,
                baseReserve=str(base),
                quoteReserve=str(quote),
                source="event",
            )
        )
    return trades


def _foreign(transaction: ChainTransaction, one: ForeignTrade, decimals: dict[str, int]) -> ParsedTrade:
    return ParsedTrade(
        **_common(transaction, one.mint, one.quote_amount, one.base_amount, decimals),
        program="bonding_curve" if one.kind == "curve" else "amm_pool",
        programName=one.program,
        tradeType=one.side,
        userAddress=one.trader,
        baseReserve=None if one.base_reserve is None else str(one.base_reserve),
        quoteReserve=None if one.quote_reserve is None else str(one.quote_reserve),
        source="idl",
    )


def _from_logs(
    transaction: ChainTransaction, lines: Sequence[str], signer: str, decimals: dict[str, int]
) -> list[ParsedTrade]:
    """Trades that programs we know printed; lines do not name the trader, whom the first signer stands for."""
    return [
        ParsedTrade(
            **_common(transaction, one.mint, one.sol_amount, one.token_amount, decimals),
            program="bonding_curve" if one.program == BONDING_CURVE else "amm_pool",
            programName=_NAMES[one.program],
            tradeType=one.side,
            userAddress=signer,
            baseReserve=None,
            quoteReserve=None,
            source="log",
        )
        for one in facts_in(lines)
        if isinstance(one, LogTrade) and one.program in _NAMES
    ]


def _common(
    transaction: ChainTransaction, mint: str, lamports: int, tokens: int, decimals: dict[str, int]
) -> dict[str, Any]:
    """The fields that are worked out the same way wherever a trade was found."""
    return {
        "signature": transaction.signature,
        "slot": transaction.slot,
        "blockTime": transaction.block_time,
        "mintAddress": mint,
        "solAmount": str(lamports),
        "tokenAmount": str(tokens),
        "decimals": decimals.get(mint),
        "price": fraction_text(Fraction(lamports, tokens)) if tokens else None,
    }
