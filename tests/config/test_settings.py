"""Settings say what they need, and fill in what they can."""

import pytest

from launchpad import config
from launchpad.config import Settings
from launchpad.errors import ConfigError


def _settings(**values):
    return Settings(_env_file=None, **values)


@pytest.fixture
def environment(monkeypatch):
    """Set variables; the cache of this process's settings is emptied before and after."""
    config.get_settings.cache_clear()
    yield monkeypatch.setenv
    config.get_settings.cache_clear()


def test_postgres_addresses_are_read_by_asyncpg():
    for scheme in ("postgres", "postgresql", "postgresql+asyncpg"):
        assert _settings(database_url=f"{scheme}://a@b/c").database_url == "postgresql+asyncpg://a@b/c"


def test_the_origin_is_where_browsers_look():
    assert _settings(port=8001).origin == "http://127.0.0.1:8001"
    assert _settings(public_url="https://example.org/").origin == "https://example.org"


def test_processes_of_this_machine_reach_it_past_any_proxy():
    everywhere = _settings(host="0.0.0.0", public_url="https://example.org")  # noqa: S104 - nothing is bound here
    assert everywhere.local_origin == "http://127.0.0.1:8000"
    assert _settings(port=8001).local_origin == "http://127.0.0.1:8001"


def test_websockets_are_found_beside_their_rpc():
    assert _settings(rpc_port=9000).ws_urls == ["ws://127.0.0.1:9001"]
    assert _settings(rpc_url="https://a.example, http://b:1/x").ws_urls == ["wss://a.example", "ws://b:2/x"]


def test_a_public_cluster_has_a_public_endpoint():
    assert _settings(cluster="devnet").rpc_urls == ["https://api.devnet.solana.com"]
    assert not _settings(cluster="devnet").is_local


def test_missing_stores_are_named_with_their_remedy():
    for require in (_settings().require_database, _settings().require_redis):
        with pytest.raises(ConfigError, match="launchpad dev"):
            require()


def test_platform_names_fill_in_what_is_not_set():
    filled = _settings(
        db_host="db", db_password="p@ss", redis_host="r", solana_rpc_primary="http://p", frontend_url="https://f/"
    )
    assert filled.cors_origin_list == ["https://f"]
    assert filled.database_url == "postgresql+asyncpg://launchpad:p%40ss@db/launchpad"
    assert filled.redis_url == "redis://r:6379/0"
    assert filled.rpc_urls == ["http://p"]
    kept = _settings(rpc_url="http://kept", solana_rpc_primary="http://p", solana_rpc_fallback="http://f")
    assert kept.rpc_urls == ["http://kept"]


def test_a_value_that_cannot_be_used_is_named(environment):
    environment("PORT", "many")
    with pytest.raises(ConfigError, match=r"PORT: .*integer.*\.env"):
        config.get_settings()


def test_a_child_gets_the_same_settings(environment):
    settings = _settings(port=8123, demo=False, redis_url="redis://r")
    for name, value in config.child_environment(settings).items():
        environment(name, value)
    assert config.get_settings() == settings
