"""One person's way through the doors: what a browser with a wallet would send."""

import base64
import sys
from types import TracebackType
from typing import Any, Self

import httpx

from launchpad.chain import keys
from launchpad.config import Settings
from launchpad.demo.people import Person
from launchpad.errors import UnavailableError

Json = dict[str, Any]


class RefusedError(UnavailableError):
    """The product said no to a simulated person; `refusal` in the details is its error code."""

    code = "DEMO_REFUSED"


class Visitor:
    """An HTTP session of one person, signed in on first need."""

    def __init__(self, person: Person, settings: Settings, number: int) -> None:
        self.person = person
        self.origin = settings.origin  # what a browser would name as the page's
        self.address = settings.local_origin
        self.source = source_address(number)
        transport = httpx.AsyncHTTPTransport(local_address=self.source)
        headers = {"Origin": self.origin, "User-Agent": "launchpad demo"}
        self._http = httpx.AsyncClient(
            base_url=self.address, transport=transport, timeout=30, trust_env=False, headers=headers
        )
        self._token = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    @property
    def cookie(self) -> str:
        """The session cookie for a Socket.IO connection; empty for a guest."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON at `path`; RefusedError when there is none."""
        return _body(await self._http.get(path, params=query))

    async def post(self, path: str, body: Json) -> Any:
        """Send JSON; the answer's."""
        return _body(await self._http.post(path, json=body, headers=self._headers()))

    async def sign_in(self) -> None:
        """Sign in with the wallet and choose the name that others see; nothing when that is done."""
        if self._token:
            return
        challenge = await self.post("/api/auth/nonce", {"address": self.person.address})
        message = challenge["message"].encode()
        signature = keys.sign_message(self.person.keypair, message)
        answer = {
            "request_id": challenge["request_id"],
            "address": self.person.address,
            "signed_message": base64.b64encode(message).decode(),
            "signature": base64.b64encode(signature).decode(),
        }
        self._token = (await self.post("/api/auth/verify", answer))["csrf_token"]
        await self._rename()

    async def upload(self, fields: dict[str, str], picture: bytes) -> str:
        """Store a token's metadata and picture; the address that goes on chain."""
        files = {"image": ("picture.png", picture, "image/png")}
        answer = await self._http.post("/api/launchpad/metadata", data=fields, files=files, headers=self._headers())
        return str(_body(answer)["uri"])

    async def send(self, transaction: str) -> str:
        """Sign a transaction that the API built, and send it; its signature."""
        signed = keys.sign_transaction(transaction, self.person.keypair)
        answer = await self.post("/api/transactions", {"transaction": signed})
        return str(answer["signature"])

    async def _rename(self) -> None:
        name = {"display_name": self.person.display_name}
        _body(await self._http.patch("/api/auth/me", json=name, headers=self._headers()))

    def _headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self._token} if self._token else {}


def source_address(number: int) -> str | None:
    """A loopback address of a visitor's own, so that limits per address count each person; only Linux has them."""
    return f"127.77.0.{number + 1}" if sys.platform == "linux" else None


def _body(answer: httpx.Response) -> Any:
    """The JSON of a good answer; RefusedError with the product's own words otherwise."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if answer.is_success:
        return body
    error = body.get("error", {})
    message = error.get("message") or f"The answer to {answer.request.url.path} was {answer.status_code}."
    raise RefusedError(message, refusal=error.get("code", str(answer.status_code)))
