"""NFTs through the API: documents by the standard, checked field by field, and the transaction that mints one."""

import io
import json

import pytest
from PIL import Image

from launchpad.chain import keys, nfts
from launchpad.chain.metaplex import METAPLEX, metadata_account
from tests.api.conftest import Wallet
from tests.metaplex import MISSING, PROGRAM, cluster_words, first_form

CREATOR, FRIEND = (keys.address_of(keys.generate()) for _ in range(2))
DOCUMENT = {
    "name": "First Light",
    "symbol": "LIGHT",
    "description": "Morning.\nOver the hills.",
    "external_url": "https://example.org/light",
    "seller_fee_basis_points": 550,
    "attributes": [
        {"trait_type": "Sky", "value": "red"},
        {"trait_type": "Level", "value": 5, "display_type": "number"},
        {"trait_type": "Signed", "value": True},
    ],
    "creators": [{"address": CREATOR, "share": 60}, {"address": FRIEND, "share": 40}],
    "collection": {"name": "Mornings", "family": "Light"},
}


def png():
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "tomato").save(buffer, "PNG")
    return buffer.getvalue()


async def publish(api, document, picture=None):
    files = {"image": ("light.png", picture or png(), "image/png")}
    return await api.post("/api/nfts/metadata", data={"document": json.dumps(document)}, files=files)


async def test_a_document_is_stored_by_the_standard(api):
    answer = await publish(api, DOCUMENT)
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    found = (await api.get(stored["url"])).json()
    assert found == stored["metadata"]
    assert {name: found[name] for name in DOCUMENT if name != "creators"} == {
        name: value for name, value in DOCUMENT.items() if name != "creators"
    }
    assert found["image"] == stored["image"]["uri"]
    assert found["properties"] == {
        "files": [{"uri": found["image"], "type": "image/webp"}],
        "category": "image",
        "creators": DOCUMENT["creators"],
    }
    assert stored["uri"] == f"ipfs://{stored['cid']}"
    least = (await publish(api, {"name": "Plain"})).json()["metadata"]
    assert set(least) == {
        *("name", "symbol", "description", "seller_fee_basis_points", "image", "attributes", "properties"),
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"symbol": "x" * 11}, "symbol"),
        ({"external_url": "javascript:alert(1)"}, "external_url"),
        ({"seller_fee_basis_points": 10_001}, "seller_fee_basis_points"),
        ({"creators": [{"address": CREATOR, "share": 99}]}, None),
        ({"creators": [{"address": CREATOR, "share": 50}] * 2}, None),
        ({"creators": [{"address": "nobody", "share": 100}]}, "creators.0.address"),
        ({"attributes": [{"trait_type": "", "value": 1}]}, "attributes.0.trait_type"),
        ({"unknown": 1}, "unknown"),
    ],
)
async def test_what_cannot_stand_in_a_document_is_named(api, changes, field):
    answer = await publish(api, DOCUMENT | changes)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["message"]
    if field:
        assert field in (error.get("field"), *(error.get("fields") or {}))


async def test_what_is_no_picture_or_no_json_is_refused(api):
    assert (await publish(api, DOCUMENT, b"not a picture")).json()["error"]["code"] == "IMAGE_REFUSED"
    files = {"image": ("light.png", png(), "image/png")}
    answer = await api.post("/api/nfts/metadata", data={"document": "{"}, files=files)
    assert answer.json()["error"]["code"] == "INVALID_INPUT"


async def test_a_cluster_without_metaplex_mints_none_and_says_so(api, make_wallet):
    wallet = await make_wallet(1)
    body = {"minter": wallet.address, "name": "First Light", "uri": "ipfs://light"}
    answer = await api.post("/api/nfts/mint", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "NO_METAPLEX")
    six = [{"address": keys.address_of(keys.generate()), "share": 20} for _ in range(5)]
    refused = await api.post("/api/nfts/mint", json=body | {"creators": six})
    assert refused.json()["error"]["field"] == "creators"


async def test_the_mint_is_built_where_the_program_is(open_api, make_cluster, make_database, make_redis, monkeypatch):
    """The program of the tests' folder knows the first form only, so that its answer is left out of the way."""
    if not PROGRAM.exists():
        pytest.skip(MISSING)
    cluster = make_cluster("--slot-ms", "150", *cluster_words())
    settings = cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
    today = nfts.instructions
    monkeypatch.setattr(nfts, "instructions", lambda *given: [first_form(each) for each in today(*given)])
    async with open_api(settings) as client:
        wallet = await Wallet(client).fund(2)
        body = {
            "minter": wallet.address,
            "name": "First Light",
            "symbol": "LIGHT",
            "uri": "ipfs://light",
            "seller_fee_basis_points": 550,
            "creators": [{"address": FRIEND, "share": 100}],
        }
        answer = await client.post("/api/nfts/mint", json=body)
        assert answer.status_code == 200, answer.text
        built = answer.json()
        assert built["signers"] == [wallet.address]
        assert (built["metadata"], built["edition"]) == (
            metadata_account(built["mint"]),
            nfts.edition_account(built["mint"]),
        )
        assert METAPLEX in keys.describe_transaction(built["transaction"]).programs
        assert (await wallet.send(built))["status"] in ("confirmed", "finalized")
        chain = client.app.state.services.chain
        assert (await chain.rpc.get_token_balances(wallet.address))[built["mint"]] == 1
