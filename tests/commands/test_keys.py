"""`launchpad keys tier`: an API key moves to another tier."""

import pytest
from redis.asyncio import Redis

from launchpad.accounts.queries import touch_account
from launchpad.api_keys import service
from launchpad.api_keys.errors import UnknownTierError
from launchpad.chain import keys
from launchpad.commands.keys import move
from launchpad.errors import InvalidInputError
from tests.conftest import make_settings


@pytest.fixture
def settings(database_url, redis_url):
    return make_settings(database_url=database_url, redis_url=redis_url, api_tiers="free=5,pro=50")


async def test_a_key_moves_and_holds_its_new_tier_at_once(settings, database, capsys):
    owner = keys.address_of(keys.generate())
    async with database.session() as session:
        await touch_account(session, owner)
    made = await service.create(database, settings, owner, "bot")
    redis = Redis.from_url(settings.redis_url)
    await service.holder_of(database, redis, made.key)
    await move(settings, str(made.id), "pro")
    assert "50 requests a second" in capsys.readouterr().out
    assert not (await service.recalled(redis, made.key)).known
    found = await service.holder_of(database, redis, made.key)
    assert (found.tier, service.per_second(settings, found.tier)) == ("pro", 50)
    await redis.aclose()


async def test_what_is_no_id_or_no_tier_is_refused(settings):
    with pytest.raises(InvalidInputError):
        await move(settings, "nonsense", "pro")
    with pytest.raises(UnknownTierError):
        await move(settings, "5b3f2f0e-2f35-4c3b-9d5c-2f7f0c1d9a11", "gold")


def test_a_tier_that_is_configured_no_more_counts_as_the_lowest(settings):
    assert service.per_second(settings, "gone") == 5


@pytest.mark.parametrize("tiers", ["", "free", "Free=1", "free=0", "free=x", "=3"])
def test_tiers_that_cannot_be_read_are_refused(tiers):
    with pytest.raises(ValueError, match="API_TIERS"):
        make_settings(api_tiers=tiers)
