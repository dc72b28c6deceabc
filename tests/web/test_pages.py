"""Pages as the server renders them: complete, safe and readable before any script runs."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from launchpad.accounts import queries as accounts
from launchpad.accounts.credentials import hash_of, new_secret


def embedded(html: str, element: str):
    found = re.search(rf'id="{element}">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


async def test_the_market_lists_tokens_newest_first(pages, market):
    answer = await pages.get("/")
    assert answer.status_code == 200
    places = [answer.text.index(f"/token/{market.tokens[symbol]}") for symbol in ("MOSS", "ORB", "DONE")]
    assert places == sorted(places)


async def test_an_empty_market_says_so_and_what_to_do(pages):
    answer = await pages.get("/")
    assert "Nobody has launched a token yet" in answer.text
    assert 'href="/launch"' in answer.text


@pytest.mark.parametrize(("tab", "shown", "hidden"), [("graduated", "DONE", "MOSS"), ("rising", "ORB", "DONE")])
async def test_tabs_show_their_tokens_only(pages, market, tab, shown, hidden):
    html = (await pages.get(f"/?tab={tab}")).text
    assert market.tokens[shown] in html
    assert market.tokens[hidden] not in html


async def test_unknown_tabs_and_sorts_fall_back(pages, market):
    html = (await pages.get("/?tab=nonsense&sort=nonsense")).text
    assert market.tokens["MOSS"] in html


async def test_the_market_sorts_by_its_columns(pages, market):
    html = (await pages.get("/?sort=price")).text
    assert html.index(market.tokens["ORB"]) < html.index(market.tokens["MOSS"])
    assert 'aria-sort="descending"' in html


async def test_rows_come_alone_for_scripts(pages, market):
    answer = await pages.get("/?part=rows")
    assert answer.text.count("<tr ") == 3
    assert "<html" not in answer.text
    assert answer.headers["x-next"] == ""


async def test_long_markets_come_page_by_page(pages, market):
    for number in range(51):
        await market.add(f"Token {number}", f"T{number}", age_minutes=200 + number)
    first = (await pages.get("/")).text
    following = re.search(r'id="more" href="([^"]+)"', first)
    assert following
    second = (await pages.get(following.group(1).replace("&amp;", "&"))).text
    assert market.tokens["T50"] in second
    assert market.tokens["MOSS"] not in second


async def test_a_spoiled_cursor_is_told(pages, market):
    answer = await pages.get("/?cursor=nonsense")
    assert answer.status_code == 422
    assert "start again without it" in answer.text


async def test_search_finds_by_name_ticker_and_address(pages, market):
    for term in ("orbi", "ORB", market.tokens["ORB"]):
        html = (await pages.get("/search", params={"q": term})).text
        assert market.tokens["ORB"] in html
        assert market.tokens["MOSS"] not in html


async def test_search_says_what_it_did_not_find(pages, market):
    assert "No token has this name" in (await pages.get("/search?q=zzz")).text
    assert "Type a name" in (await pages.get("/search?q=")).text
    assert "No token has this name" in (await pages.get("/search?q=zzz&part=found")).text


async def test_answers_under_the_search_field_are_options(pages, market):
    html = (await pages.get("/search?q=orb&part=found")).text
    assert 'role="option"' in html
    assert "<html" not in html


async def test_what_was_searched_for_never_becomes_markup(pages):
    html = (await pages.get("/search", params={"q": '"><script>alert(1)</script>'})).text
    assert "<script>alert" not in html


async def test_projects_are_cards_by_state(pages, market):
    everything = (await pages.get("/projects")).text
    assert all(mint in everything for mint in market.tokens.values())
    ended = (await pages.get("/projects?state=ended")).text
    assert market.tokens["DONE"] in ended
    assert market.tokens["ORB"] not in ended
    assert "No project is in this state" in (await pages.get("/projects?state=upcoming")).text


async def test_many_projects_come_page_by_page(pages, market):
    for number in range(25):
        await market.add(f"Token {number}", f"T{number}")
    html = (await pages.get("/projects?state=active")).text
    assert 'rel="next"' in html


async def test_a_token_page_holds_everything_before_any_script(pages, market):
    mint = market.tokens["ORB"]
    await market.lock(mint)
    await market.name(market.trader, "Mira")
    first = await market.say(mint, "Hello <b>there</b>, see https://example.org/x?a=1&b=2.")
    await market.react(first, "🚀")
    await market.say(mint, "An answer", reply_to=first)
    await market.say(mint, "", deleted_at=datetime.now(UTC))
    html = (await pages.get(f"/token/{mint}")).text
    assert "Round &amp; &lt;round&gt;." in html
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in html
    assert 'href="https://example.org/x?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc"' in html
    assert "Mira: Hello" in html
    assert "Message deleted" in html
    assert "🚀" in html
    assert "% locked" in html
    assert "Next release" in html
    assert "<noscript>" in html
    assert html.count('class="side ') == 50
    assert html.count('class="system"') == 4
    assert market.trader in html


async def test_a_token_page_tells_its_script_where_it_stands(pages, market):
    data = embedded((await pages.get(f"/token/{market.tokens['ORB']}")).text, "token-data")
    assert data["mint"] == market.tokens["ORB"]
    assert data["head"] == 0
    assert isinstance(data["quote_reserve"], str)


async def test_a_name_cannot_end_the_data_element(pages, market):
    mint = await market.add("</script><b>", "EVIL")
    html = (await pages.get(f"/token/{mint}")).text
    assert "</script><b>" not in html
    assert embedded(html, "token-data")["name"] == "</script><b>"


async def test_an_untouched_token_says_so(pages, market):
    html = (await pages.get(f"/token/{market.tokens['MOSS']}")).text
    assert "Nobody has traded yet" in html
    assert "Nobody has said anything yet" in html
    assert "Nobody holds any yet" in html


async def test_a_sold_out_token_offers_no_trade(pages, market):
    html = (await pages.get(f"/token/{market.tokens['DONE']}")).text
    assert "it no longer trades" in html
    assert 'id="trade-form"' not in html


async def test_facts_warn_of_what_can_still_change(pages, market):
    mint = await market.add("Mint", "MNT", supply_mode="mintable", update_authority=market.creator)
    html = (await pages.get(f"/token/{mint}")).text
    assert "Mintable" in html
    assert "Metadata can change" in html


async def test_only_plain_web_links_of_creators_are_shown(pages, market):
    links = {"website": "javascript:alert(1)", "twitter": "https://x.com/orb", "telegram": 'https://t.me/"x'}
    mint = await market.add("Links", "LNK", links=links)
    html = (await pages.get(f"/token/{mint}")).text
    assert "https://x.com/orb" in html
    assert "javascript:" not in html
    assert "t.me" not in html


async def test_schedules_are_told_in_every_state(pages, market):
    mint, now = market.tokens["MOSS"], datetime.now(UTC)
    await market.lock(mint, revoked_at=now)
    await market.lock(mint, cliff_at=now - timedelta(days=9), ends_at=now - timedelta(days=1), index=1)
    await market.lock(mint, cliff_at=now - timedelta(days=9), index=2)
    html = (await pages.get(f"/token/{mint}")).text
    assert "Revoked" in html
    assert "Next release" in html


async def test_older_trades_come_page_by_page(pages, market):
    mint = market.tokens["ORB"]
    first = (await pages.get(f"/token/{mint}")).text
    older = re.search(r'id="more-trades" href="([^"]+)"', first)
    assert older
    answer = await pages.get(older.group(1).replace("&amp;", "&"))
    assert answer.text.count("<tr ") == 10
    assert answer.headers["x-next"] == ""


async def test_the_list_of_holders_comes_alone_with_its_figures(pages, market):
    html = (await pages.get(f"/token/{market.tokens['ORB']}?part=holders")).text
    assert 'data-holders="1"' in html
    assert "<html" not in html


@pytest.mark.parametrize("path", ["/token/nonsense", "/wallet/nonsense", "/nowhere", "/static/none.js"])
async def test_unknown_addresses_say_what_to_do(pages, path):
    answer = await pages.get(path)
    assert answer.status_code == 404
    assert "See the market" in answer.text


async def test_an_unknown_token_says_that_it_may_not_be_confirmed(pages, market):
    answer = await pages.get(f"/token/{market.trader}")
    assert answer.status_code == 404
    assert "confirmed" in answer.text


async def test_a_wallet_shows_positions_history_claims_and_unlocks(pages, market):
    await market.lock(market.tokens["ORB"])
    html = (await pages.get(f"/wallet/{market.trader}?span=7d")).text
    assert "Orbital" in html
    assert html.count('class="side ') == 50
    older = re.search(r'id="more-trades" href="([^"]+)"', html)
    assert older
    assert (await pages.get(older.group(1).replace("&amp;", "&"))).text.count("<tr>") == 10
    creator = (await pages.get(f"/wallet/{market.creator}?span=nonsense")).text
    assert "Creator fees" in creator
    assert "Unlocks" in creator
    assert "Launched" in creator
    assert "data-claim" not in creator


async def test_a_wallet_without_anything_has_an_empty_portfolio(pages, market):
    html = (await pages.get("/wallet/11111111111111111111111111111111")).text
    assert "holds no token" in html
    assert "No trades yet" in html


async def test_a_guest_is_asked_to_connect_or_to_name_a_wallet(pages, market):
    assert "Connect a wallet" in (await pages.get("/portfolio")).text
    found = await pages.get("/wallet", params={"address": f" {market.trader} "})
    assert found.status_code == 303
    assert found.headers["location"] == f"/wallet/{market.trader}"
    wrong = await pages.get("/wallet", params={"address": "nonsense"})
    assert wrong.status_code == 422
    assert "This is no Solana address" in wrong.text


async def test_the_signed_in_have_their_own_portfolio(pages, market, database):
    secret, now = new_secret(), datetime.now(UTC)
    async with database.session() as session:
        await accounts.touch_account(session, market.creator)
        await accounts.add_session(session, hash_of(secret), market.creator, "here", now, now + timedelta(days=1))
    answer = await pages.get("/portfolio", headers={"Cookie": f"sid={secret}"})
    assert "data-own" in answer.text
    assert 'data-claim="fees"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_launch_form_has_sane_defaults(pages):
    html = (await pages.get("/launch")).text
    assert 'value="79.31"' in html
    assert 'value="1000000000"' in html


async def test_the_theme_that_was_chosen_is_painted_first(pages):
    assert 'data-theme="light"' in (await pages.get("/", headers={"Cookie": "theme=light"})).text
    assert "data-theme=" not in (await pages.get("/", headers={"Cookie": "theme=purple"})).text


async def test_pages_may_only_do_what_they_need(pages):
    answer = await pages.get("/", headers={"Host": "pad.example:8000"})
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' ws://pad.example:8000;" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers


async def test_a_forged_host_does_not_reach_the_policy(pages):
    answer = await pages.get("/", headers={"Host": "x; script-src *"})
    assert "script-src *" not in answer.headers["content-security-policy"]


async def test_https_origins_are_kept_to_https(web_environment, database_url):
    import httpx  # noqa: PLC0415 - beside the app that it serves

    from launchpad.config import get_settings  # noqa: PLC0415 - (the same)
    from web.app import create_app  # noqa: PLC0415 - (the same)

    web_environment.setenv("PUBLIC_URL", "https://pad.example")
    get_settings.cache_clear()
    transport = httpx.ASGITransport(create_app())
    async with httpx.AsyncClient(transport=transport, base_url="https://pad.example") as client:
        answer = await client.get("/launch")
    assert "max-age" in answer.headers["strict-transport-security"]
    assert "wss://pad.example" in answer.headers["content-security-policy"]


async def test_nothing_inline_waits_to_run(pages, market):
    for path in ("/", "/launch", "/portfolio", "/charts", f"/token/{market.tokens['ORB']}", f"/wallet/{market.trader}"):
        html = (await pages.get(path)).text
        assert not re.search(r"<[^>]+\s(on\w+|style)=", html)
        assert all("src=" in tag or "json" in tag for tag in re.findall(r"<script[^>]*>", html))


async def test_static_files_of_this_version_may_be_kept_for_good(pages):
    from web import assets  # noqa: PLC0415 - its digest is read when first asked for

    current = await pages.get(assets.url("js/shell.js"))
    assert current.status_code == 200
    assert "immutable" in current.headers["cache-control"]
    other = await pages.get("/static/another/js/shell.js")
    assert other.status_code == 200
    assert other.headers["cache-control"] == "no-cache"


async def test_every_file_that_a_page_names_is_there(pages, market):
    named = set()
    token = f"/token/{market.tokens['ORB']}"
    for path in ("/", "/launch", "/portfolio", "/projects", "/charts", token, "/manifest.webmanifest"):
        named |= set(re.findall(r'"(/static/[^"]+\.\w+)"', (await pages.get(path)).text))
    named |= set(re.findall(r'"(/static/[^"]+\.\w+)"', (await pages.get("/sw.js")).text))
    missing = [path for path in sorted(named) if (await pages.get(path)).status_code != 200]
    assert missing == []


async def test_the_app_can_be_installed_and_has_a_page_for_being_offline(pages):
    manifest = (await pages.get("/manifest.webmanifest")).json()
    assert manifest["display"] == "standalone"
    assert "You are offline" in (await pages.get("/offline")).text
    worker = await pages.get("/sw.js")
    assert "VERSION" not in worker.text
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "Disallow: /wallet" in (await pages.get("/robots.txt")).text
    assert (await pages.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


async def test_a_database_that_is_away_is_told_as_such(pages, market, monkeypatch):
    from launchpad.db import Database  # noqa: PLC0415 - patched for this test alone

    dead = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(Database, "read", lambda _: dead.connect())
    answer = await pages.get("/")
    assert answer.status_code == 503
    assert "what is on chain stays on chain" in answer.text
    assert answer.headers["retry-after"] == "5"


async def test_a_fault_of_ours_tells_no_details(pages, monkeypatch):
    from web.views import home  # noqa: PLC0415 - patched for this test alone

    def fail(*_):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(home, "TokenFilter", fail)
    answer = await pages.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Something went wrong on our side" in answer.text


def modules_of(entry: Path, static: Path) -> set[str]:
    """Every script that `entry` loads by static imports, itself included."""
    found, todo = set(), [entry]
    while todo:
        path = todo.pop()
        name = path.relative_to(static).as_posix()
        if name not in found:
            found.add(name)
            imports = re.findall(
                r'^(?:import|export) .*?from "([^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE
            )
            todo += [(path.parent / target).resolve() for target in imports]
    return found


async def test_the_shell_is_kept_and_preloaded_whole(pages):
    from web import assets  # noqa: PLC0415 - its digest is read when first asked for
    from web.views import shell  # noqa: PLC0415 - beside it

    needed = modules_of(assets.FOLDER / "js/shell.js", assets.FOLDER)
    assert needed <= set(shell.SHELL)
    html = (await pages.get("/launch")).text
    preloaded = set(re.findall(rf'modulepreload" href="{assets.url("")}([^"]+)"', html))
    assert needed <= preloaded


async def test_a_sale_that_missed_its_goal_says_that_it_pays_back(pages, market):
    await market.add("Late", "LATE", trades=4, status="refunding")
    html = (await pages.get(f"/token/{market.tokens['LATE']}")).text
    assert html.count("gets back a share") == 3  # the mark, the progress, the place of the trading panel
    assert "sold out" not in html
    assert "trade-form" not in html
    assert "Refunding" in (await pages.get("/")).text
    assert "Refunding" in (await pages.get("/projects?state=ended")).text
