"""What services here share: transactions as steps, and what a mint and a wallet have to be."""

from dataclasses import dataclass

from launchpad.chain import keys, pda
from launchpad.chain.client import BuiltTransaction, ChainClient, NoTokensError
from launchpad.chain.errors import InsufficientFundsError
from launchpad.chain.extensions import mint_extensions
from launchpad.chain.tokens import MintState, data_of, parse_mint, parse_token_account
from launchpad.dex.errors import MintNotAcceptedError
from launchpad.dex.schemas import BuiltStep
from launchpad.errors import NotFoundError
from launchpad.transactions.unsigned import unsigned


@dataclass(frozen=True, slots=True)
class Token:
    """A mint, and the numbers of its extensions with their names."""

    mint: MintState
    extensions: dict[int, str]


def step(what: str, built: BuiltTransaction) -> BuiltStep:
    """A transaction as clients get it."""
    return BuiltStep(
        what=what,
        programs=keys.describe_transaction(built.transaction).programs,
        **unsigned(built),
    )


async def fetch_token(chain: ChainClient, mint: str) -> Token:
    """A mint with its extensions; NotFoundError where there is none, NotATokenError for another account."""
    account = await chain.rpc.get_account(mint)
    if account is None:
        raise NotFoundError(f"There is no token {mint} on this cluster: check the address.", field="mint")
    state = parse_mint(mint, account)
    return Token(state, {one.number: one.name for one in mint_extensions(data_of(account))})


def require_extensions(token: Token, accepted: frozenset[int], venue: str) -> None:
    """MintNotAcceptedError, naming them, for extensions that a venue refuses."""
    refused = sorted(name for number, name in token.extensions.items() if number not in accepted)
    if refused:
        message = (
            f"{venue} opens no pools for tokens with these extensions: {', '.join(refused)}. Choose another venue."
        )
        raise MintNotAcceptedError(message, field="mint", extensions=refused)


async def require_funds(chain: ChainClient, wallet: str, token: MintState, base: int, lamports: int) -> None:
    """Refuses a wallet that cannot pay; NoTokensError, InsufficientFundsError."""
    account = pda.associated_token(wallet, token.mint, token.token_program)
    payer, held = await chain.rpc.get_accounts([wallet, account])
    tokens = parse_token_account(data_of(held)).amount if held else 0
    if tokens < base:
        message = "The wallet holds fewer tokens than this: enter a smaller amount."
        raise NoTokensError(message, field="base_amount", available=str(tokens), needed=str(base))
    balance = payer["lamports"] if payer else 0
    if balance < lamports:
        message = "The wallet has too little SOL for the liquidity, the fee for a pool and its deposits: add SOL."
        raise InsufficientFundsError(message, available=str(balance), needed=str(lamports))
