"""Documents are fetched from public https addresses only, and never in full trust."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from launchpad.outbound import UnsafeAddressError, is_public
from launchpad.worker.documents import MAX_DOCUMENT, DocumentClient, DocumentUnavailableError


@asynccontextmanager
async def serving(answer):
    """An HTTP server that gives every request these bytes; yields its host and what it was asked."""
    asked = []

    async def serve(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()


def http(body, status="200 OK", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def client(*, loopback=False, addresses=None):
    async def resolve(host, port):
        del port
        return addresses or [host]

    documents = DocumentClient(loopback=loopback, resolve=resolve)
    try:
        yield documents
    finally:
        await documents.close()


async def test_a_document_comes_as_it_is():
    async with serving(http(b'{"name": "x"}')) as (host, asked), client(loopback=True) as documents:
        assert await documents.fetch(f"http://{host}/a?b=c") == b'{"name": "x"}'
        assert asked[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
        assert f"Host: {host}".encode() in asked[0]


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.com/a.json",
        "ftp://example.com/a.json",
        "file:///etc/passwd",
        "https://user@example.com/a.json",
        "https://example.com:22/a.json",
        "https://127.0.0.1/a.json",
        "https://2130706433/a.json",
        "https://0x7f.1/a.json",
        "https://0177.0.0.1/a.json",
        "https://[::1]/a.json",
        "https://[::ffff:127.0.0.1]/a.json",
        "https:///a.json",
        "https://example.com:99999/",
        "https://" + "a" * 64 + ".com/",
        "nonsense",
    ],
)
async def test_an_address_that_is_no_public_https_name_is_refused(uri):
    async with client(addresses=["93.184.216.34"]) as documents:
        with pytest.raises(UnsafeAddressError):
            await documents.fetch(uri)


@pytest.mark.parametrize(
    "address",
    [
        *("0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
        *("192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("255.255.255.255", "::", "::1", "64:ff9b::1", "100::1", "2001:db8::1", "2002::1", "fc00::1", "fe80::1"),
        *("ff02::1", "::ffff:10.0.0.1", "fe80::1%eth0"),
    ],
)
async def test_a_name_with_any_address_inside_is_refused(address):
    assert not is_public(address)
    async with client(addresses=["93.184.216.34", address]) as documents:
        with pytest.raises(UnsafeAddressError):
            await documents.fetch("https://example.com/a.json")


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"", "404 Not Found"),
        http(b"", "302 Found", ["Location: https://example.com/"]),
        http(b"<html>", headers=["Content-Type: text/html"]),
        http(b"{}", headers=["Content-Encoding: gzip"]),
        http(b"x" * (MAX_DOCUMENT + 1)),
        b"no http at all\r\n\r\n",
        b"",
    ],
)
async def test_an_answer_that_is_no_small_document_is_refused(answer):
    async with serving(answer) as (host, _), client(loopback=True) as documents:
        with pytest.raises(DocumentUnavailableError):
            await documents.fetch(f"http://{host}/")


async def test_a_host_without_address_is_tried_again_later():
    async def resolve(host, port):
        raise OSError(f"no {host}:{port}")

    documents = DocumentClient(resolve=resolve)
    with pytest.raises(DocumentUnavailableError):
        await documents.fetch("https://example.com/")
    await documents.close()
