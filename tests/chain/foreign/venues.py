"""One trade of every foreign program in its documented layout; bytes written field by field."""

from launchpad.chain.addresses import WRAPPED_SOL
from tests.chain.foreign.answers import Answer, address, event, packed, tag

PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
PUMPSWAP = "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA"
RAYDIUM_CP = "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C"
LAUNCHLAB = "LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj"
METEORA_DBC = "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN"
METEORA_DAMM = "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG"
OLD_TAIL = (bytes(32), 0, 0)


def pump_event(mint, user, *, buy=True, lamports=1_000_000, tokens=34_000_000, tail=b""):
    """`TradeEvent` as the program wrote it before it knew other quotes than SOL, then `tail`."""
    head = (mint, lamports, tokens, buy, user, 1_700_000_123, 31_000_000_000, 1_038_000_000_000, 1, 2)
    fees = (address(), 95, 9_500, address(), 30, 3_000, False, 0, 0, 0, 0)
    return event("TradeEvent", *head, *fees) + tail


def pump_tail(quote_mint, amount, virtual, real):
    """What the program added since: name, mayhem, cashback, buyback, shareholders, quote."""
    return packed("buy_v2", False, 0, 0, 0, 0, bytes(4), quote_mint, amount, virtual, real)


def pump(mint, user, **more):
    call = Answer().call(PUMP, [address() for _ in range(7)], tag("global:buy"))
    return call.emit_cpi(PUMP, pump_event(mint, user, **more)).build()


def pumpswap_event(pool, user, *, buy=True):
    fees = (20, 200, 5, 50)  # of liquidity, of the protocol: basis points and amount
    head = (1_700_000_456, 5_000, 12_000, 1, 2, 1_000_000, 2_000_000, 10_000)
    keys = (pool, user, *(address() for _ in range(5)))
    name, net = ("BuyEvent", (10_200, 10_300)) if buy else ("SellEvent", (9_800, 9_700))
    return event(name, *head, *fees, *net, *keys, 30, 30)


def pumpswap(mint, user, pool, *, buy=True):
    accounts = [pool, user, address(), mint, WRAPPED_SOL]
    name = "buy" if buy else "sell"
    return (
        Answer().call(PUMPSWAP, accounts, tag(f"global:{name}")).emit_cpi(PUMPSWAP, pumpswap_event(pool, user, buy=buy))
    )


def raydium_cp_accounts(pool, user, paid, got):
    return [user, address(), address(), pool, *(address() for _ in range(6)), paid, got, address()]


def raydium_cp_event(pool, paid, got, *, spent=3_000, received=500):
    """Paid and got are mints; vaults held a million and two before."""
    return event("SwapEvent", pool, 1_000_000, 2_000_000, spent, received, 0, 0, True, paid, got, 7, 2, True)


def raydium_cp(pool, user, paid, got):
    call = Answer().call(RAYDIUM_CP, raydium_cp_accounts(pool, user, paid, got), tag("global:swap_base_input"))
    return call.emit(raydium_cp_event(pool, paid, got))


def launchlab(mint, user, pool, *, direction=0):
    accounts = [user, address(), address(), address(), pool, *(address() for _ in range(4)), mint, WRAPPED_SOL]
    numbers = (793_100, 1_073_000, 30_000, 100, 10, 150, 12, 4_000, 60, 11, 12, 13, 14)
    name = "buy_exact_in" if direction == 0 else "sell_exact_in"
    body = event("TradeEvent", pool, *numbers, bytes([direction]), b"\0", True)
    # The program tells the same in its log, too: it must not count twice.
    return Answer().call(LAUNCHLAB, accounts, tag(f"global:{name}")).emit(body).emit_cpi(LAUNCHLAB, body)


def dbc(mint, user, pool, *, direction=1, both=True):
    accounts = [address(), address(), pool, *(address() for _ in range(4)), mint, WRAPPED_SOL, user]
    price = (2**70).to_bytes(16, "little")
    config = address()
    old = event(
        "EvtSwap", pool, config, bytes([direction]), False, 900, 1, 880, 70_000, price, 15, 5, 0, 900, 1_700_000_789
    )
    head = (pool, config, bytes([direction]), False, 900, 1, b"\0")
    new = event("EvtSwap2", *head, 900, 880, 0, 70_000, price, 15, 5, 0, 123_456, 85_000, 1_700_000_789)
    call = Answer().call(METEORA_DBC, accounts, tag("global:swap2")).emit_cpi(METEORA_DBC, old)
    return call.emit_cpi(METEORA_DBC, new) if both else call


def damm(mints, user, pool, *, direction=0, reserves=True):
    accounts = [address(), pool, *(address() for _ in range(4)), *mints, user]
    price = (2**70).to_bytes(16, "little")
    head = (pool, bytes([direction]), b"\1", False, 900, 1, b"\0")
    body = event("EvtSwap2", *head, 900, 890, 0, 4_500, price, 8, 2, 0, 0, 900, 4_500, 4_500, 1_700_000_999)
    return (
        Answer()
        .call(METEORA_DAMM, accounts, tag("global:swap2"))
        .emit_cpi(METEORA_DAMM, body + (packed(10_900, 45_500) if reserves else b""))
    )
