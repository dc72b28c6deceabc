"""Bundles are offered where the cluster has a block engine, and nowhere else."""

import pytest

from launchpad.config import get_settings


@pytest.mark.parametrize(("cluster", "offered"), [("localnet", False), ("devnet", False), ("mainnet-beta", True)])
async def test_bundles_are_offered_where_there_is_an_engine(web_environment, pages, market, cluster, offered):
    web_environment.setenv("CLUSTER", cluster)
    get_settings.cache_clear()
    from web.app import create_app  # noqa: PLC0415 - it reads the settings that the environment above makes

    app = create_app()
    pages._transport.app.state.settings = app.state.settings
    pages._transport.app.state.templates = app.state.templates
    html = (await pages.get(f"/token/{market.tokens['ORB']}")).text
    assert ('id="executor-jito"' in html, 'data-quote="tip"' in html) == (offered, offered)
