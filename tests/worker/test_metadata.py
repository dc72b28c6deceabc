"""What tokens' documents say reaches the tokens' rows."""

import hashlib

import orjson
import pytest
from sqlalchemy import insert, select, text

from launchpad.media.links import cid_of
from launchpad.tables.media import MediaObject
from launchpad.tables.tokens import Token
from launchpad.worker.documents import DocumentClient, DocumentUnavailableError
from launchpad.worker.metadata import ATTEMPTS, MetadataJob, describe
from tests.telling import number_all
from tests.worker.conftest import MINT

ORIGIN = "http://127.0.0.1:8000"
DOCUMENT = orjson.dumps(
    {
        "name": "Example",
        "symbol": "EXM",
        "description": "An example.",
        "image": f"{ORIGIN}/ipfs/{cid_of(b'picture')}",
        "external_url": "https://example.com",
        "extensions": {"twitter": "https://x.com/example", "telegram": "javascript:alert(1)"},
    }
)


class Documents(DocumentClient):
    """Serves from a table instead of the Internet, and notes what was asked for."""

    def __init__(self, bodies):
        super().__init__()
        self.bodies = bodies
        self.asked = []

    async def fetch(self, uri):
        self.asked.append(uri)
        if uri not in self.bodies:
            raise DocumentUnavailableError("not now")
        return self.bodies[uri]


@pytest.fixture
def job(store_settings, database):
    return MetadataJob(store_settings, database, Documents({}))


@pytest.fixture
def keep(database):
    """`await keep(body)`: put an object into our own store; its CID."""

    async def keep(body):
        values = {"cid": cid_of(body), "content_type": "application/json", "size": len(body), "body": body}
        async with database.session() as session:
            await session.execute(insert(MediaObject).values(**values))
        return values["cid"]

    return keep


@pytest.fixture
def token(database):
    async def token(mint=MINT):
        async with database.read() as session:
            return await session.scalar(select(Token).where(Token.mint == mint))

    return token


@pytest.mark.parametrize("form", ["ipfs://{}", ORIGIN + "/ipfs/{}", "/ipfs/{}"])
async def test_a_document_of_our_own_store_is_read_from_there(job, launch, keep, token, database, database_url, form):
    await launch(form.format(await keep(DOCUMENT)))
    await job.run()
    found = await token()
    assert job.documents.asked == []
    assert found.description == "An example."
    assert found.image_uri == f"ipfs://{cid_of(b'picture')}"
    assert found.links == {"website": "https://example.com", "twitter": "https://x.com/example"}
    assert found.metadata_fetched_at is not None
    await number_all(database_url)
    async with database.read() as session:
        told = (await session.execute(text("SELECT channel, data FROM outbox WHERE type = 'token.updated'"))).all()
    assert {channel for channel, _ in told} == {f"token:{MINT}", "market"}
    assert told[0][1]["image_uri"] == f"/ipfs/{cid_of(b'picture')}"


async def test_a_document_elsewhere_is_fetched(job, launch, token):
    job.documents.bodies["https://example.com/a.json"] = DOCUMENT
    await launch("https://example.com/a.json")
    await job.run()
    assert (await token()).description == "An example."
    await job.run()
    assert job.documents.asked == ["https://example.com/a.json"]


async def test_content_that_we_do_not_have_comes_from_the_gateway(job, launch, token):
    uri = f"https://gateway.pinata.cloud/ipfs/{cid_of(DOCUMENT)}"
    job.documents.bodies[uri] = DOCUMENT
    await launch(f"ipfs://{cid_of(DOCUMENT)}")
    await job.run()
    assert (await token()).description == "An example."


async def test_a_gateway_that_serves_other_content_is_not_believed(job, launch, token):
    job.documents.bodies[f"https://gateway.pinata.cloud/ipfs/{cid_of(DOCUMENT)}"] = b"{}"
    await launch(f"ipfs://{cid_of(DOCUMENT)}")
    await job.run()
    assert (await token()).metadata_fetched_at is None


@pytest.mark.parametrize(("body", "fetched"), [(DOCUMENT, True), (b'{"description": "Altered."}', False)])
async def test_a_document_must_have_the_hash_that_the_chain_promises(job, launch, token, body, fetched):
    job.documents.bodies["https://example.com/a.json"] = body
    await launch("https://example.com/a.json", metadata_hash=hashlib.sha256(DOCUMENT).hexdigest())
    await job.run()
    assert ((await token()).metadata_fetched_at is not None) == fetched


async def test_a_failure_is_counted_and_tried_again_later(job, launch, token):
    await launch("https://example.com/a.json")
    await job.run()
    await job.run()
    assert job.documents.asked == ["https://example.com/a.json"]
    assert (await token()).metadata_attempts == 1
    job._not_before.clear()
    job.documents.bodies["https://example.com/a.json"] = DOCUMENT
    await job.run()
    assert (await token()).description == "An example."


async def test_in_the_end_we_stop_trying(job, launch, token):
    await launch("https://example.com/a.json")
    for _ in range(ATTEMPTS + 3):
        job._not_before.clear()
        await job.run()
    assert len(job.documents.asked) == ATTEMPTS
    assert (await token()).metadata_attempts == ATTEMPTS


@pytest.mark.parametrize("body", [b"", b"[1]", b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_refused(body):
    with pytest.raises(DocumentUnavailableError):
        describe(body, ORIGIN)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"description": 5}, {"description": None}),
        ({"description": " a\x00b "}, {"description": "ab"}),
        ({"description": "x" * 5000}, {"description": "x" * 2000}),
        ({"image": "http://example.com/a.png"}, {"image_uri": None}),
        ({"image": "https://example.com/a.png"}, {"image_uri": "https://example.com/a.png"}),
        ({"image": "https://example.com/\n"}, {"image_uri": None}),
        ({"image": ["a"]}, {"image_uri": None}),
        ({"website": "https://a.com/" + "a" * 300}, {"links": {}}),
        ({"links": {"discord": "https://discord.gg/a"}}, {"links": {"discord": "https://discord.gg/a"}}),
        ({"extensions": "none", "telegram": "https://t.me/a"}, {"links": {"telegram": "https://t.me/a"}}),
    ],
)
def test_only_what_is_usable_is_kept(document, expected):
    shown = describe(orjson.dumps(document), ORIGIN)
    assert {name: shown[name] for name in expected} == expected
