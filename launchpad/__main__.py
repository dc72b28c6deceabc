"""`python -m launchpad` is `launchpad`."""

from launchpad.cli import app

app()
