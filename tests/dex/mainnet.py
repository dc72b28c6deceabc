"""A node of a cluster that has mainnet's venues: it holds accounts, and lets every simulation pass."""

import base64
from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from launchpad.chain import keys
from launchpad.chain.addresses import SYSTEM, TOKEN_2022
from launchpad.chain.venues.coding import key_bytes
from tests.chain.nodes import Node
from tests.programs.harness import mint_data, token_data

SOL = 10**9
BLOCKHASH = keys.address_of(keys.generate())


@dataclass
class Mainnet:
    """Accounts by address; `simulated` holds every transaction that was tried."""

    accounts: dict = field(default_factory=dict)
    simulated: list = field(default_factory=list)

    def node(self):
        return Node(self._answer)

    def add(self, address, data=b"", owner=SYSTEM, *, lamports=SOL, executable=False):
        encoded = [base64.b64encode(data).decode(), "base64"]
        self.accounts[address] = {"lamports": lamports, "data": encoded, "owner": owner, "executable": executable}
        return address

    def add_program(self, address):
        return self.add(address, owner="BPFLoaderUpgradeab1e11111111111111111111111", executable=True)

    def add_token(self, program=TOKEN_2022, extensions=None):
        """A mint; its address."""
        carried = extensions if program == TOKEN_2022 else None
        return self.add(new_key(), mint_data(supply=10**15, decimals=6, extensions=carried), program)

    def add_tokens(self, address, mint, owner, amount, program):
        data = token_data(Pubkey(key_bytes(mint)), Pubkey(key_bytes(owner)), amount, extended=program == TOKEN_2022)
        return self.add(address, data, program)

    def _answer(self, method, params):
        match method:
            case "getAccountInfo":
                return {"value": self.accounts.get(params[0])}
            case "getMultipleAccounts":
                return {"value": [self.accounts.get(each) for each in params[0]]}
            case "getMinimumBalanceForRentExemption":
                return (params[0] + 128) * 6_960
            case "getLatestBlockhash":
                return {"value": {"blockhash": BLOCKHASH, "lastValidBlockHeight": 150}}
            case "getRecentPrioritizationFees":
                return []
            case "simulateTransaction":
                self.simulated.append(params[0])
                return {"value": {"err": None, "logs": [], "unitsConsumed": 100_000}}
        raise AssertionError(method)


def new_key():
    return keys.address_of(keys.generate())


def instructions_of(transaction):
    """(program, tag) of each instruction of an unsigned transaction; its signers."""
    message = keys.decode_transaction_wire(transaction).message
    named = [str(key) for key in message.account_keys]
    return [(named[each.program_id_index], bytes(each.data)) for each in message.instructions]
