"""Listening to a Geyser: one subscription over one gRPC channel."""

from collections.abc import AsyncGenerator, Collection
from typing import Any
from urllib.parse import urlsplit

import grpc

from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.errors import ConfigError, UnavailableError

SUBSCRIBE = "/geyser.Geyser/Subscribe"
MEBIBYTE = 2**20
OPTIONS = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.max_receive_message_length", 64 * MEBIBYTE),
]
_FILTER = "launchpad"


class GeyserAwayError(UnavailableError):
    """A Geyser ended the stream or does not answer. `refused`: it understood and said no."""

    code = "GEYSER_AWAY"

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class GeyserClient:
    """Subscribes to transactions of some programs, and to slots. `url` is http(s)://host:port, `token` its x-token."""

    def __init__(self, url: str, token: str, addresses: Collection[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigError(f"GEYSER_URLS holds {url[:80]!r}: write http://host:port or https://host:port.")
        self.name = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        self._secure = parts.scheme == "https"
        self._metadata = [("x-token", token)] if token else []
        self._addresses = sorted(addresses)

    async def updates(self, from_slot: int | None = None) -> AsyncGenerator[wire.SubscribeUpdate]:
        """Everything confirmed, from now or from a slot on; ends only by raising GeyserAwayError.

        Pings of the server are answered, so that balancers in between keep the connection.
        """
        async with self._channel() as channel:
            subscribe: Any = channel.stream_stream(
                SUBSCRIBE,
                request_serializer=wire.SubscribeRequest.SerializeToString,
                response_deserializer=wire.SubscribeUpdate.FromString,
            )
            call = subscribe(metadata=self._metadata)
            try:
                await call.write(self._request(from_slot))
                async for update in call:
                    if update.HasField("ping"):
                        await call.write(wire.SubscribeRequest(ping=wire.SubscribeRequestPing(id=1)))
                    else:
                        yield update
            except grpc.RpcError as error:
                raise _away(self.name, error) from error
            finally:
                call.cancel()
        raise GeyserAwayError(f"{self.name} ended the stream.")

    def _channel(self) -> Any:
        if self._secure:
            return grpc.aio.secure_channel(self.name, grpc.ssl_channel_credentials(), options=OPTIONS)
        return grpc.aio.insecure_channel(self.name, options=OPTIONS)

    def _request(self, from_slot: int | None) -> wire.SubscribeRequest:
        wanted = wire.SubscribeRequestFilterTransactions(vote=False, failed=False, account_include=self._addresses)
        slots = wire.SubscribeRequestFilterSlots(filter_by_commitment=False, interslot_updates=True)
        return wire.SubscribeRequest(
            transactions={_FILTER: wanted},
            slots={_FILTER: slots},
            blocks_meta={_FILTER: wire.SubscribeRequestFilterBlocksMeta()},
            commitment=wire.CONFIRMED,
            from_slot=from_slot,
        )


def _away(name: str, error: Any) -> GeyserAwayError:
    code = error.code()
    refused = code in {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.NOT_FOUND}
    return GeyserAwayError(f"{name} answers {code.name}: {error.details() or 'no reason'}.", refused=refused)
