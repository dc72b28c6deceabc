"""The cluster itself: where it stands, who makes it, what it pays."""

from typing import Any

from launchpad.localnet.errors import BLOCK_NOT_AVAILABLE, RpcError, invalid_params
from launchpad.localnet.keys import b58
from launchpad.localnet.ledger import queries
from launchpad.localnet.node import FEATURE_SET, VERSION, Node
from launchpad.localnet.params import Config, pubkey, strings, unsigned, wrong_type
from launchpad.localnet.registry import method
from launchpad.localnet.runtime import SLOTS_PER_EPOCH

MAX_SAMPLES = 720
MAX_LEADERS = 5_000
STAKE = 1_000_000_000_000_000 - 2_282_880
MINIMUM_DELEGATION = 1_000_000_000
COMMITMENT_ARRAY = 32


@method("getHealth")
def get_health(_node: Node, _args: list[Any]) -> str:
    """Always well: there is nobody to fall behind."""
    return "ok"


@method("getVersion")
def get_version(_node: Node, _args: list[Any]) -> dict[str, Any]:
    """The validator version whose answers these are."""
    return {"solana-core": VERSION, "feature-set": FEATURE_SET}


@method("getGenesisHash")
def get_genesis_hash(node: Node, _args: list[Any]) -> str:
    """What tells this chain from every other."""
    return b58(node.cluster.genesis_hash)


@method("getIdentity")
def get_identity(node: Node, _args: list[Any]) -> dict[str, str]:
    """The one block producer."""
    return {"identity": b58(node.cluster.identity)}


@method("getSlot", optional=1)
def get_slot(node: Node, args: list[Any]) -> int:
    """The level's slot."""
    return node.bank_for(Config(args[0])).slot


@method("getBlockHeight", optional=1)
def get_block_height(node: Node, args: list[Any]) -> int:
    """The level's block height; no slot is skipped, so it is the slot."""
    return node.bank_for(Config(args[0])).slot


@method("getTransactionCount", optional=1)
def get_transaction_count(node: Node, args: list[Any]) -> int:
    """Transactions since genesis."""
    return node.cluster.bank.total_at(node.bank_for(Config(args[0])).slot)


@method("getEpochInfo", optional=1)
def get_epoch_info(node: Node, args: list[Any]) -> dict[str, int]:
    """The level's position within its epoch."""
    slot = node.bank_for(Config(args[0])).slot
    epoch, index = divmod(slot, SLOTS_PER_EPOCH)
    return {
        "absoluteSlot": slot,
        "blockHeight": slot,
        "epoch": epoch,
        "slotIndex": index,
        "slotsInEpoch": SLOTS_PER_EPOCH,
        "transactionCount": node.cluster.bank.total_at(slot),
    }


@method("getEpochSchedule")
def get_epoch_schedule(_node: Node, _args: list[Any]) -> dict[str, Any]:
    """Epochs of 432,000 slots from the start."""
    return {
        "slotsPerEpoch": SLOTS_PER_EPOCH,
        "leaderScheduleSlotOffset": SLOTS_PER_EPOCH,
        "warmup": False,
        "firstNormalEpoch": 0,
        "firstNormalSlot": 0,
    }


@method("getSupply", optional=1)
def get_supply(node: Node, args: list[Any]) -> Any:
    """All lamports; none is locked."""
    config = Config(args[0], "RpcSupplyConfig")
    config.flag("excludeNonCirculatingAccountsList")
    bank = node.bank_for(config)
    total = node.cluster.accounts.capitalization
    return bank.context({"total": total, "circulating": total, "nonCirculating": 0, "nonCirculatingAccounts": []})


@method("getRecentPerformanceSamples", optional=1)
def get_recent_performance_samples(node: Node, args: list[Any]) -> list[dict[str, int]]:
    """Transactions and slots of the last minutes, newest first."""
    limit = MAX_SAMPLES if args[0] is None else unsigned(args[0], "usize")
    if limit > MAX_SAMPLES:
        raise invalid_params(f"Invalid limit; max {MAX_SAMPLES}")
    return list(node.samples)[:limit]


@method("getVoteAccounts", optional=1)
def get_vote_accounts(node: Node, args: list[Any]) -> dict[str, Any]:
    """The one producer, with all the stake."""
    config = Config(args[0], "RpcGetVoteAccountsConfig")
    bank, identity = node.cluster.bank, b58(node.cluster.identity)
    wanted = config.text("votePubkey")
    if wanted is not None and b58(pubkey(wanted)) != identity:
        return {"current": [], "delinquent": []}
    entry = {
        "votePubkey": identity,
        "nodePubkey": identity,
        "activatedStake": STAKE,
        "commission": 0,
        "epochVoteAccount": True,
        "epochCredits": [[bank.open_slot // SLOTS_PER_EPOCH, bank.confirmed, 0]],
        "lastVote": bank.confirmed,
        "rootSlot": bank.finalized,
    }
    return {"current": [entry], "delinquent": []}


@method("getClusterNodes")
def get_cluster_nodes(node: Node, _args: list[Any]) -> list[dict[str, Any]]:
    """This node."""
    options = node.options
    absent = ("gossip", "tpu", "tpuQuic", "tpuForwards", "tpuForwardsQuic", "tpuVote", "tvu", "serveRepair")
    return [
        {
            "pubkey": b58(node.cluster.identity),
            **dict.fromkeys(absent),
            "rpc": f"{options.host}:{options.rpc_port}",
            "pubsub": f"{options.host}:{options.websocket_port}",
            "version": VERSION,
            "featureSet": FEATURE_SET,
            "shredVersion": int.from_bytes(node.cluster.genesis_hash[:2], "little"),
        }
    ]


@method("getInflationRate")
def get_inflation_rate(node: Node, _args: list[Any]) -> dict[str, Any]:
    """Nothing is minted here."""
    epoch = node.cluster.bank.open_slot // SLOTS_PER_EPOCH
    return {"total": 0.0, "validator": 0.0, "foundation": 0.0, "epoch": epoch}


@method("getInflationGovernor", optional=1)
def get_inflation_governor(_node: Node, args: list[Any]) -> dict[str, float]:
    """Nothing is minted here."""
    Config(args[0], "CommitmentConfig").strict_commitment()
    return {"initial": 0.0, "terminal": 0.0, "taper": 0.0, "foundation": 0.0, "foundationTerm": 0.0}


@method("getSlotLeader", optional=1)
def get_slot_leader(node: Node, args: list[Any]) -> str:
    """The one block producer."""
    node.bank_for(Config(args[0]))
    return b58(node.cluster.identity)


@method("getSlotLeaders", required=2)
def get_slot_leaders(node: Node, args: list[Any]) -> list[str]:
    """The one block producer, as often as asked."""
    start, limit = unsigned(args[0]), unsigned(args[1])
    if limit > MAX_LEADERS:
        raise invalid_params(f"Invalid limit; max {MAX_LEADERS}")
    epoch = start // SLOTS_PER_EPOCH
    if epoch > node.cluster.bank.open_slot // SLOTS_PER_EPOCH + 1:
        raise invalid_params(f"Invalid slot range: leader schedule for epoch {epoch} is unavailable")
    return [b58(node.cluster.identity)] * limit


@method("getLeaderSchedule", optional=2)
def get_leader_schedule(node: Node, args: list[Any]) -> Any:
    """Every slot of the epoch belongs to the one producer; null for an epoch that is far."""
    slot, second = args
    if isinstance(slot, dict):
        slot, second = None, slot
    config = Config(second, "RpcLeaderScheduleConfig")
    bank = node.bank_for(config)
    asked = bank.slot if slot is None else unsigned(slot)
    if asked // SLOTS_PER_EPOCH > bank.slot // SLOTS_PER_EPOCH + 1:
        return None
    identity, wanted = b58(node.cluster.identity), config.text("identity")
    if wanted is not None and b58(pubkey(wanted)) != identity:
        return {}
    return {identity: list(range(SLOTS_PER_EPOCH))}


@method("getStakeMinimumDelegation", optional=1)
def get_stake_minimum_delegation(node: Node, args: list[Any]) -> Any:
    """One SOL."""
    return node.bank_for(Config(args[0])).context(MINIMUM_DELEGATION)


@method("getHighestSnapshotSlot")
def get_highest_snapshot_slot(_node: Node, _args: list[Any]) -> Any:
    """There are no snapshots to download."""
    raise RpcError(-32008, "No snapshot")


@method("getMaxRetransmitSlot")
def get_max_retransmit_slot(_node: Node, _args: list[Any]) -> int:
    """Nothing is retransmitted."""
    return 0


@method("getMaxShredInsertSlot")
def get_max_shred_insert_slot(_node: Node, _args: list[Any]) -> int:
    """Nothing is received."""
    return 0


@method("getBlockCommitment", required=1)
def get_block_commitment(node: Node, args: list[Any]) -> dict[str, Any]:
    """The stake behind a block."""
    slot, bank = unsigned(args[0]), node.cluster.bank
    if slot > bank.confirmed:
        return {"commitment": None, "totalStake": STAKE}
    return {"commitment": [0] * (COMMITMENT_ARRAY - 1) + [STAKE], "totalStake": STAKE}


@method("getBlockProduction", optional=1)
def get_block_production(node: Node, args: list[Any]) -> Any:
    """How many of the slots of a range have a block: all."""
    config = Config(args[0], "RpcBlockProductionConfig")
    bank = node.bank_for(config)
    first, last = _range(config, bank.slot)
    blocks, _ = queries.counts_between(node.cluster.store.reader, first, last)
    identity, wanted = b58(node.cluster.identity), config.text("identity")
    produced = {identity: [last - first + 1, blocks]}
    if wanted is not None and b58(pubkey(wanted)) != identity:
        produced = {}
    return bank.context({"byIdentity": produced, "range": {"firstSlot": first, "lastSlot": last}})


def _range(config: Config, newest: int) -> tuple[int, int]:
    value = config.get("range")
    first, last = newest // SLOTS_PER_EPOCH * SLOTS_PER_EPOCH, newest
    if value is None:
        return first, last
    if not isinstance(value, dict):
        raise wrong_type(value, "struct RpcBlockProductionConfigRange")
    if "firstSlot" not in value:
        raise invalid_params("Invalid params: missing field `firstSlot`.")
    first = unsigned(value["firstSlot"])
    if value.get("lastSlot") is not None:
        last = unsigned(value["lastSlot"])
    if last < first:
        raise invalid_params(f"lastSlot, {last}, cannot be less than firstSlot, {first}")
    if last > newest:
        raise invalid_params(f"lastSlot, {last}, is too large; max {newest}")
    return first, last


@method("getInflationReward", optional=2)
def get_inflation_reward(node: Node, args: list[Any]) -> list[None]:
    """Nobody is rewarded; an epoch that has not ended has no answer."""
    addresses = [pubkey(text) for text in strings(args[0] or [])]
    config = Config(args[1], "RpcEpochConfig")
    current = node.bank_for(config).slot // SLOTS_PER_EPOCH
    asked = config.optional_unsigned("epoch")
    epoch = max(current - 1, 0) if asked is None else asked
    if epoch >= current:
        first_after = (epoch + 1) * SLOTS_PER_EPOCH
        raise RpcError(BLOCK_NOT_AVAILABLE, f"Block not available for slot {first_after}")
    return [None] * len(addresses)
