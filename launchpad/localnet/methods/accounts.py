"""Reading accounts."""

from typing import Any

from launchpad.localnet.accounts import minimum_balance
from launchpad.localnet.errors import invalid_params, invalid_request
from launchpad.localnet.filters import parse_filters
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.node import Node
from launchpad.localnet.params import Config, pubkey, string, strings, unsigned, variant
from launchpad.localnet.registry import method

MAX_MULTIPLE_ACCOUNTS = 100
MAX_ACCOUNT_LENGTH = 10 * 1024 * 1024
LARGEST_ACCOUNTS = 20


@method("getAccountInfo", required=1, optional=1)
def get_account_info(node: Node, args: list[Any]) -> Any:
    """One account, or null."""
    text, config = string(args[0]), Config(args[1], "RpcAccountInfoConfig")
    view, key = config.view("binary"), pubkey(text)
    bank = node.bank_for(config)
    account = bank.account(key)
    return bank.context(None if account is None else view.show(key, account, bank.find))


@method("getMultipleAccounts", required=1, optional=1)
def get_multiple_accounts(node: Node, args: list[Any]) -> Any:
    """Up to a hundred accounts of one bank, null for each that is missing."""
    texts, config = strings(args[0]), Config(args[1], "RpcAccountInfoConfig")
    if len(texts) > MAX_MULTIPLE_ACCOUNTS:
        raise invalid_params(f"Too many inputs provided; max {MAX_MULTIPLE_ACCOUNTS}")
    keys = [pubkey(text) for text in texts]
    view, bank = config.view("base64"), node.bank_for(config)
    accounts = [(key, bank.account(key)) for key in keys]
    return bank.context([each and view.show(key, each, bank.find) for key, each in accounts])


@method("getProgramAccounts", required=1, optional=1)
def get_program_accounts(node: Node, args: list[Any]) -> Any:
    """The accounts of a program that pass the filters, by key."""
    text, config = string(args[0]), Config(args[1], "RpcProgramAccountsConfig")
    program = pubkey(text)
    filters = parse_filters(config.get("filters"), program)
    view, with_context = config.view("binary"), config.flag("withContext")
    bank = node.bank_for(config)
    found = [
        keyed(key, view.show(key, account, bank.find))
        for key, account in node.cluster.accounts.owned_by(program, bank.slot)
        if all(matches(account) for matches in filters)
    ]
    return bank.context(found) if with_context else found


def keyed(key: Key, account: dict[str, Any]) -> dict[str, Any]:
    """An account object with its key."""
    return {"pubkey": b58(key), "account": account}


@method("getBalance", required=1, optional=1)
def get_balance(node: Node, args: list[Any]) -> Any:
    """An account's lamports, 0 when it is missing."""
    text, config = string(args[0]), Config(args[1])
    key = pubkey(text)
    bank = node.bank_for(config)
    account = bank.account(key)
    return bank.context(account.lamports if account else 0)


@method("getMinimumBalanceForRentExemption", required=1, optional=1)
def get_minimum_balance(_node: Node, args: list[Any]) -> int:
    """The lamports that exempt an account of a length from rent."""
    length = unsigned(args[0], "usize")
    Config(args[1], "CommitmentConfig").strict_commitment()
    if length > MAX_ACCOUNT_LENGTH:
        raise invalid_request()
    return minimum_balance(length)


@method("getLargestAccounts", optional=1)
def get_largest_accounts(node: Node, args: list[Any]) -> Any:
    """The twenty richest accounts."""
    config = Config(args[0], "RpcLargestAccountsConfig")
    chosen = variant(config.get("filter") or "circulating", ("circulating", "nonCirculating"))
    bank = node.bank_for(config)
    if chosen == "nonCirculating":
        return bank.context([])
    richest = sorted(node.cluster.accounts.items(), key=lambda item: (-item[1].lamports, item[0]))
    return bank.context([{"address": b58(key), "lamports": each.lamports} for key, each in richest[:LARGEST_ACCOUNTS]])
