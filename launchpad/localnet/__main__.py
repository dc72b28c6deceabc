"""`python -m launchpad.localnet` is `launchpad localnet`."""

import sys

from launchpad.cli import app

app(["localnet", *sys.argv[1:]])
