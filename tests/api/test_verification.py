"""Verification over HTTP."""

from launchpad.chain import keys
from launchpad.chain.addresses import VESTING


async def test_a_token_is_verified_and_its_status_kept(api, make_wallet):
    wallet = await make_wallet(95)
    mint = (await wallet.launch())["mint"]
    before = (await api.get(f"/api/verify/status/{mint}")).json()
    assert (before["status"], before["badge"], before["report"]) == ("unchecked", False, None)
    answer = await api.post("/api/verify/contract", json={"address": mint})
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert {"code", "severity", "sentence", "facts", "account"} == set(report["findings"][0])
    assert "explorer_token" in report["links"]
    after = (await api.get(f"/api/verify/status/{mint}")).json()
    assert (after["status"], after["report"]) == (report["verdict"], report)


async def test_a_program_is_verified(api):
    report = (await api.post("/api/verify/contract", json={"address": VESTING})).json()
    assert report["findings"][-1]["code"] == "DEPLOYED_IN_SLOT"
    assert "PROGRAM_MATCHES_BUILD" in {one["code"] for one in report["findings"]}


async def test_an_address_without_anything_is_refused(api):
    nowhere = keys.address_of(keys.generate())
    answer = await api.post("/api/verify/contract", json={"address": nowhere})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ACCOUNT_NOT_FOUND")
    assert (await api.get("/api/verify/status/nonsense")).status_code == 422
