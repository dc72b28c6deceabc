"""What routes ask for: the services, who is signed in, and the query parameters that lists share."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator

from api.cookies import session_secret
from api.services import Services
from launchpad.accounts import service as accounts
from launchpad.accounts.schemas import SignedIn
from launchpad.errors import UnauthenticatedError
from launchpad.schemas import ADDRESS_PATTERN, require_address


async def get_services(request: Request) -> Services:  # a plain function would be sent to a thread each time
    """The services of this application."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


async def who_asks(request: Request, services: ServicesDep) -> SignedIn | None:
    """The live session of the request's cookie, or None for a guest; looked up once a request."""
    if not hasattr(request.state, "signed_in"):
        secret = session_secret(request.scope, services.settings)
        database, redis = services.database, services.redis
        request.state.signed_in = await accounts.session_of(database, secret, redis) if secret else None
    who: SignedIn | None = request.state.signed_in
    return who


Visitor = Annotated[SignedIn | None, Depends(who_asks)]


async def signed_in(visitor: Visitor) -> SignedIn:
    """The live session; raises UnauthenticatedError for a guest."""
    if visitor is None:
        raise UnauthenticatedError("Sign in with your wallet first.")
    return visitor


Member = Annotated[SignedIn, Depends(signed_in)]

_CHECKED = AfterValidator(require_address)
MintPath = Annotated[str, Path(pattern=ADDRESS_PATTERN, description="The token's mint address."), _CHECKED]
WalletPath = Annotated[str, Path(pattern=ADDRESS_PATTERN, description="A wallet's address."), _CHECKED]
CursorQuery = Annotated[
    str | None, Query(max_length=512, description="`meta.next` of the page before; absent for the first page.")
]
PageQuery = Annotated[
    int | None, Query(ge=1, le=1000, description="Page number, for lists that are read by number instead of cursor.")
]


def limit_query(most: int) -> object:
    """The annotation of a `limit` parameter."""
    return Query(ge=1, le=most, description=f"Rows of a page, at most {most}.")
