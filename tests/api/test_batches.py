"""A batch launch through the API alone: launch, deposit, take back, settle, claim."""

SOL = 10**9


async def _post(signer, path, /, **body):
    """Build, sign and send."""
    answer = await signer.client.post(f"/api/batches/{path}", json=body)
    assert answer.status_code == 200, answer.text
    assert (await signer.send(answer.json()))["status"] != "failed"
    return answer.json()


async def _launch(wallet, **batch):
    options = {"seconds": 8, "minimum_lamports": str(SOL)} | batch
    body = {"creator": wallet.address, "name": "Tide", "symbol": "TIDE", "uri": "ipfs://" + "b" + "a" * 58}
    body |= {"supply": str(10**18), "batch": options}
    answer = await wallet.client.post("/api/launchpad/deploy-token", json=body)
    assert answer.status_code == 200, answer.text
    for transaction in answer.json()["transactions"]:
        assert (await wallet.send(answer.json(), transaction))["status"] != "failed"
    return answer.json()["mint"]


async def test_a_batch_from_its_launch_to_its_claims(market, eventually):
    creator, trader = market.creator, market.trader
    mint = await _launch(creator)

    async def batch(**expected):
        answer = await market.client.get(f"/api/batches/{mint}")
        if answer.status_code != 200:
            return None
        shown = answer.json()["batch"]
        return answer.json() if {name: shown[name] for name in expected} == expected else None

    opened = await eventually(lambda: batch(status="open"))
    assert (opened["batch"]["minimum"], opened["batch"]["max_deposit"], opened["now"]["fails"]) == (
        str(SOL),
        None,
        True,
    )
    token = await market.get(f"/api/v1/tokens/{mint}")
    assert (token["status"], token["batch"]["deposits"]) == ("depositing", "0")
    assert mint in [row["mint"] for row in (await market.get("/api/batches"))["data"]]
    await _post(trader, "deposit", mint=mint, wallet=trader.address, amount=str(2 * SOL))
    await _post(creator, "deposit", mint=mint, wallet=creator.address, amount=str(SOL))
    await _post(creator, "withdraw", mint=mint, wallet=creator.address, amount=str(SOL // 2))
    filled = await eventually(lambda: batch(deposits=str(5 * SOL // 2), depositors=2))
    assert [row["wallet"] for row in filled["deposits"]] == [trader.address, creator.address]
    quote = await market.get(f"/api/batches/{mint}/quote", wallet=creator.address, amount=SOL)
    assert (quote["deposited"], quote["share_bps"]) == (str(SOL // 2), 4_285)
    early = await market.client.post("/api/batches/claim", json={"mint": mint, "wallet": trader.address})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "BATCH_NOT_DUE")
    await eventually(lambda: batch(status="due"))
    # The cluster's clock may be a moment behind.
    await eventually(lambda: _settles(trader, mint))
    await eventually(lambda: batch(status="settled"))
    for wallet in (trader, creator):
        await _post(wallet, "claim", mint=mint, wallet=wallet.address)
    done = await eventually(lambda: batch(deposits="0"))
    assert done["now"]["base_amount"] == done["batch"]["settlement"]["base_amount"]
    mine = await market.get(f"/api/batches/wallets/{trader.address}")
    row = next(each for each in mine["data"] if each["mint"] == mint)
    assert (row["next"], row["amount"]) == (None, str(2 * SOL))
    portfolio = await market.get(f"/api/v1/portfolio/{trader.address}")
    position = next(each for each in portfolio["data"] if each["mint"] == mint)
    assert int(position["cost_basis"]) == 2 * SOL - int(row["refund"])
    assert position["balance"] == row["base_amount"]


async def _settles(wallet, mint):
    answer = await wallet.client.post("/api/batches/settle", json={"mint": mint, "payer": wallet.address})
    return answer.status_code == 200 and (await wallet.send(answer.json()))["status"] != "failed"


async def test_what_a_batch_does_not_go_with_is_refused_in_words(market):
    body = {"creator": market.creator.address, "name": "Tide", "symbol": "TIDE", "uri": "ipfs://" + "b" + "a" * 58}
    body |= {"supply": str(10**18), "batch": {"minimum_lamports": str(SOL)}}
    for more, field in (({"first_buy": {"amount": str(SOL)}}, "first_buy"), ({"rules": {"launch_fee": _FEE}}, "batch")):
        answer = await market.client.post("/api/launchpad/deploy-token", json=body | more)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text
    answer = await market.client.get(f"/api/batches/{market.mint}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_BATCH")


_FEE = {"start_bps": 500, "seconds": 60}
