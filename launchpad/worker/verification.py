"""New tokens are verified without being asked, so that their pages have a report from the start."""

import time
from dataclasses import dataclass, field

import structlog

from launchpad.errors import LaunchpadError
from launchpad.verification.service import Verifier
from launchpad.worker import queries

log = structlog.get_logger(__name__)

AT_ONCE = 5
RETRY_SECONDS = 60.0


@dataclass
class VerifyJob:
    """Verifies tokens of the last day that never were; what fails is left alone for a minute."""

    verifier: Verifier
    _not_before: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """One turn, newest first."""
        now = time.monotonic()
        self._not_before = {mint: until for mint, until in self._not_before.items() if until > now}
        async with self.verifier.database.read() as session:
            mints = await queries.unverified_tokens(session, list(self._not_before), AT_ONCE)
        for mint in mints:
            try:
                await self.verifier.verify(mint)
            except LaunchpadError as error:
                self._not_before[mint] = now + RETRY_SECONDS
                log.info("worker.not_verified", mint=mint, error=error.message)
