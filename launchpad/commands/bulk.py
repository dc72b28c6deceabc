"""`launchpad token distribute`: transfers and burns of a list, none of them twice."""

from pathlib import Path
from typing import Annotated

import typer

from launchpad.chain.bulk import lists
from launchpad.chain.bulk.items import BulkRefusedError, Wanted
from launchpad.chain.bulk.running import Estimate, Result, estimate
from launchpad.client import LaunchpadClient, whole
from launchpad.commands.session import JsonOption, KeypairOption, RpcOption, Session, start
from launchpad.errors import InvalidInputError

_SOL_DECIMALS = 9
_SIGNATURE_LAMPORTS = 5_000


def distribute(
    file: Annotated[Path, typer.Argument(help="Lines of wallet,amount[,token]; `burn` in place of a wallet burns.")],
    mint: Annotated[str | None, typer.Option(help="The token of lines that name none.")] = None,
    label: Annotated[str, typer.Option(help="Tells this distribution from an earlier one of the same list.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do and cost; send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before sending.")] = False,
    keypair: KeypairOption = None,
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send tokens to every wallet of a list. Run it again to do what failed: what is done is not done twice."""
    session = start(rpc, keypair, as_json)
    wanted, lines = _read(file, mint)

    async def ask(pad: LaunchpadClient) -> Estimate:
        return await estimate(pad.chain, pad.address, wanted, label)

    async def work(pad: LaunchpadClient) -> list[Result]:
        return await pad.bulk(wanted, label=label, notes=session.settings.launchpad_home / "bulk")

    try:
        planned = session.run(ask, signs=True)
        if dry_run or not (yes or as_json):
            session.show("Distribution", _facts(planned))
        if dry_run or not (planned.left or as_json):
            return
        if not (yes or as_json):
            typer.confirm("Send it?", abort=True)
        results = session.run(work, signs=True)
    except BulkRefusedError as error:
        raise _told(error, lines) from error
    _show(session, results, lines)


def _read(file: Path, mint: str | None) -> tuple[list[Wanted], list[int]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{file} cannot be read as text: check the path.", field="file") from error
    try:
        return lists.parse(text, mint)
    except BulkRefusedError as error:
        raise _told(error, list(range(len(text.splitlines()) + 1))) from error


def _told(error: BulkRefusedError, lines: list[int]) -> InvalidInputError:
    """Every line at fault, a line each."""
    rows = [f"  line {lines[index]}: {problem.message}" for index, problem in error.problems.items()]
    return InvalidInputError("\n".join([error.message, *rows]))


def _facts(planned: Estimate) -> dict[str, object]:
    network = planned.transactions * _SIGNATURE_LAMPORTS
    moved = {
        f"{token.mint.symbol or mint}": f"{whole(token.amount, token.mint.decimals):f}"
        for mint, token in planned.plan.tokens.items()
    }
    return {
        **moved,
        "items": len(planned.left),
        "done_before": len(planned.done),
        "transactions": planned.transactions,
        "new_accounts": len(planned.plan.missing),
        "rent_sol": f"{whole(planned.plan.rent, _SOL_DECIMALS):f}",
        "network_sol": f"{whole(network, _SOL_DECIMALS):f}",
    }


def _show(session: Session, results: list[Result], lines: list[int]) -> None:
    failed = [(line, one) for line, one in zip(lines, results, strict=True) if one.status == "failed"]
    facts: dict[str, object] = {
        "confirmed": sum(one.status == "confirmed" and not one.done_before for one in results),
        "done_before": sum(one.done_before for one in results),
        "failed": len(failed),
    }
    if session.as_json:
        facts["items"] = [
            {
                "line": line,
                "status": one.status,
                "signature": one.signature,
                "error": one.error and {"code": one.error.code, "message": one.error.message},
            }
            for line, one in zip(lines, results, strict=True)
        ]
    else:
        facts |= {f"line {line}": one.error.message for line, one in failed if one.error}
    session.show("Distributed", facts)
    if failed:
        raise typer.Exit(1)
