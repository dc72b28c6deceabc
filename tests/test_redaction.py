"""What is left of an address when others may read it."""

import logging

import httpx
import pytest
import structlog

from launchpad import log
from launchpad.config import Settings
from launchpad.health import check
from launchpad.redaction import hosts_of, redact
from launchpad.tokens.catalog import explorer_links


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://node.example.com/v2/KEY", "node.example.com"),
        ("https://node.example.com/?api-key=KEY", "node.example.com"),
        ("wss://user:KEY@Node.example.com:8900/x#KEY", "node.example.com:8900"),
        ("http://127.0.0.1:8899", "127.0.0.1:8899"),
        ("https://a.example/KEY,https://b.example/KEY", "a.example,b.example"),
        ("for url 'https://a.example/?k=KEY' (401).", "for url 'a.example' (401)."),
        ("postgresql+asyncpg://me:KEY@db:5432/launchpad", "db:5432"),
        ("http://[broken/KEY", "http://[broken/KEY"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_an_address_is_cut_down_to_its_host(text, left):
    assert redact(text) == left


def test_addresses_of_others_stay_where_only_some_are_ours():
    hosts = hosts_of(["https://node.example.com/v2/KEY", ""])
    told = redact("https://node.example.com/v2/KEY said no to https://launch.example/token/abc", hosts)
    assert told == "node.example.com said no to https://launch.example/token/abc"


@pytest.fixture
def quiet_logs():
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_log_line_holds_a_key_whoever_writes_it(quiet_logs, capsys, form):
    settings = Settings(
        _env_file=None,
        rpc_url="https://node.example.com/v2/KEY",
        database_url="postgresql://me:KEY@db/launchpad",
        log_format=form,
    )
    log.configure(settings, "test")
    request = httpx.Request("POST", settings.rpc_urls[0])
    try:
        httpx.Response(401, request=request).raise_for_status()
    except httpx.HTTPStatusError:
        structlog.get_logger().exception("it failed", url=settings.rpc_urls[0])
        logging.getLogger("other").exception("at %s and %s", settings.ws_urls[0], settings.database_url)
    written = capsys.readouterr().err
    assert "KEY" not in written
    assert written.count("node.example.com") >= 4


async def test_the_health_of_a_node_is_told_without_its_key(redis_url, database_url):
    settings = Settings(
        _env_file=None,
        rpc_url="http://127.0.0.1:1/KEY",
        database_url=database_url,
        redis_url=redis_url,
    )
    answers = {one.name: one for one in await check(settings)}
    assert not answers["rpc"].ok
    assert "KEY" not in answers["rpc"].problem


def test_a_link_to_an_explorer_names_no_node_that_has_a_key():
    def link(rpc_url):
        settings = Settings(_env_file=None, rpc_url=rpc_url)
        return explorer_links(settings, signature="s")["explorer"]

    assert link("http://127.0.0.1:8899").endswith("?cluster=custom&customUrl=http://127.0.0.1:8899")
    assert link("http://127.0.0.1:8899/KEY").endswith("?cluster=custom")
