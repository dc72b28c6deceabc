"""What SOL costs: sources, ages, history."""

import struct
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from launchpad.errors import ConfigError
from launchpad.prices import queries, reading, service
from launchpad.prices.sources import (
    PYTH_FEED,
    PYTH_RECEIVER,
    PYTH_SOL_USD,
    PriceUnavailableError,
    open_source,
    parse_price_update,
)
from launchpad.worker.prices import PriceJob
from tests.conftest import make_settings

NOW = int(time.time())


def source(text, rpc=None, cluster="localnet"):
    return open_source(make_settings(sol_price_source=text, cluster=cluster), rpc)


def update(price=15_012_345_678, exponent=-8, published=NOW, feed=PYTH_FEED, level=1):
    """The bytes of a PriceUpdateV2 account."""
    message = struct.pack("<32sqQiqqqQ", feed, price, 1_000_000, exponent, published, published, price, 1_000_000)
    return sha256(b"account:PriceUpdateV2").digest()[:8] + bytes(32) + bytes([level]) + message + bytes(9)


class Accounts:
    """A node that has one account."""

    def __init__(self, data, owner=PYTH_RECEIVER):
        import base64  # noqa: PLC0415 - nobody else here needs it

        self.account = {"owner": owner, "data": [base64.b64encode(data).decode(), "base64"]}

    async def get_account(self, address):
        return self.account if address == PYTH_SOL_USD else None


@pytest.fixture
def site():
    """`site(status, body)`: the address of a web server that answers so."""
    servers = []

    def serve(body, status=200):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/price"

    yield serve
    for server in servers:
        server.shutdown()


async def test_a_local_cluster_has_a_price_that_says_what_it_is(database):
    await PriceJob(database, source("")).run()
    async with database.look() as look:
        price = await service.sol_usd(look)
        told = await reading.view(look)
    assert price.is_development
    assert not price.stale
    assert (told.price_usd, told.source) == ("150", "development")


async def test_elsewhere_nothing_is_assumed(database):
    assert source("", cluster="mainnet-beta") is None
    assert source("none") is None
    await PriceJob(database, None).run()
    async with database.look() as look:
        told = await reading.view(look)
    assert (told.price_usd, told.last_usd, told.stale) == (None, None, True)


async def test_a_fixed_price_is_what_it_says():
    quotation = await source("fixed:187.25").quote()
    assert (quotation.usd, quotation.source) == (Decimal("187.25"), "fixed")


@pytest.mark.parametrize("text", ["fixed:", "fixed:-1", "fixed:much", "http:ftp://x", "pyth:nobody", "oracle"])
def test_what_cannot_be_a_source_is_refused(text):
    with pytest.raises(ConfigError, match="SOL_PRICE_SOURCE"):
        source(text)


async def test_a_document_on_the_web_tells_it(site):
    url = site(b'{"data": [{"a/b": "163.5"}], "plain": 12.25}')
    assert (await source(f"http:{url}#/data/0/a~1b").quote()).usd == Decimal("163.5")
    quotation = await source(f"http:{url}#/plain").quote()
    assert quotation.usd == Decimal("12.25")
    assert quotation.source.startswith("http:127.0.0.1")


@pytest.mark.parametrize(
    ("body", "status"), [(b"not json", 200), (b"{}", 200), (b'{"p": true}', 200), (b'{"p": -3}', 200), (b"", 503)]
)
async def test_a_document_without_a_price_keeps_the_old_one(site, database, body, status):
    web = source(f"http:{site(body, status)}#/p")
    with pytest.raises(PriceUnavailableError):
        await web.quote()
    await PriceJob(database, source("fixed:100")).run()
    await PriceJob(database, web).run()
    async with database.read() as session:
        assert (await service.sol_usd(session)).value == 100


async def test_pyth_tells_it_on_the_chain():
    quotation = await source("pyth", Accounts(update())).quote()
    assert quotation.usd == Decimal("150.12345678")
    assert quotation.as_of == datetime.fromtimestamp(NOW, UTC)
    assert quotation.source == f"pyth:{PYTH_SOL_USD}"


@pytest.mark.parametrize(
    "data",
    [
        update()[:60],
        update(level=0),
        update(feed=bytes(32)),
        update(price=-1),
        update(published=NOW + 10**6),
        bytes(134),
    ],
)
def test_what_is_no_verified_price_of_sol_is_refused(data):
    with pytest.raises(PriceUnavailableError):
        parse_price_update(data, PYTH_SOL_USD)


async def test_an_account_of_another_program_is_refused():
    with pytest.raises(PriceUnavailableError):
        await source("pyth", Accounts(update(), owner=PYTH_SOL_USD)).quote()
    with pytest.raises(PriceUnavailableError):
        await source(f"pyth:{PYTH_RECEIVER}", Accounts(update())).quote()


async def test_after_a_minute_it_is_stale(database):
    now = datetime.now(UTC)
    async with database.session() as session:
        await queries.save(session, Decimal(150), now - timedelta(seconds=61), "test")
    async with database.look() as look:
        price, told = await service.sol_usd(look), await reading.view(look)
        assert await service.fresh_usd(look) is None
    assert price.stale
    assert (told.price_usd, told.last_usd) == (None, "150")


async def test_the_past_is_remembered_by_the_minute(database):
    moment = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
    async with database.session() as session:
        await queries.save(session, Decimal(140), moment, "test")
        await queries.save(session, Decimal(141), moment + timedelta(seconds=20), "test")
        await queries.save(session, Decimal(139), moment + timedelta(seconds=10), "late")
        await queries.save(session, Decimal(160), moment + timedelta(minutes=3), "test")
    async with database.read() as session, database.look() as look:
        assert await service.usd_at(session, moment) == 141
        assert await service.usd_at(look, moment + timedelta(minutes=2)) == 141
        assert await service.usd_at(look, moment + timedelta(minutes=4)) == 160
        assert await service.usd_at(look, moment + timedelta(hours=1)) is None
        assert await service.usd_at(look, moment - timedelta(minutes=5)) is None


def test_dollars_are_exact_to_twelve_digits():
    assert service.in_usd(Decimal("0.00000002796"), Decimal("150.5")) == "0.00000420798"
    assert service.in_usd(Decimal("123456789.123456789"), Decimal(3)) == "370370367.37"
    assert service.in_usd(None, Decimal(1)) is service.in_usd(Decimal(1), None) is None
