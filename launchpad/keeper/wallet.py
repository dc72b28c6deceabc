"""Whose wallet pays for what the keeper does, and gets the bounties."""

from pathlib import Path

from launchpad.chain import keys
from launchpad.chain.keys import Keypair
from launchpad.chain.setup import ADMIN_KEYPAIR
from launchpad.config import Settings
from launchpad.errors import ConfigError


def load_wallet(settings: Settings) -> Keypair:
    """The key that KEEPER_KEYPAIR names; on a local cluster of our own by default its admin's."""
    if settings.keeper_keypair:
        return keys.load(Path(settings.keeper_keypair).expanduser())
    admin = settings.launchpad_home / "ledger" / ADMIN_KEYPAIR
    if settings.is_local and admin.exists():
        return keys.load(admin)
    raise ConfigError(
        "The keeper has no wallet: set KEEPER_KEYPAIR to a keypair file with some SOL. Rents come back with the bounty."
    )
