"""The content-addressed store, and the documents in it."""

import hashlib
import io
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from PIL import Image

from launchpad.chain import keys
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.media import archive, pinning, service
from launchpad.media.errors import MediaNotFoundError, MetadataRefusedError, PinningFailedError
from launchpad.media.links import cid_in, cid_of, digest_of, display_url, is_cid
from launchpad.media.schemas import MetadataForm
from launchpad.media.texts import description, link, short_text

ORIGIN = "https://launch.example"


@pytest.fixture
async def database(database_url):
    found = Database(database_url, pool_size=2)
    yield found
    await found.close()


@pytest.fixture
def settings(tmp_path):
    return Settings(_env_file=None, launchpad_home=tmp_path)


def _png():
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_cid_is_the_one_that_ipfs_gives():
    # `ipfs add --raw-leaves --cid-version=1` of these bytes.
    assert cid_of(b"hello world") == "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
    assert digest_of(cid_of(b"hello world")) == hashlib.sha256(b"hello world").digest()


def test_other_identifiers_hold_no_plain_hash():
    for text in ("", "b!", "bafy", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"):
        assert digest_of(text) is None
    assert is_cid("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG")
    assert not is_cid("../etc/passwd")


def test_pages_load_content_from_here_and_https_from_where_it_is():
    cid = cid_of(b"x")
    assert display_url(f"ipfs://{cid}", ORIGIN) == f"/ipfs/{cid}"
    assert display_url(f"ipfs://ipfs/{cid}", ORIGIN) == f"/ipfs/{cid}"
    assert display_url(f"{ORIGIN}/ipfs/{cid}", ORIGIN) == f"/ipfs/{cid}"
    assert display_url("https://other.example/a.png", ORIGIN) == "https://other.example/a.png"
    assert display_url("http://other.example/a.png", ORIGIN) is None
    assert display_url("javascript:alert(1)", ORIGIN) is None
    assert display_url(None, ORIGIN) is None
    assert cid_in("ipfs://nonsense", ORIGIN) is None


async def test_a_document_names_everything_and_hashes_to_its_identifier(database, settings):
    form = MetadataForm(
        "Example", "EXM", "An example", website="https://a.example", twitter="https://x.com/a", telegram=""
    )
    stored = await service.publish_metadata(database, settings, form, {"image": _png(), "icon": _png()}, None)
    kept = await service.stored_object(database, stored.cid)
    assert cid_of(kept.body) == stored.cid
    assert hashlib.sha256(kept.body).hexdigest() == stored.metadata_hash
    document = json.loads(kept.body)
    assert document == stored.metadata
    assert document["name"] == "Example"
    assert document["image"] == stored.images["image"].uri == f"ipfs://{stored.images['image'].cid}"
    assert document["twitter"] == document["extensions"]["twitter"] == "https://x.com/a"
    assert "telegram" not in document
    assert document["external_url"] == "https://a.example"
    assert document["properties"]["files"][0]["type"] == "image/webp"
    assert (await service.stored_object(database, stored.images["icon"].cid)).content_type == "image/webp"


async def test_the_same_upload_twice_is_stored_once(database, settings):
    form = MetadataForm("Example", "EXM")
    first = await service.publish_metadata(database, settings, form, {"image": _png()}, None)
    second = await service.publish_metadata(database, settings, form, {"image": _png()}, None)
    assert first == second


async def test_without_a_pin_public_clusters_get_our_own_address(database, settings):
    public = settings.model_copy(update={"cluster": "devnet", "public_url": ORIGIN})
    stored = await service.publish_metadata(database, public, MetadataForm("Example", "EXM"), {}, None)
    assert stored.uri == f"{ORIGIN}/ipfs/{stored.cid}"


async def test_an_origin_too_long_for_the_chain_is_refused(database, settings):
    public = settings.model_copy(update={"cluster": "devnet", "public_url": f"https://{'a' * 180}.example"})
    with pytest.raises(MetadataRefusedError):
        await service.publish_metadata(database, public, MetadataForm("Example", "EXM"), {}, None)


async def test_what_was_never_stored_is_not_found(database):
    for cid in (cid_of(b"nothing"), "../secret"):
        with pytest.raises(MediaNotFoundError):
            await service.stored_object(database, cid)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (MetadataForm("", "EXM"), "name"),
        (MetadataForm("Example", "   "), "symbol"),
        (MetadataForm("é" * 17, "EXM"), "name"),
        (MetadataForm("a\u202eb", "EXM"), "name"),
        (MetadataForm("Example", "EXM", "x" * 1001), "description"),
        (MetadataForm("Example", "EXM", "a\x00b"), "description"),
        (MetadataForm("Example", "EXM", website="http://plain.example"), "website"),
        (MetadataForm("Example", "EXM", website="https://user@host.example"), "website"),
        (MetadataForm("Example", "EXM", website="https://[broken"), "website"),
        (MetadataForm("Example", "EXM", website="javascript:alert(1)"), "website"),
        (MetadataForm("Example", "EXM", website='https://a.example/"onload='), "website"),
        (MetadataForm("Example", "EXM", twitter="https://evil.example/x.com"), "twitter"),
    ],
)
async def test_a_bad_field_is_named(database, settings, form, field):
    with pytest.raises(MetadataRefusedError) as caught:
        await service.publish_metadata(database, settings, form, {}, None)
    assert caught.value.details["field"] == field


def test_texts_are_trimmed_and_composed():
    assert short_text("  e\u0301 ", "name", 32) == "é"
    assert description("a\r\nb\n") == "a\nb"
    assert link("  ", "website") is None
    assert link("https://www.t.me/room", "telegram") == "https://www.t.me/room"


# A service elsewhere, in the test's own process.


@pytest.fixture
def service_elsewhere():
    seen = []

    class Handler(BaseHTTPRequestHandler):
        status, answer = 200, {}

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, dict(self.headers), body))
            payload = json.dumps(Handler.answer).encode()
            self.send_response(Handler.status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", Handler, seen
    server.shutdown()
    server.server_close()


async def test_an_upload_is_pinned_where_a_token_is_set(database, settings, service_elsewhere, monkeypatch):
    url, handler, seen = service_elsewhere
    monkeypatch.setattr(pinning.pinatapy, "API_ENDPOINT", f"{url}/")
    body = b'{"a":1}'
    handler.answer = {"IpfsHash": cid_of(body)}
    pinned = settings.model_copy(update={"pinata_jwt": "secret-jwt"})
    assert await pinning.pin(pinned, cid_of(body), body, "application/json")
    path, headers, sent = seen[0]
    assert path == "/pinning/pinFileToIPFS"
    assert headers["Authorization"] == "Bearer secret-jwt"
    assert body in sent
    assert b'"cidVersion":1' in sent


async def test_pinning_that_fails_publishes_nothing(settings, service_elsewhere, monkeypatch):
    url, handler, _ = service_elsewhere
    monkeypatch.setattr(pinning.pinatapy, "API_ENDPOINT", f"{url}/")
    pinned = settings.model_copy(update={"pinata_jwt": "secret-jwt"})
    handler.answer = {"IpfsHash": "Qm-something-else"}
    with pytest.raises(PinningFailedError):
        await pinning.pin(pinned, cid_of(b"x"), b"x", "text/plain")
    handler.status = 401
    with pytest.raises(PinningFailedError):
        await pinning.pin(pinned, cid_of(b"x"), b"x", "text/plain")
    monkeypatch.setattr(pinning.pinatapy, "API_ENDPOINT", "http://127.0.0.1:9/")
    with pytest.raises(PinningFailedError):
        await pinning.pin(pinned, cid_of(b"x"), b"x", "text/plain")


async def test_a_second_copy_goes_to_the_archive_as_a_signed_item(database, settings, service_elsewhere):
    url, handler, seen = service_elsewhere
    archiving = settings.model_copy(update={"arweave_gateway": url})
    stored = await service.publish_metadata(database, archiving, MetadataForm("Example", "EXM"), {}, None)
    assert stored.archived_uri.startswith("ar://")
    path, _, item = seen[0]
    assert path == "/tx"
    assert item[:2] == b"\x02\x00"
    assert item.endswith((await service.stored_object(database, stored.cid)).body)
    handler.status = 500
    with pytest.raises(PinningFailedError):
        await archive.archive(archiving, b"x", "text/plain")
    gone = settings.model_copy(update={"arweave_gateway": "http://127.0.0.1:9"})
    with pytest.raises(PinningFailedError):
        await archive.archive(gone, b"x", "text/plain")


def test_a_data_item_is_signed_over_arweaves_deep_hash(settings):
    keypair = keys.generate()
    identifier, item = archive.data_item(keypair, b"body", {"Content-Type": "text/plain"})
    signature, owner = item[2:66], item[66:98]
    tags = archive._encoded_tags({"Content-Type": "text/plain"})
    message = archive._deep_hash([b"dataitem", b"1", b"2", owner, b"", b"", tags, b"body"])
    assert keys.verify_signature(keys.address_of(keypair), message, signature)
    assert len(identifier) == 43
    assert item[98:100] == b"\0\0"
    assert int.from_bytes(item[100:108], "little") == 1
    assert archive._encoded_tags({}) == b""
    assert archive._avro_long(64) == b"\x80\x01"
