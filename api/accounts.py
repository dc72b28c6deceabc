"""Sign-in with a wallet, and the sessions of an account."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import cookies
from api.deps import Member, ServicesDep, Visitor
from api.errors import documented
from api.security import page_origin
from launchpad.accounts import service as accounts
from launchpad.accounts.credentials import csrf_token, new_secret
from launchpad.accounts.schemas import (
    Challenge,
    Me,
    NonceRequest,
    ProfileChange,
    SessionList,
    SignedIn,
    VerifyRequest,
)

router = APIRouter(prefix="/api/auth", tags=["accounts"])


@router.post("/nonce", summary="Ask for a sign-in challenge", responses=documented(403, 503))
async def ask_to_sign_in(body: NonceRequest, request: Request, response: Response, services: ServicesDep) -> Challenge:
    """Sign In With Solana, first step: what the wallet shall sign, valid for five minutes and for this browser."""
    secret = cookies.browser_secret(request.scope, services.settings) or new_secret()
    cookies.set_browser(response, services.settings, secret)
    origin = page_origin(request.headers, services.settings)
    return await accounts.ask_to_sign_in(
        services.database, services.settings, origin=origin, browser=secret, address=body.address
    )


@router.post("/verify", summary="Sign in with the wallet's signature", responses=documented(401, 403, 503))
async def sign_in(body: VerifyRequest, request: Request, response: Response, services: ServicesDep) -> Me:
    """Second step: the signed text and its signature. Answers with the session cookie and a CSRF token."""
    settings = services.settings
    secret, who = await accounts.sign_in(
        services.database,
        services.redis,
        body,
        browser=cookies.browser_secret(request.scope, settings) or "",
        device=request.headers.get("user-agent", "unknown device"),
        old_secret=cookies.session_secret(request.scope, settings),
    )
    cookies.set_session(response, settings, secret)
    cookies.clear(response, settings, cookies.browser_cookie(settings))
    return _me(who, services.signing_key)


def _me(who: SignedIn, key: bytes) -> Me:
    return Me(
        address=who.address,
        display_name=who.display_name,
        csrf_token=csrf_token(key, who.session_hash),
        expires_at=who.expires_at,
    )


@router.post("/logout", status_code=204, summary="Sign out", responses=documented(403))
async def sign_out(request: Request, response: Response, services: ServicesDep) -> None:
    """End this session; harmless for a guest."""
    secret = cookies.session_secret(request.scope, services.settings)
    if secret:
        await accounts.sign_out(services.database, services.redis, secret)
    cookies.clear(response, services.settings, cookies.session_cookie(services.settings))


@router.get("/me", summary="Who is signed in", responses=documented())
async def read_me(request: Request, response: Response, visitor: Visitor, services: ServicesDep) -> Me:
    """The account of this session with a CSRF token; every field is null for a guest."""
    response.headers["Cache-Control"] = "no-store"
    if visitor is not None:
        return _me(visitor, services.signing_key)
    if cookies.session_secret(request.scope, services.settings):
        # The session is over: a dead cookie would only make later requests ask for its token.
        cookies.clear(response, services.settings, cookies.session_cookie(services.settings))
    return Me()


@router.patch("/me", summary="Change your display name", responses=documented(401, 403))
async def change_profile(body: ProfileChange, member: Member, services: ServicesDep) -> Me:
    """Choose what rooms and portfolios show instead of your address; null goes back to the address."""
    name = await accounts.rename(services.database, services.redis, member, body.display_name)
    changed = SignedIn(member.address, name, member.session_hash, member.expires_at)
    return _me(changed, services.signing_key)


@router.get("/sessions", summary="Devices you are signed in on", responses=documented(401))
async def list_sessions(member: Member, response: Response, services: ServicesDep) -> SessionList:
    """Every live session of your account, newest first."""
    response.headers["Cache-Control"] = "no-store"
    return SessionList(data=await accounts.list_sessions(services.database, member))


@router.delete("/sessions", status_code=204, summary="Sign out everywhere else", responses=documented(401, 403))
async def revoke_other_sessions(member: Member, services: ServicesDep) -> None:
    """End every session of your account but this one."""
    await accounts.revoke_other_sessions(services.database, services.redis, member)


SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The id out of the list of sessions.")]


@router.delete(
    "/sessions/{session_id}", status_code=204, summary="Sign out one device", responses=documented(401, 403, 404)
)
async def revoke_session(session_id: SessionId, member: Member, services: ServicesDep) -> None:
    """End one of your own sessions."""
    await accounts.revoke_session(services.database, services.redis, member, session_id)
