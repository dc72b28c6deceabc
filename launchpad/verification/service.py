"""Verifying a token or a program: read the chain, judge, keep the report.

InvalidInputError
    NotVerifiableError   an account that is neither a token nor a program
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from launchpad.chain.addresses import PROGRAMS, TOKEN_PROGRAMS
from launchpad.chain.deployments import fetch_deployment
from launchpad.chain.inspecting import fetch_token
from launchpad.chain.rpc import RpcPool
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import InvalidInputError, LaunchpadError, NotFoundError
from launchpad.media.links import cid_in
from launchpad.tokens.catalog import explorer_links
from launchpad.verification import queries
from launchpad.verification.powers import powers
from launchpad.verification.programs import program_findings
from launchpad.verification.reading import status
from launchpad.verification.schemas import Finding, Kind, Report
from launchpad.verification.standing import standing
from launchpad.verification.texts import address_of_document, shown_name, texts
from launchpad.verification.wording import verdict, worst_first
from launchpad.worker.documents import DocumentClient

# Whoever asks again at once gets the same answer: a check costs a node several reads.
_FRESH = timedelta(seconds=5)


class NotVerifiableError(InvalidInputError):
    """There is something at the address, but nothing that can be verified."""

    code = "NOT_VERIFIABLE"


class NothingThereError(NotFoundError):
    """There is no account at the address."""

    code = "ACCOUNT_NOT_FOUND"


@dataclass(frozen=True)
class _Found:
    """What a check comes to, before it is a report."""

    kind: Kind
    name: str
    ours: bool
    slot: int
    findings: list[Finding]


@dataclass(frozen=True)
class Verifier:
    """Reads the chain, and the documents that tokens name."""

    settings: Settings
    database: Database
    rpc: RpcPool
    documents: DocumentClient

    async def verify(self, address: str) -> Report:
        """What an address is now, from the chain; kept for who asks later.

        A report of the last five seconds is given again. Raises NothingThereError,
        NotVerifiableError, NoProgramError, RpcUnavailableError.
        """
        async with self.database.read() as session:
            known = await status(session, address)
        if known.report and known.checked_at and datetime.now(UTC) - known.checked_at < _FRESH:
            return known.report
        report = self._report(address, await self._look(address))
        async with self.database.session() as session:
            row = report.model_dump(include={"address", "kind", "verdict", "slot", "checked_at"})
            await queries.keep(session, row | {"report": report.model_dump(mode="json")})
        return report

    async def _look(self, address: str) -> _Found:
        account = await self.rpc.get_account(address)
        if account is None:
            raise NothingThereError(
                f"There is nothing at {address} on this cluster: check the address and the cluster."
            )
        if account["executable"]:
            return await self._program(address)
        if account["owner"] in TOKEN_PROGRAMS:
            return await self._token(address)
        message = f"{address} is neither a token nor a program: give the mint of a token, or a program's id."
        raise NotVerifiableError(message, field="address")

    async def _program(self, address: str) -> _Found:
        slot = await self.rpc.get_slot()
        one = await fetch_deployment(self.rpc, address)
        return _Found("program", one.name or "", address in PROGRAMS.values(), slot, program_findings(one))

    async def _token(self, mint: str) -> _Found:
        token = await fetch_token(self.rpc, mint)
        uri = address_of_document(token)
        cid = cid_in(uri, self.settings.origin)
        told = texts(token, await self._document(uri, cid) if uri else None, cid)
        findings = [*powers(token), *told, *standing(token, int(time.time()))]
        return _Found("token", shown_name(token), token.launch is not None, token.slot, findings)

    async def _document(self, uri: str, cid: str | None) -> bytes | None:
        """The bytes behind an address: from our own store, a gateway, or its host; None when nobody gives them."""
        if cid:
            async with self.database.read() as session:
                if body := await queries.stored_document(session, cid):
                    return body
        try:
            gateway = f"{self.settings.pinata_gateway.rstrip('/')}/ipfs/{cid}"
            return await self.documents.fetch(gateway if cid else uri)
        except LaunchpadError:
            return None

    def _report(self, address: str, seen: _Found) -> Report:
        return Report(
            address=address,
            kind=seen.kind,
            name=seen.name.replace("\x00", ""),
            ours=seen.ours,
            verdict=verdict(seen.findings),
            findings=worst_first(seen.findings),
            slot=seen.slot,
            checked_at=datetime.now(UTC),
            links=explorer_links(self.settings, mint=address),
        )
