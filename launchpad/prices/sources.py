"""Where the price of SOL in US dollars comes from: a number, an address on the web, or Pyth on the chain."""

import base64
import struct
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Protocol

import httpx
import orjson

from launchpad.chain.keys import is_address
from launchpad.chain.rpc import RpcPool
from launchpad.config import Settings
from launchpad.errors import ConfigError, UnavailableError
from launchpad.redaction import redact

# What a local cluster takes SOL for, so that pages show dollars. It is nobody's quotation.
DEVELOPMENT_USD = Decimal(150)
DEVELOPMENT = "development"
# The account that Pyth's sponsors keep fresh for SOL/USD (shard 0), the feed in it, and the program that owns it.
PYTH_SOL_USD = "7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE"
PYTH_FEED = bytes.fromhex("ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d")
PYTH_RECEIVER = "rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ"

_TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 1_000_000
_HIGHEST_USD = Decimal(10) ** 9
_PLACES = Decimal(1).scaleb(-8)
_PRICE_UPDATE = sha256(b"account:PriceUpdateV2").digest()[:8]
_FULLY_VERIFIED = 1
# After discriminator, authority and verification level: feed, price, confidence, exponent, time of publication.
_MESSAGE = struct.Struct("<32sqQiq")
_MESSAGE_AT = 8 + 32 + 1


class PriceUnavailableError(UnavailableError):
    """The source did not tell a price that can be used."""

    code = "PRICE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Quotation:
    """US dollars per SOL, rounded to 8 decimals, with the moment at which it held and who said so."""

    usd: Decimal
    as_of: datetime
    source: str


class PriceSource(Protocol):
    """Anything that can be asked for the price of SOL."""

    async def quote(self) -> Quotation:
        """The price now; raises LaunchpadError where there is none."""


def open_source(settings: Settings, rpc: RpcPool) -> PriceSource | None:
    """The source that SOL_PRICE_SOURCE names, None for `none`; raises ConfigError.

    Where nothing is set a local cluster has a price for development, every other has none.
    """
    asked = settings.sol_price_source.strip()
    if not asked:
        return FixedSource(DEVELOPMENT_USD, DEVELOPMENT) if settings.is_local else None
    kind, _, rest = asked.partition(":")
    if asked == "none":
        return None
    if kind == "fixed":
        return FixedSource(_configured(rest), "fixed")
    if kind == "http" and rest.startswith(("http://", "https://")):
        url, _, pointer = rest.partition("#")
        return HttpSource(url, pointer)
    if kind == "pyth" and (not rest or is_address(rest)):
        return PythSource(rpc, rest or PYTH_SOL_USD)
    message = "SOL_PRICE_SOURCE is fixed:<usd>, http:<url>#<json pointer>, pyth, pyth:<account> or none."
    raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class FixedSource:
    """Always the same number."""

    usd: Decimal
    name: str

    async def quote(self) -> Quotation:
        """The number, as of now."""
        return Quotation(self.usd, datetime.now(UTC), self.name)


@dataclass(frozen=True, slots=True)
class HttpSource:
    """A JSON document on the web, and the place in it (RFC 6901) where the price stands. Taken as of its arrival."""

    url: str
    pointer: str

    async def quote(self) -> Quotation:
        """Fetch the document and read the price; raises PriceUnavailableError."""
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client:
                answer = await client.get(self.url, headers={"Accept": "application/json"})
                answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PriceUnavailableError(f"{redact(self.url)} told no price: {type(error).__name__}.") from error
        if len(answer.content) > _MOST_BYTES:
            raise PriceUnavailableError(f"The document at {redact(self.url)} is too large to be a price.")
        return Quotation(self._price(answer.content), datetime.now(UTC), f"http:{redact(self.url)}"[:128])

    def _price(self, body: bytes) -> Decimal:
        try:
            return usable(_at(orjson.loads(body), self.pointer))
        except (orjson.JSONDecodeError, LookupError, ValueError, TypeError) as error:
            message = f"There is no price at {self.pointer or 'the root'} of {redact(self.url)}."
            raise PriceUnavailableError(message) from error


@dataclass(frozen=True, slots=True)
class PythSource:
    """A Pyth price account on the chain (PriceUpdateV2 of Pyth's receiver), as of its time of publication."""

    rpc: RpcPool
    account: str

    async def quote(self) -> Quotation:
        """Read the account; raises PriceUnavailableError, and what the cluster raises."""
        found = await self.rpc.get_account(self.account)
        if found is None or found["owner"] != PYTH_RECEIVER:
            raise PriceUnavailableError(f"{self.account} is no price account of Pyth on this cluster.")
        return parse_price_update(base64.b64decode(found["data"][0]), self.account)


def parse_price_update(data: bytes, account: str) -> Quotation:
    """The price in a PriceUpdateV2 of SOL/USD; raises PriceUnavailableError.

    Only an update that all of Wormhole's needed guardians signed counts (verification level Full).
    """
    level = _MESSAGE_AT - 1
    if len(data) < _MESSAGE_AT + _MESSAGE.size or data[:8] != _PRICE_UPDATE or data[level] != _FULLY_VERIFIED:
        raise PriceUnavailableError(f"{account} holds no fully verified price update.")
    feed, price, _, exponent, published = _MESSAGE.unpack_from(data, _MESSAGE_AT)
    if feed != PYTH_FEED:
        raise PriceUnavailableError(f"{account} tells the price of something else than SOL.")
    if not 0 <= published <= time.time() + _TIMEOUT_SECONDS * 12:
        raise PriceUnavailableError(f"{account} claims a time that cannot be.")
    try:
        usd = usable(Decimal(price).scaleb(exponent))
    except ValueError as error:
        raise PriceUnavailableError(f"{account} tells a price that cannot be used.") from error
    return Quotation(usd, datetime.fromtimestamp(published, UTC), f"pyth:{account}")


def usable(value: object) -> Decimal:
    """`value` as US dollars with 8 decimals; ValueError where it is no sensible price."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("a price is a number")  # noqa: TRY004 - callers handle bad numbers in one way
    try:
        # A JSON number has become a float by now; its shortest text is what the document said.
        usd = Decimal(str(value)).quantize(_PLACES)
    except InvalidOperation as error:
        raise ValueError("a price is a number") from error
    if not 0 < usd < _HIGHEST_USD:
        raise ValueError("out of range")
    return usd


def _configured(text: str) -> Decimal:
    try:
        return usable(text)
    except ValueError as error:
        raise ConfigError("SOL_PRICE_SOURCE=fixed:<usd> needs a number above 0, as in fixed:150.") from error


def _at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer; LookupError where there is none."""
    for step in pointer.removeprefix("/").split("/") if pointer else ():
        key = step.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document
