"""Interfaces over HTTP."""

from launchpad.chain.addresses import VESTING


async def test_an_interface_is_read_by_name_by_address_and_by_version(api):
    by_name = (await api.get("/api/idl/vesting")).json()
    assert (by_name["address"], by_name["metadata"]["name"]) == (VESTING, "vesting")
    assert (await api.get(f"/api/idl/{VESTING}")).json() == by_name
    told = (await api.get("/api/idl/vesting/versions")).json()
    assert (told["program"], told["address"]) == ("vesting", VESTING)
    newest = told["versions"][0]
    assert newest["instructions"]["claim"]
    assert (await api.get(newest["url"])).json()["address"] == VESTING


async def test_unknown_programs_and_versions_are_refused(api):
    for path in ("/api/idl/nothing", "/api/idl/nothing/versions", "/api/idl/vesting?version=9.9.9"):
        answer = await api.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_IDL")
