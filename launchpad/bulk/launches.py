"""Several launches in one request: each is built on its own, and one that cannot be does not stop the others."""

from launchpad.bulk.schemas import LaunchManyRequest, LaunchManyView, LaunchResult
from launchpad.chain import pda
from launchpad.chain.client import ChainClient
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ConflictError, LaunchpadError
from launchpad.tokens import launching
from launchpad.tokens.launch_schemas import LaunchRequest


class TermsPendingError(ConflictError):
    """Another launch of the same request puts the same terms on chain."""

    code = "TERMS_PENDING"


async def build(database: Database, chain: ChainClient, settings: Settings, asked: LaunchManyRequest) -> LaunchManyView:
    """Transactions to sign for every launch that can be, and the reason for each that cannot.

    Terms go on chain once: launches that share new ones wait for the first of them.
    """
    results: list[LaunchResult] = []
    coming: dict[str, int] = {}
    for index, request in enumerate(asked.launches):
        try:
            await _wait_for_terms(chain, request, coming, index)
            launch = await launching.build_launch(database, chain, settings, request)
            results.append(LaunchResult(index=index, launch=launch, error=None))
        except LaunchpadError as error:
            told = {"code": error.code, "message": error.message, **error.details}
            results.append(LaunchResult(index=index, launch=None, error=told))
    built = sum(result.launch is not None for result in results)
    return LaunchManyView(launches=results, built=built, failed=len(results) - built)


async def _wait_for_terms(chain: ChainClient, request: LaunchRequest, coming: dict[str, int], index: int) -> None:
    sale = launching.sale_of(request, request.creator)
    if sale.is_usual:
        return
    terms = pda.terms(sale)
    if terms in coming and await chain.fetch_terms(terms) is None:
        message = (
            f"Its rules are the same as those of launch {coming[terms]} of this request, which puts them on chain: "
            "ask for this one again when that is confirmed."
        )
        raise TermsPendingError(message, after=coming[terms])
    coming.setdefault(terms, index)
