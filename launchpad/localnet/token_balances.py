"""Token balances before and after a transaction, as its status lists them."""

from collections.abc import Callable

from launchpad.localnet.accounts import Account, is_mint, is_token_account
from launchpad.localnet.keys import TOKEN_PROGRAMS, Key, b58
from launchpad.localnet.records import TokenBalance

MINT_DECIMALS = 44


def collect(
    keys: list[Key], accounts: list[Account | None], find: Callable[[Key], Account | None]
) -> list[TokenBalance]:
    """One entry for each token account among a transaction's keys, in their order.

    A transaction that does not name a token program has none.
    """
    balances: list[TokenBalance] = []
    if TOKEN_PROGRAMS.isdisjoint(keys):
        return balances
    for index, account in enumerate(accounts):
        if account is None or account.owner not in TOKEN_PROGRAMS or not is_token_account(account):
            continue
        mint = find(account.data[:32])
        if mint is None or not is_mint(mint):
            continue
        data = account.data
        balances.append(
            (
                index,
                b58(data[:32]),
                b58(data[32:64]),
                b58(account.owner),
                str(int.from_bytes(data[64:72], "little")),
                mint.data[MINT_DECIMALS],
            )
        )
    return balances
