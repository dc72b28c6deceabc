"""A batch launch: deposits, withdrawals, one price for all, and what fails."""

import random

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.batch_market import (
    CLOSES_AT,
    WITHDRAW,
    Batch,
    batch_terms,
    open_batch,
    purchase,
    shares,
)
from tests.programs.curve_market import CLASSIC, SALE, curve_model, opening, sale_terms, set_paused
from tests.programs.harness import CURVE, NOW, SOL, TOKEN, TOKEN_2022, Chain, refused, transfer_sol

FEE = 5_000
RAISE = 85_005_359_057


@pytest.fixture
def batch(chain: Chain) -> Batch:
    """The classic curve behind ten minutes of deposits."""
    return open_batch(chain)


def depositors(batch: Batch, amounts: list[int]) -> list[Keypair]:
    """Wallets that have deposited these amounts."""
    wallets = []
    for amount in amounts:
        wallet = batch.chain.wallet(amount / SOL + 1)
        batch.deposit(wallet, amount)
        wallets.append(wallet)
    return wallets


# Opening


def test_a_batch_opens_with_its_terms_and_nobody_trades(batch: Batch) -> None:
    state = batch.state
    assert (state["status"], state["closes_at"], state["withdraw_until"]) == ("Open", CLOSES_AT, NOW + WITHDRAW)
    assert (state["minimum"], state["max_deposit"], state["deposits"]) == (5 * SOL, 0, 0)
    assert batch.market.state["status"] == "Depositing"
    trader = batch.market.trader()
    with refused(CURVE, "BatchOpen"):
        batch.market.buy(trader, SOL)
    with refused(CURVE, "BatchOpen"):
        batch.market.sell(trader, 1)


@pytest.mark.parametrize("late", [0, 1])
def test_a_sale_ends_behind_its_window(chain: Chain, late: int) -> None:
    ready = opening(chain, deadline=CLOSES_AT + late, sale=sale_terms(batch=batch_terms()))
    if late:
        ready.send()
        return
    with refused(CURVE, "InvalidDeadline"):
        ready.send()


# Deposits and withdrawals


def test_a_deposit_lies_on_the_batch_and_has_a_receipt(batch: Batch) -> None:
    wallet = batch.chain.wallet(10)
    before = batch.chain.lamports(wallet.pubkey())
    receipt = batch.deposit(wallet, 3 * SOL)
    rent = batch.chain.lamports(batch.receipt_of(wallet.pubkey()))
    assert batch.chain.lamports(wallet.pubkey()) == before - 3 * SOL - rent - FEE
    state = batch.chain.read(CURVE, "Deposit", batch.receipt_of(wallet.pubkey()))
    assert (state["mint"], state["wallet"], state["amount"]) == (batch.market.mint, wallet.pubkey(), 3 * SOL)
    account = batch.chain.account(batch.address)
    assert account.lamports == batch.chain.rent(len(account.data)) + 3 * SOL
    event = receipt.event(CURVE, "BatchDeposited")
    assert (event["amount"], event["deposited"], event["deposits"]) == (3 * SOL, 3 * SOL, 3 * SOL)
    batch.deposit(wallet, SOL)
    assert batch.deposited(wallet.pubkey()) == batch.state["deposits"] == 4 * SOL


def test_the_limit_of_a_wallet_counts_all_its_deposits(chain: Chain) -> None:
    batch = open_batch(chain, batch_terms(max_deposit=2 * SOL))
    wallet, other = chain.wallet(10), chain.wallet(10)
    batch.deposit(wallet, 2 * SOL)
    with refused(CURVE, "DepositLimit"):
        batch.deposit(wallet, 1)
    batch.deposit(other, 2 * SOL)
    batch.withdraw(wallet, SOL)
    batch.deposit(wallet, SOL)
    assert batch.state["deposits"] == 4 * SOL


def test_a_part_or_all_is_taken_back_while_the_terms_allow_it(batch: Batch) -> None:
    wallet, stays = depositors(batch, [3 * SOL, SOL])
    before = batch.chain.lamports(wallet.pubkey())
    event = batch.withdraw(wallet, SOL).event(CURVE, "BatchWithdrawn")
    assert (event["amount"], event["deposited"], event["deposits"]) == (SOL, 2 * SOL, 3 * SOL)
    rent = batch.chain.lamports(batch.receipt_of(wallet.pubkey()))
    batch.chain.set_time(NOW + WITHDRAW - 1)
    assert batch.withdraw(wallet).event(CURVE, "BatchWithdrawn")["amount"] == 2 * SOL
    assert batch.chain.lamports(wallet.pubkey()) == before + 3 * SOL + rent - 2 * FEE
    assert batch.chain.lamports(batch.receipt_of(wallet.pubkey())) == 0
    assert batch.state["deposits"] == batch.deposited(stays.pubkey()) == SOL
    batch.deposit(wallet, SOL)
    batch.chain.set_time(NOW + WITHDRAW)
    with refused(CURVE, "WithdrawWindowClosed"):
        batch.withdraw(wallet)


def test_nothing_is_refused_and_the_window_is_kept(batch: Batch) -> None:
    wallet = batch.chain.wallet(10)
    batch.deposit(wallet, SOL)
    for attempt in (batch.deposit, batch.withdraw):
        with refused(CURVE, "ZeroAmount"):
            attempt(wallet, 0)
    with refused(CURVE, "BatchOpen"):
        batch.settle(wallet)
    with refused(CURVE, "BatchNotSettled"):
        batch.claim(wallet.pubkey(), wallet)
    batch.chain.set_time(CLOSES_AT - 1)
    batch.deposit(wallet, SOL)
    with refused(CURVE, "BatchOpen"):
        batch.settle(wallet)
    batch.close_window()
    with refused(CURVE, "DepositWindowClosed"):
        batch.deposit(wallet, SOL)
    with refused(CURVE, "BatchNotSettled"):
        batch.withdraw(wallet)


def test_pausing_stops_deposits_and_nothing_else(batch: Batch) -> None:
    wallet, other = depositors(batch, [6 * SOL, SOL])
    set_paused(batch.chain, paused=True)
    with refused(CURVE, "Paused"):
        batch.deposit(wallet, SOL)
    batch.withdraw(wallet, SOL)
    batch.close_window()
    batch.settle(other)
    batch.claim(wallet.pubkey(), other)


# Settling


@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_everybody_gets_one_price_to_the_unit(chain: Chain, token_program: Pubkey) -> None:
    batch = open_batch(chain, token_program=token_program)
    draw = random.Random(7)
    amounts = [draw.randrange(1, 2 * SOL) for _ in range(24)] + [1, 2, 3, 999]
    wallets = depositors(batch, amounts)
    batch.close_window()
    settled = batch.settle(wallets[0])
    bought = purchase(curve_model(CLASSIC), sum(amounts), 5 * SOL)
    assert bought
    event = settled.event(CURVE, "BatchSettled")
    refund = sum(amounts) - bought["total"]
    assert (event["failed"], event["deposits"]) == (False, sum(amounts))
    assert (event["base_amount"], event["quote_amount"]) == (bought["base"], bought["amount"])
    assert (event["fees"], event["refund"]) == (bought["total"] - bought["amount"], refund)
    traded = settled.event(CURVE, "Traded")
    assert (traded["trader"], traded["base_amount"], traded["referrer"]) == (batch.address, bought["base"], None)
    assert batch.market.state["status"] == "Trading"
    order = list(range(len(wallets)))
    draw.shuffle(order)
    expected = zip(
        shares(bought["base"], [amounts[each] for each in order]),
        shares(refund, [amounts[each] for each in order]),
        strict=True,
    )
    helper = chain.wallet(10)
    for each, (base, back) in zip(order, expected, strict=True):
        wallet, receipt = wallets[each], batch.receipt_of(wallets[each].pubkey())
        before, rent = chain.lamports(wallet.pubkey()), chain.lamports(receipt)
        claimed = batch.claim(wallet.pubkey(), helper).event(CURVE, "BatchClaimed")
        assert (claimed["deposited"], claimed["base_amount"], claimed["refund"]) == (amounts[each], base, back)
        assert batch.market.held(wallet) == base
        assert chain.lamports(wallet.pubkey()) == before + back + rent
        assert chain.lamports(receipt) == 0
    state = batch.state
    assert (state["deposits"], state["base_left"], state["refund_left"]) == (0, 0, 0)
    account = chain.account(batch.address)
    assert account.lamports == chain.rent(len(account.data))


def test_trading_goes_on_from_the_price_of_the_batch(batch: Batch) -> None:
    (wallet,) = depositors(batch, [10 * SOL])
    batch.close_window()
    batch.settle(wallet)
    sold = batch.market.state["sold"]
    trader = batch.market.trader()
    batch.market.buy(trader, SOL, deadline=CLOSES_AT)
    after = curve_model(CLASSIC)
    assert batch.market.state["quote_reserve"] == after.reserve(sold + batch.market.held(trader))
    assert batch.market.held(trader) < sold // 10
    batch.claim(wallet.pubkey(), wallet)
    batch.market.sell(wallet, batch.market.held(wallet), deadline=CLOSES_AT)
    assert batch.market.state["sold"] == batch.market.held(trader)


def test_more_than_everything_completes_the_curve_and_the_rest_goes_back(batch: Batch) -> None:
    wallets = depositors(batch, [60 * SOL, 60 * SOL, 60 * SOL])
    batch.close_window()
    receipt = batch.settle(wallets[0])
    assert receipt.event(CURVE, "CurveCompleted")["quote_reserve"] == RAISE
    names = [event.name for event in receipt.events(CURVE)]
    assert names == ["Traded", "CurveCompleted", "BatchSettled"]
    cost = receipt.event(CURVE, "BatchSettled")
    assert (cost["base_amount"], cost["quote_amount"]) == (SALE, RAISE)
    assert batch.market.state["status"] == "Complete"
    for wallet in wallets:
        batch.claim(wallet.pubkey(), wallets[0])
    refunds = 180 * SOL - RAISE - cost["fees"]
    assert cost["refund"] == refunds
    assert sum(batch.market.held(wallet) for wallet in wallets) == SALE
    assert batch.chain.tokens(batch.market.vault) == batch.market.state["liquidity_supply"]


def test_only_once_is_settled_and_only_the_batchs_own_curve(batch: Batch) -> None:
    (wallet,) = depositors(batch, [10 * SOL])
    other = open_batch(batch.chain)
    batch.close_window()
    swapped = batch.settle_accounts() | {"curve": other.market.curve}
    with refused(CURVE, "InvalidMint"):
        batch.chain.send([batch.instruction("settle_batch", {}, swapped)], [wallet])
    batch.settle(wallet)
    with refused(CURVE, "NotDepositing"):
        batch.settle(wallet)
    with refused(CURVE, "NotDepositing"):
        batch.deposit(wallet, SOL)
    with refused(CURVE, "WithdrawWindowClosed"):
        batch.withdraw(wallet)
    batch.claim(wallet.pubkey(), wallet)
    with refused(None, 3012):
        batch.claim(wallet.pubkey(), wallet)


# Failing


def test_below_the_minimum_everybody_gets_everything_back(batch: Batch) -> None:
    amounts = [2 * SOL, 3 * SOL - 1]
    wallets = [batch.chain.wallet(10) for _ in amounts]
    before = [batch.chain.lamports(wallet.pubkey()) for wallet in wallets]
    for wallet, amount in zip(wallets, amounts, strict=True):
        batch.deposit(wallet, amount)
    batch.close_window()
    event = batch.settle(batch.chain.wallet(1)).event(CURVE, "BatchSettled")
    assert (event["failed"], event["base_amount"], event["refund"]) == (True, 0, 0)
    assert (batch.market.state["status"], batch.state["status"]) == ("Failed", "Failed")
    with refused(CURVE, "BatchFailed"):
        batch.claim(wallets[0].pubkey(), wallets[0])
    with refused(CURVE, "BatchFailed"):
        batch.market.buy(batch.market.trader(), SOL, deadline=CLOSES_AT)
    batch.withdraw(wallets[0], SOL)
    batch.chain.set_time(CLOSES_AT + 10**9)
    for wallet in wallets:
        batch.withdraw(wallet)
    spent = [4 * FEE, 2 * FEE]  # the refused claim costs its fee, too
    assert [batch.chain.lamports(wallet.pubkey()) for wallet in wallets] == [
        lamports - fees for lamports, fees in zip(before, spent, strict=True)
    ]
    account = batch.chain.account(batch.address)
    assert account.lamports == batch.chain.rent(len(account.data))
    assert batch.chain.tokens(batch.market.vault) == batch.chain.supply(batch.market.mint)


def test_a_batch_that_buys_nothing_fails_instead_of_keeping_the_deposits(chain: Chain) -> None:
    batch = open_batch(chain, batch_terms(minimum=1))
    (wallet,) = depositors(batch, [1])
    batch.close_window()
    assert batch.settle(wallet).event(CURVE, "BatchSettled")["failed"]
    batch.withdraw(wallet)
    assert batch.state["deposits"] == 0


def test_an_empty_batch_fails(batch: Batch) -> None:
    batch.close_window()
    assert batch.settle(batch.chain.wallet(1)).event(CURVE, "BatchSettled")["failed"]


# With a deadline


def test_unclaimed_tokens_of_an_expired_sale_count_as_sold(chain: Chain) -> None:
    batch = open_batch(chain, deadline=CLOSES_AT + 100)
    early, late = depositors(batch, [6 * SOL, 4 * SOL])
    batch.close_window()
    batch.settle(early)
    batch.claim(early.pubkey(), early)
    batch.close_window(100)
    batch.market.expire(early)
    reserve, sold = batch.market.state["quote_reserve"], batch.market.state["sold"]
    held = batch.market.held(early)
    batch.market.refund(early, held)
    assert batch.market.state["quote_reserve"] == reserve - reserve * held // sold > 0
    with refused(None, 1):
        batch.market.refund(early, 10**15)
    batch.claim(late.pubkey(), late)
    batch.market.refund(late, batch.market.held(late))
    assert (batch.market.state["sold"], batch.market.state["quote_reserve"]) == (0, 0)


def test_a_batch_settled_behind_the_deadline_fails_unless_it_sells_out(chain: Chain) -> None:
    for amount, failed in ((10 * SOL, True), (90 * SOL, False)):
        batch = open_batch(chain, deadline=CLOSES_AT + 100)
        chain.set_time(NOW)
        (wallet,) = depositors(batch, [amount])
        batch.close_window(100)
        assert batch.settle(wallet).event(CURVE, "BatchSettled")["failed"] == failed
        assert batch.market.state["status"] == ("Failed" if failed else "Complete")
        chain.set_time(NOW)


def test_a_sale_that_takes_deposits_does_not_expire_before_it_is_settled(chain: Chain) -> None:
    batch = open_batch(chain, deadline=CLOSES_AT + 100)
    batch.close_window(200)
    with refused(CURVE, "CurveNotTrading"):
        batch.market.expire(chain.wallet(1))
    batch.settle(chain.wallet(1))
    with refused(CURVE, "CurveNotTrading"):
        batch.market.expire(chain.wallet(1))


# What strangers do


def test_strangers_lamports_block_nothing_and_are_nobodys(batch: Batch) -> None:
    giver, wallet = batch.chain.wallet(10), batch.chain.wallet(10)
    receipt = batch.receipt_of(wallet.pubkey())
    batch.chain.send([transfer_sol(giver.pubkey(), receipt, SOL // 100)], [giver])
    batch.chain.send([transfer_sol(giver.pubkey(), batch.address, SOL)], [giver])
    batch.deposit(wallet, 6 * SOL)
    assert batch.deposited(wallet.pubkey()) == batch.state["deposits"] == 6 * SOL
    batch.close_window()
    batch.settle(giver)
    before, rent = batch.chain.lamports(wallet.pubkey()), batch.chain.lamports(receipt)
    refund = batch.claim(wallet.pubkey(), giver).event(CURVE, "BatchClaimed")["refund"]
    assert batch.chain.lamports(wallet.pubkey()) == before + refund + rent
    account = batch.chain.account(batch.address)
    assert account.lamports == batch.chain.rent(len(account.data)) + SOL


def test_a_claim_for_somebody_goes_to_him_alone(batch: Batch) -> None:
    wallet, thief = depositors(batch, [6 * SOL, SOL])
    batch.close_window()
    batch.settle(thief)
    accounts = batch.claim_accounts(thief.pubkey(), wallet.pubkey())
    for swap in (
        {"depositor": thief.pubkey()},
        {"deposit": batch.receipt_of(thief.pubkey())},
        {"depositor_base": batch.claim_accounts(thief.pubkey(), thief.pubkey())["depositor_base"]},
    ):
        with refused(None):
            batch.chain.send([batch.instruction("claim_batch", {}, accounts | swap)], [thief])
    batch.claim(wallet.pubkey(), thief)
    assert batch.market.held(wallet) > 6 * batch.market.held(thief)


def test_nobody_withdraws_anothers_deposit(batch: Batch) -> None:
    wallet, thief = depositors(batch, [6 * SOL, SOL])
    accounts = batch.withdraw_accounts(thief.pubkey()) | {"deposit": batch.receipt_of(wallet.pubkey())}
    with refused(None, 2006):
        batch.chain.send([batch.instruction("withdraw_deposit", {"amount": SOL}, accounts)], [thief])


def test_a_deposit_and_its_withdrawal_in_one_transaction_change_nothing(batch: Batch) -> None:
    wallet = batch.chain.wallet(10)
    before = batch.chain.lamports(wallet.pubkey())
    key = wallet.pubkey()
    there = batch.instruction("deposit", {"amount": SOL}, batch.deposit_accounts(key))
    back = batch.instruction("withdraw_deposit", {"amount": SOL}, batch.withdraw_accounts(key))
    batch.chain.send([there, back, there, back], [wallet])
    assert batch.chain.lamports(key) == before - FEE
    assert batch.chain.lamports(batch.receipt_of(key)) == 0
    assert batch.state["deposits"] == 0
