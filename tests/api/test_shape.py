"""What every answer has: one shape of errors, an id, and headers that keep browsers safe."""


async def test_health_names_what_answers(api):
    answer = await api.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["chain_slot"] >= 0
    assert (await api.get("/health")).json() == {"status": "ok"}
