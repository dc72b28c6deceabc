"""The local cluster: a Solana chain of one's own, behind the interfaces of a validator."""

from launchpad.localnet.genesis import ADMIN_KEYPAIR
from launchpad.localnet.main import run
from launchpad.localnet.options import LocalnetOptions

__all__ = ["ADMIN_KEYPAIR", "LocalnetOptions", "run"]
