"""`python -m launchpad.localnet`."""

import typer

from launchpad.localnet.cli import localnet

typer.run(localnet)
