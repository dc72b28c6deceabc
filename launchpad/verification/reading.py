"""Reports as they were kept."""

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.verification import queries
from launchpad.verification.schemas import Report, VerificationStatus


async def status(session: AsyncSession, address: str) -> VerificationStatus:
    """How an address stood when it was last verified."""
    row = await queries.find(session, address)
    if row is None:
        return VerificationStatus(address=address, status="unchecked", badge=False)
    report = Report.model_validate(row.report)
    return VerificationStatus(
        address=address,
        status=report.verdict,
        badge=report.verdict == "good",
        checked_at=report.checked_at,
        report=report,
    )
