"""The chain itself, slot by slot: expiry, levels, nonces, upgrades, history."""

import struct
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import (
    AdvanceNonceAccountParams,
    CreateAccountParams,
    InitializeNonceAccountParams,
    TransferParams,
    advance_nonce_account,
    create_account,
    initialize_nonce_account,
    transfer,
)
from solders.transaction import VersionedTransaction

from launchpad.localnet import genesis
from launchpad.localnet.errors import LedgerInUseError, LedgerUnreadableError, ProgramFileError
from launchpad.localnet.keys import CLOCK, RENT, key
from launchpad.localnet.ledger import queries
from launchpad.localnet.message import DecodedTransaction, TransactionRejectedError
from launchpad.localnet.options import bundled_programs
from launchpad.localnet.startup import Keypairs, LedgerLock, open_cluster

SOL = 1_000_000_000
LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")


@pytest.fixture
def opened(options):
    """`async with opened() as cluster:` opens the ledger; slots are produced by hand."""

    @asynccontextmanager
    async def open_it(**changes):
        chosen = replace(options, **changes)
        lock = LedgerLock(chosen.ledger)
        try:
            cluster = open_cluster(chosen)
            cluster.store.start()
            try:
                yield cluster
            finally:
                await cluster.store.close()
        finally:
            lock.release()

    return open_it


def airdropped(cluster, lamports=10 * SOL):
    keypair = Keypair()
    recent, _ = cluster.bank.latest_blockhash(cluster.bank.open_slot)
    cluster.airdrop(bytes(keypair.pubkey()), lamports, recent)
    return keypair


def signed(cluster, payer, *instructions, blockhash=None, signers=()):
    recent = blockhash or cluster.bank.latest_blockhash(cluster.bank.open_slot)[0]
    message = Message.new_with_blockhash(list(instructions), payer.pubkey(), Hash(recent))
    return DecodedTransaction(VersionedTransaction(message, [payer, *signers]))


def pay(payer, to, lamports=SOL):
    return transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=lamports))


def balance(cluster, address, commitment="processed"):
    account = cluster.accounts.get(bytes(address), cluster.bank.slot_at(commitment))
    return account.lamports if account else 0


async def produce(cluster, slots):
    for _ in range(slots):
        await cluster.produce_slot()


def reason(cluster, transaction):
    with pytest.raises(TransactionRejectedError) as caught:
        cluster.prepare(transaction)
    return caught.value.error


async def test_a_blockhash_lives_for_150_blocks(opened):
    async with opened() as cluster:
        payer = airdropped(cluster)
        recent, last_height = cluster.bank.latest_blockhash(cluster.bank.open_slot)
        issued = cluster.bank.open_slot
        transaction = signed(cluster, payer, pay(payer, Keypair().pubkey()), blockhash=recent)
        assert last_height == issued - 1 + 150
        await produce(cluster, 150)
        assert cluster.prepare(transaction)
        await produce(cluster, 1)
        assert reason(cluster, transaction) == "BlockhashNotFound"


async def test_expiry_is_found_before_duplication_and_the_status_stays(opened):
    async with opened() as cluster:
        payer = airdropped(cluster)
        transaction = signed(cluster, payer, pay(payer, Keypair().pubkey()))
        record = cluster.submit(transaction)
        assert reason(cluster, transaction) == "AlreadyProcessed"
        await produce(cluster, 151)
        assert reason(cluster, transaction) == "BlockhashNotFound"
        assert cluster.statuses.get(transaction.signature) is record
        await produce(cluster, 150)
        assert cluster.statuses.get(transaction.signature) is None
        assert queries.transaction(cluster.store.reader, transaction.signature).slot == record.slot


async def test_each_level_sees_the_accounts_of_its_slot(opened):
    async with opened(finality_slots=2) as cluster:
        payer = airdropped(cluster)
        await produce(cluster, 4)
        to = Keypair().pubkey()
        seen = []
        for _ in range(4):
            cluster.submit(signed(cluster, payer, pay(payer, to)))
            levels = ("processed", "confirmed", "finalized")
            seen.append([balance(cluster, to, level) // SOL for level in levels])
            await produce(cluster, 1)
        assert seen == [[1, 0, 0], [2, 1, 0], [3, 2, 0], [4, 3, 1]]
        found = cluster.accounts.owned_by(bytes(32), cluster.bank.slot_at("finalized"))
        assert bytes(to) in [address for address, _ in found]


async def test_a_closed_account_is_still_there_below(opened):
    async with opened() as cluster:
        payer, other = airdropped(cluster), airdropped(cluster)
        await produce(cluster, 3)
        everything = balance(cluster, other.pubkey())
        cluster.submit(signed(cluster, payer, pay(other, payer.pubkey(), everything), signers=(other,)))
        assert balance(cluster, other.pubkey()) == 0
        assert balance(cluster, other.pubkey(), "confirmed") == everything
        listed = cluster.accounts.owned_by(bytes(32), cluster.bank.slot_at("confirmed"))
        assert bytes(other.pubkey()) in [address for address, _ in listed]


async def test_the_clock_runs_with_the_slots(opened):
    async with opened() as cluster:
        clock = key("SysvarC1ock11111111111111111111111111111111")
        first = cluster.accounts.newest(clock).data
        await produce(cluster, 3)
        second = cluster.accounts.newest(clock).data
        slots = [int.from_bytes(data[:8], "little") for data in (first, second)]
        assert slots[1] - slots[0] == 3
        times = [int.from_bytes(data[32:40], "little") for data in (first, second)]
        assert times[1] >= times[0] > 1_700_000_000
        assert cluster.bank.slot_hashes()[0][0] == cluster.bank.open_slot - 1


def nonce_instructions(payer, nonce):
    opened = create_account(
        CreateAccountParams(
            from_pubkey=payer.pubkey(), to_pubkey=nonce, lamports=1_500_000, space=80, owner=Pubkey.default()
        )
    )
    params = InitializeNonceAccountParams(nonce_pubkey=nonce, authority=payer.pubkey())
    return opened, initialize_nonce_account(params)


@pytest.mark.parametrize("lamports", [SOL, 10**18])
async def test_a_durable_nonce_works_once_also_when_the_rest_fails(opened, lamports):
    async with opened() as cluster:
        payer, nonce = airdropped(cluster), Keypair()
        cluster.submit(signed(cluster, payer, *nonce_instructions(payer, nonce.pubkey()), signers=(nonce,)))
        stored = cluster.accounts.newest(bytes(nonce.pubkey())).data[40:72]
        await produce(cluster, 2)
        params = AdvanceNonceAccountParams(nonce_pubkey=nonce.pubkey(), authorized_pubkey=payer.pubkey())
        spend = pay(payer, Keypair().pubkey(), lamports)
        transaction = signed(cluster, payer, advance_nonce_account(params), spend, blockhash=stored)
        record = cluster.submit(transaction)
        assert (record.effects.err is None) == (lamports == SOL)
        assert cluster.accounts.newest(bytes(nonce.pubkey())).data[40:72] != stored
        await produce(cluster, 2)
        assert reason(cluster, transaction) == "BlockhashNotFound"


async def test_a_nonce_value_does_not_come_back_after_a_restart(opened):
    values = set()
    for _ in range(3):
        async with opened() as cluster:
            payer, nonce = airdropped(cluster), Keypair()
            cluster.submit(signed(cluster, payer, *nonce_instructions(payer, nonce.pubkey()), signers=(nonce,)))
            values.add(cluster.accounts.newest(bytes(nonce.pubkey())).data[40:72])
            await produce(cluster, 1)
    assert len(values) == 3


async def test_a_restart_keeps_accounts_history_and_blockhashes(opened, options):
    async with opened() as cluster:
        payer = airdropped(cluster)
        to = Keypair().pubkey()
        transaction = signed(cluster, payer, pay(payer, to))
        cluster.submit(transaction)
        await produce(cluster, 2)
        waiting = signed(cluster, payer, pay(payer, to, SOL + 1))
        slot, genesis_hash = cluster.bank.open_slot, cluster.genesis_hash
        supply, admin = cluster.accounts.capitalization, Keypairs.of(options.ledger).admin
    async with opened() as cluster:
        assert cluster.bank.open_slot == slot
        assert cluster.genesis_hash == genesis_hash
        assert cluster.accounts.capitalization == supply
        assert balance(cluster, to) == SOL
        assert reason(cluster, transaction) == "AlreadyProcessed"
        assert cluster.submit(waiting).effects.err is None
        assert Keypairs.of(options.ledger).admin == admin
        [newest, *_] = queries.mentioning(cluster.store.reader, bytes(to), 2**62, 0, slot, 10)
        assert newest.signature == transaction.signature


async def test_reset_begins_another_chain_with_another_key(opened, options):
    async with opened() as cluster:
        payer = airdropped(cluster)
        await produce(cluster, 2)
        before, admin = cluster.genesis_hash, Keypairs.of(options.ledger).admin
        (options.ledger / "notes.txt").write_text("keep me")
    async with opened(reset=True) as cluster:
        assert cluster.genesis_hash != before
        assert cluster.bank.open_slot == 1
        assert balance(cluster, payer.pubkey()) == 0
        assert Keypairs.of(options.ledger).admin != admin
        assert balance(cluster, Keypairs.of(options.ledger).admin.pubkey()) == genesis.ADMIN_LAMPORTS
    assert (options.ledger / "notes.txt").read_text() == "keep me"


async def test_keys_are_for_the_owner_alone(opened, options):
    async with opened():
        for name in (genesis.ADMIN_KEYPAIR, genesis.FAUCET_KEYPAIR, genesis.IDENTITY_KEYPAIR):
            assert (options.ledger / name).stat().st_mode & 0o777 == 0o600


async def test_a_ledger_has_one_cluster(opened, options):
    async with opened():
        with pytest.raises(LedgerInUseError, match="runs on the ledger"):
            LedgerLock(options.ledger)


async def test_a_damaged_ledger_says_how_to_begin_anew(opened, options):
    options.ledger.mkdir()
    (options.ledger / "ledger.db").write_bytes(b"no database" * 100)
    with pytest.raises(LedgerUnreadableError, match="--reset"):
        async with opened():
            pass


async def test_a_damaged_key_says_how_to_begin_anew(opened, options):
    options.ledger.mkdir()
    (options.ledger / genesis.ADMIN_KEYPAIR).write_text("[1, 2]")
    with pytest.raises(LedgerUnreadableError, match="--reset"):
        async with opened():
            pass


async def test_programs_are_upgradeable_by_the_admin_and_renewed_when_their_file_changes(opened, options, tmp_path):
    [(address, path), (_, other_path), *_] = bundled_programs().items()
    binary = tmp_path / "program.so"
    binary.write_bytes(path.read_bytes())
    program, programs = key(address), {address: binary}
    data_address = genesis.program_data_address(program)
    async with opened(programs=programs) as cluster:
        admin = bytes(Keypairs.of(options.ledger).admin.pubkey())
        data = cluster.accounts.newest(data_address).data
        assert data[12:45] == b"\1" + admin
        assert cluster.accounts.newest(program).executable
        payer = airdropped(cluster)
        call = Instruction(Pubkey(program), b"12345678", [])
        assert cluster.submit(signed(cluster, payer, call)).effects.err is not None
        await produce(cluster, 1)
    binary.write_bytes(other_path.read_bytes())
    async with opened(programs=programs) as cluster:
        assert cluster.accounts.newest(data_address).data[45:] == other_path.read_bytes()
        assert balance(cluster, payer.pubkey()) > 0
        record = cluster.submit(signed(cluster, payer, call))
        assert any("invoke" in line for line in record.effects.logs)


async def test_a_deployed_program_survives_a_restart_as_its_owner_left_it(opened, options):
    [(address, path), *_] = bundled_programs().items()
    program = key(address)
    data_address = genesis.program_data_address(program)
    heir = Keypair().pubkey()
    async with opened(programs={address: path}) as cluster:
        admin = Keypairs.of(options.ledger).admin
        metas = [
            AccountMeta(Pubkey(data_address), False, True),
            AccountMeta(admin.pubkey(), True, False),
            AccountMeta(heir, False, False),
        ]
        record = cluster.submit(signed(cluster, admin, Instruction(LOADER, struct.pack("<I", 4), metas)))
        assert record.effects.err is None
        await produce(cluster, 1)
    async with opened(programs={address: path}) as cluster:
        assert cluster.accounts.newest(data_address).data[13:45] == bytes(heir)


async def uploaded(cluster, payer, code):
    """A buffer account with a program's bytes, written by transactions."""
    buffer, space = Keypair(), 37 + len(code)
    metas = [AccountMeta(buffer.pubkey(), False, True), AccountMeta(payer.pubkey(), True, False)]
    opened = create_account(
        CreateAccountParams(
            from_pubkey=payer.pubkey(),
            to_pubkey=buffer.pubkey(),
            lamports=(128 + space) * 6960,
            space=space,
            owner=LOADER,
        )
    )
    begin = Instruction(LOADER, struct.pack("<I", 0), metas)
    assert cluster.submit(signed(cluster, payer, opened, begin, signers=(buffer,))).effects.err is None
    for offset in range(0, len(code), 900):
        piece = code[offset : offset + 900]
        data = struct.pack("<IIQ", 1, offset, len(piece)) + piece
        assert cluster.submit(signed(cluster, payer, Instruction(LOADER, data, metas))).effects.err is None
    return buffer.pubkey()


async def test_a_program_is_deployed_and_upgraded_by_transactions(opened):
    codes = [path.read_bytes() for path in bundled_programs().values()]
    first, second = min(codes, key=len), sorted(codes, key=len)[1]
    async with opened() as cluster:
        payer, program = airdropped(cluster, 1_000 * SOL), Keypair()
        address = program.pubkey()
        data_address = Pubkey(genesis.program_data_address(bytes(address)))
        buffer = await uploaded(cluster, payer, first)
        reserve = create_account(
            CreateAccountParams(
                from_pubkey=payer.pubkey(), to_pubkey=address, lamports=1_141_440, space=36, owner=LOADER
            )
        )
        sysvars = [AccountMeta(Pubkey(each), False, False) for each in (RENT, CLOCK)]
        signer = AccountMeta(payer.pubkey(), True, False)
        metas = [
            AccountMeta(payer.pubkey(), True, True),
            AccountMeta(data_address, False, True),
            AccountMeta(address, False, True),
            AccountMeta(buffer, False, True),
            *sysvars,
            AccountMeta(Pubkey.default(), False, False),
            signer,
        ]
        deploy = Instruction(LOADER, struct.pack("<IQ", 2, 2 * len(second)), metas)
        record = cluster.submit(signed(cluster, payer, reserve, deploy, signers=(program,)))
        assert record.effects.err is None, record.effects.logs
        await produce(cluster, 2)
        call = Instruction(address, b"12345678", [])
        assert f"Program {address} invoke [1]" in cluster.submit(signed(cluster, payer, call)).effects.logs
        buffer = await uploaded(cluster, payer, second)
        metas = [
            AccountMeta(data_address, False, True),
            AccountMeta(address, False, True),
            AccountMeta(buffer, False, True),
            AccountMeta(payer.pubkey(), False, True),
            *sysvars,
            signer,
        ]
        upgrade = Instruction(LOADER, struct.pack("<I", 3), metas)
        record = cluster.submit(signed(cluster, payer, upgrade))
        assert record.effects.err is None, record.effects.logs
        await produce(cluster, 2)
    async with opened() as cluster:
        stored = cluster.accounts.newest(bytes(data_address)).data[45:]
        assert stored[: len(second)] == second
        assert f"Program {address} invoke [1]" in cluster.submit(signed(cluster, payer, call)).effects.logs


async def test_a_file_that_is_no_program_is_refused(opened, tmp_path):
    wrong = tmp_path / "wrong.so"
    with pytest.raises(ProgramFileError, match="cannot be read"):
        async with opened(programs={str(Keypair().pubkey()): wrong}):
            pass
    wrong.write_bytes(b"text")
    with pytest.raises(ProgramFileError, match="no compiled program"):
        async with opened(programs={str(Keypair().pubkey()): wrong}):
            pass


async def test_old_history_is_forgotten_and_accounts_are_not(opened):
    async with opened(history_transactions=5, history_slots=1_000) as cluster:
        payer, to = airdropped(cluster), Keypair().pubkey()
        first = signed(cluster, payer, pay(payer, to))
        cluster.submit(first)
        await produce(cluster, 10)
        for lamports in range(20):
            cluster.submit(signed(cluster, payer, pay(payer, to, lamports + 1)))
            await produce(cluster, 5)
        reader = cluster.store.reader
        assert queries.transaction(reader, first.signature) is None
        kept = queries.mentioning(reader, bytes(to), 2**62, 0, cluster.bank.open_slot, 100)
        assert 5 <= len(kept) <= 16
        assert queries.oldest_slot(reader) == kept[-1].slot
        assert balance(cluster, to) == SOL + sum(range(1, 21))


async def test_the_leader_earns_half_of_the_fees(opened, options):
    async with opened() as cluster:
        identity = bytes(Keypairs.of(options.ledger).identity.pubkey())
        before = cluster.accounts.newest(identity).lamports
        airdropped(cluster)
        block = await cluster.produce_slot()
        assert block.fees == 2_500
        assert cluster.accounts.newest(identity).lamports == before + 2_500
