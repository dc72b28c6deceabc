"""Lists as people keep them: a line per item, with a wallet, an amount of whole tokens, and maybe the token."""

import csv
import re
from collections.abc import Iterator

from launchpad.chain.bulk.items import MAX_ITEMS, BulkRefusedError, Problem, Wanted
from launchpad.chain.keys import is_address
from launchpad.errors import InvalidInputError

_AMOUNT = re.compile(r"^\d{1,20}(\.\d{1,18})?$")
_LEAST, _MOST = 2, 3
_BURN = "burn"


class ListTooLongError(InvalidInputError):
    """More lines than one operation takes."""

    code = "TOO_MANY_ITEMS"


def parse(text: str, mint: str | None = None) -> tuple[list[Wanted], list[int]]:
    """The items of `wallet,amount[,token]` lines, and the line that each stands in.

    Commas, semicolons or tabs part the columns. A word `burn` in place of the wallet burns; a first
    line with the columns' names, empty lines and those that begin with # are left out. `mint` is
    the token of lines that name none. Raises BulkRefusedError with each line at fault, numbered
    from 1, and ListTooLongError.
    """
    items: list[Wanted] = []
    lines: list[int] = []
    problems: dict[int, Problem] = {}
    for number, row in _rows(text):
        found = _item(row, mint)
        if isinstance(found, Problem):
            problems[number] = found
        else:
            items.append(found)
            lines.append(number)
    if len(items) + len(problems) > MAX_ITEMS:
        raise ListTooLongError(f"One operation takes at most {MAX_ITEMS} items: divide the list.", limit=MAX_ITEMS)
    if problems:
        count = len(problems)
        message = f"{count} {'line' if count == 1 else 'lines'} cannot be read: change or leave out what is listed."
        raise of_lines(BulkRefusedError(message, problems), dict(zip(problems, problems, strict=True)))
    if not items:
        raise InvalidInputError("The list is empty: write a line such as WALLET,12.5 for each recipient.", field="csv")
    return items, lines


def of_lines(error: BulkRefusedError, lines: dict[int, int]) -> BulkRefusedError:
    """The same error, each problem at the `line` of the list that its item stands in."""
    error.details["items"] = [
        {"line": lines[index], "code": problem.code, "message": problem.message}
        for index, problem in error.problems.items()
    ]
    return error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    plain = text.removeprefix("\ufeff")
    delimiter = next((each for each in ("\t", ";") if each in plain), ",")
    first = True
    for number, line in enumerate(plain.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        row = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
        is_heading = first and len(row) > 1 and not _AMOUNT.match(row[1]) and not is_address(row[0])
        first = False
        if not is_heading:
            yield number, row


def _item(row: list[str], mint: str | None) -> Wanted | Problem:
    if not _LEAST <= len(row) <= _MOST:
        return Problem("INVALID_LINE", "Write a wallet and an amount, and the token's address if it is another one.")
    wallet, amount, token = row[0], row[1], (row[2] if len(row) == _MOST and row[2] else mint)
    if wallet != _BURN and not is_address(wallet):
        return Problem("INVALID_ADDRESS", f"{wallet[:48]!r} is no Solana address.")
    if not _AMOUNT.match(amount):
        return Problem("INVALID_AMOUNT", f"{amount[:48]!r} is no amount: write digits, and a point before decimals.")
    if token is None:
        return Problem("NO_TOKEN", "Say which token: choose one for the whole list, or name it in the third column.")
    if not is_address(token):
        return Problem("INVALID_ADDRESS", f"{token[:48]!r} is no address of a token.")
    is_burn = wallet == _BURN
    return Wanted("burn" if is_burn else "transfer", token, None if is_burn else wallet, tokens=amount)
