"""Token balances, supplies and holders."""

from collections.abc import Callable
from typing import Any

from launchpad.localnet.accounts import Account, is_mint, is_token_account
from launchpad.localnet.encoding.amounts import ui_amount
from launchpad.localnet.errors import invalid_params
from launchpad.localnet.keys import TOKEN_PROGRAMS, Key, b58
from launchpad.localnet.methods.accounts import keyed
from launchpad.localnet.node import BankView, Node
from launchpad.localnet.params import Config, pubkey, string, unknown_variant, wrong_type
from launchpad.localnet.registry import method

LARGEST = 20
AMOUNT = slice(64, 72)
SUPPLY = slice(36, 44)
DECIMALS = 44

Selection = Callable[[Account], bool]


def _amount(account: Account) -> int:
    return int.from_bytes(account.data[AMOUNT], "little")


def _find_account(bank: BankView, key: Key) -> Account:
    account = bank.account(key)
    if account is None:
        raise invalid_params("Invalid param: could not find account")
    return account


def _find_mint(bank: BankView, key: Key) -> Account:
    """A mint; raises RpcError when the key names something else."""
    account = _find_account(bank, key)
    if account.owner not in TOKEN_PROGRAMS:
        raise invalid_params("Invalid param: not a Token mint")
    if not is_mint(account):
        raise invalid_params("Invalid param: mint could not be unpacked")
    return account


def _mint_to_list(bank: BankView, key: Key) -> Account:
    """A mint whose accounts are listed; raises RpcError."""
    mint = bank.account(key)
    if mint is None:
        raise invalid_params("Invalid param: could not find mint")
    if not is_mint(mint):
        raise invalid_params("Invalid param: Token mint could not be unpacked")
    return mint


@method("getTokenAccountBalance", required=1, optional=1)
def get_token_account_balance(node: Node, args: list[Any]) -> Any:
    """A token account's amount."""
    text, config = string(args[0]), Config(args[1], "CommitmentConfig")
    level, key = config.strict_commitment(), pubkey(text)
    bank = node.bank(level)
    account = _find_account(bank, key)
    if not is_token_account(account):
        raise invalid_params("Invalid param: not a Token account")
    mint = _find_mint(bank, account.data[:32])
    return bank.context(ui_amount(_amount(account), mint.data[DECIMALS]))


@method("getTokenSupply", required=1, optional=1)
def get_token_supply(node: Node, args: list[Any]) -> Any:
    """A mint's supply."""
    text, config = string(args[0]), Config(args[1], "CommitmentConfig")
    level, key = config.strict_commitment(), pubkey(text)
    bank = node.bank(level)
    mint = _find_mint(bank, key)
    return bank.context(ui_amount(int.from_bytes(mint.data[SUPPLY], "little"), mint.data[DECIMALS]))


@method("getTokenLargestAccounts", required=1, optional=1)
def get_token_largest_accounts(node: Node, args: list[Any]) -> Any:
    """The twenty largest accounts of a mint."""
    text, config = string(args[0]), Config(args[1], "CommitmentConfig")
    level, key = config.strict_commitment(), pubkey(text)
    bank = node.bank(level)
    decimals = _mint_to_list(bank, key).data[DECIMALS]
    holders = node.cluster.accounts.tokens_of_mint(key, bank.slot)
    holders.sort(key=lambda item: _amount(item[1]), reverse=True)
    return bank.context(
        [{"address": b58(address), **ui_amount(_amount(account), decimals)} for address, account in holders[:LARGEST]]
    )


@method("getTokenAccountsByOwner", required=2, optional=1)
def get_token_accounts_by_owner(node: Node, args: list[Any]) -> Any:
    """The token accounts of a wallet, of one mint or of one token program."""
    return _listed(node, args, node.cluster.accounts.tokens_of_holder)


@method("getTokenAccountsByDelegate", required=2, optional=1)
def get_token_accounts_by_delegate(node: Node, args: list[Any]) -> Any:
    """The token accounts that are approved to a delegate."""
    return _listed(node, args, node.cluster.accounts.tokens_of_delegate)


def _listed(node: Node, args: list[Any], find: Callable[[Key, int], list[tuple[Key, Account]]]) -> Any:
    text, choice = string(args[0]), args[1]
    config = Config(args[2], "RpcAccountInfoConfig")
    view, key = config.view("binary"), pubkey(text)
    name, member = _choice(choice)
    bank = node.bank_for(config)
    selected = _selection(bank, name, member)
    return bank.context(
        [
            keyed(address, view.show(address, account, bank.find))
            for address, account in find(key, bank.slot)
            if selected(account)
        ]
    )


def _choice(value: Any) -> tuple[str, Key]:
    if not isinstance(value, dict):
        raise wrong_type(value, "string or map")
    if len(value) != 1:
        raise invalid_params("Invalid params: invalid value: map, expected map with a single key.")
    name, text = next(iter(value.items()))
    if name not in ("mint", "programId"):
        raise unknown_variant(name, ("mint", "programId"))
    return name, pubkey(string(text))


def _selection(bank: BankView, name: str, member: Key) -> Selection:
    if name == "programId":
        if member not in TOKEN_PROGRAMS:
            raise invalid_params("Invalid param: unrecognized Token program id")
        return lambda account: account.owner == member
    _mint_to_list(bank, member)
    return lambda account: account.data[:32] == member
