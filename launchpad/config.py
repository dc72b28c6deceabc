"""Every setting, in one place: the only reader of the environment."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from launchpad.errors import ConfigError

Cluster = Literal["localnet", "devnet", "testnet", "mainnet-beta"]

# Good for a first look; they limit requests, so name a provider in RPC_URL for real use.
_PUBLIC_RPC = {
    "devnet": "https://api.devnet.solana.com",
    "testnet": "https://api.testnet.solana.com",
    "mainnet-beta": "https://api.mainnet-beta.solana.com",
}

_BLOCK_ENGINES = {
    "testnet": "https://testnet.block-engine.jito.wtf",
    "mainnet-beta": "https://mainnet.block-engine.jito.wtf",
}

# Only these are stored; the other intervals of charts are made of them.
_STORED_CANDLES = ("1s", "15s", "1m", "5m", "15m", "1h", "4h", "1d")

_AGGREGATORS = {"mainnet-beta": "https://api.jup.ag/swap/v1"}


class Settings(BaseSettings):
    """Settings of one process, read from the environment and from `.env`.

    Names are the environment variables in lower case. `launchpad dev` fills in
    `database_url`, `redis_url` and `rpc_url` for what it starts itself.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    app_env: Literal["development", "test", "staging", "production"] = Field(
        "development", description="What this installation is for."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: Literal["console", "json"] = Field("console", description="For people, or for machines.")

    # Where things live and listen.
    launchpad_home: Path = Field(Path(".launchpad"), description="Folder of all local data.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The one origin of pages, API and chat.")
    public_url: str = Field("", description="Origin that browsers see; default http://HOST:PORT.")
    trusted_proxies: str = Field("", description="Comma-separated addresses whose X-Forwarded-For is believed.")

    # Stores. Empty means: `launchpad dev` starts an embedded one.
    database_url: str = Field("", description="Postgres 15 or newer; `launchpad dev` starts one if empty.")
    database_pool: int = Field(10, ge=1, le=50, description="Database connections of one process.")
    read_database_url: str = Field(
        "", description="A replica of DATABASE_URL: answers that are kept for some time anyway are read there."
    )
    read_max_lag_ms: int = Field(1000, ge=0, description="How far behind the replica may be before it is passed over.")
    partition_by: Literal["hour", "day", "month"] = Field(
        "day", description="How much time one partition of trades and one-second candles holds."
    )
    trades_keep_days: int = Field(0, ge=0, description="Trades older than this are forgotten; 0 keeps all.")
    candles_keep_days: str = Field(
        "",
        description="Candles older than so many days are forgotten, by interval, such as 1s=30,15s=90; else all stay.",
    )
    timeseries_driver: Literal["postgres", "timescale"] = Field(
        "postgres",
        description="What partitions trades: Postgres itself, or the TimescaleDB extension, which compresses.",
    )
    redis_url: str = Field("", description="Redis 6.2 or newer; `launchpad dev` starts one if empty.")
    kafka_brokers: str = Field("", description="host:port of Kafka's brokers, comma-separated; then it is the bus.")
    bus_length: int = Field(1_000_000, ge=1000, description="Trades that a topic keeps while Redis is the bus.")
    bus_history: bool = Field(
        default=False, description="Whether the bus carries whole transactions, too, to rebuild everything from."
    )

    # Chain.
    cluster: Cluster = Field("localnet", description="localnet, devnet, testnet or mainnet-beta.")
    rpc_url: str = Field("", description="JSON-RPC addresses, comma-separated, best first.")
    rpc_ws_url: str = Field("", description="WebSocket addresses; default: derived from RPC_URL.")
    foreign_programs: str = Field(
        "", description="Other programs whose trades are indexed, by name, comma-separated; or all."
    )
    geyser_urls: str = Field("", description="Geysers (Yellowstone gRPC) beside RPC, comma-separated.")
    geyser_tokens: str = Field("", description="Their x-tokens in the same order; one alone serves all.")
    recorded_files: str = Field("", description="Recorded streams that are indexed beside the chain.")
    decode_workers: int = Field(-1, ge=-1, le=64, description="Processes that decode; -1 is cores but one, 0 none.")
    indexer_metrics_port: int = Field(
        0, ge=0, le=65535, description="Where the indexer serves its figures for Prometheus; 0 nowhere."
    )
    watched_tokens: int = Field(
        100,
        ge=0,
        le=1000,
        description="Tokens whose plain transfers are followed, a subscription each.",
    )
    rpc_port: int = Field(8899, ge=0, le=65534, description="Embedded cluster; WebSocket one above.")
    engine: Literal["embedded", "validator"] = Field("embedded", description="What runs a local cluster.")
    test_validator: str = Field("", description="Path of solana-test-validator for ENGINE=validator.")
    keypair: str = Field("", description="Path of the keypair file that the command line signs with.")
    keeper_keypair: str = Field("", description="Keypair file of `launchpad keeper`; a local cluster's admin if empty.")
    priority_fee_microlamports: int = Field(-1, ge=-1, description="Per compute unit; -1 asks the cluster.")

    jito_block_engine_url: str = Field("", description="Block engine of executor jito; default: Jito's own nearest.")
    jito_auth_uuid: str = Field("", description="Allowance at the block engine; without it about a request a second.")
    jito_max_tip_lamports: int = Field(10_000_000, ge=1_000, description="Largest tip that is built into a trade.")

    jupiter_url: str = Field("", description="Swap API v1 of an aggregator; default: Jupiter's own on mainnet.")
    jupiter_api_key: str = Field("", description="Key for the aggregator, sent as x-api-key.")
    jupiter_program: str = Field(
        "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4", description="Program that the aggregator's swaps call."
    )

    # Figures.
    sol_price_source: str = Field(
        "",
        description="Price of SOL in US dollars: fixed:<usd>, http:<url>#<json pointer>, pyth, pyth:<account> or none; "
        "default: a made-up one on localnet, else none.",
    )
    score_mode: Literal["normalised", "literal"] = Field(
        "normalised", description="How tokens are ranked; literal reaches its end at a few hundred dollars of volume."
    )
    milestones_usd: str = Field(
        "4000,30000,69000", description="Market values in US dollars that are told when a token first reaches them."
    )
    king_milestone_usd: int = Field(
        30_000, ge=1, description="The milestone from which on a token may be king of the hill, until the next one."
    )

    # Metadata and images.
    pinata_jwt: str = Field(
        "", description="Key of Pinata, which then pins metadata; else a store of our own keeps it."
    )
    pinata_gateway: str = Field("https://gateway.pinata.cloud", description="Where pinned files are read.")
    arweave_gateway: str = Field("", description="Where a second copy of metadata goes; none if empty.")
    upload_max_bytes: int = Field(5 * 1024 * 1024, description="Largest image that is taken.")

    # Sign-in and limits.
    secret_key: str = Field("", description="Signs CSRF tokens; made and kept in LAUNCHPAD_HOME if empty.")
    rate_limits: bool = Field(default=True, description="Whether requests are limited at all.")
    rate_limit_per_second: int = Field(100, ge=1, description="Requests per second of one address.")
    api_tiers: str = Field(
        "free=100,pro=1000",
        description="Requests per second of an API key by tier, comma-separated; new keys have the first.",
    )
    rate_limit_block_seconds: int = Field(60, ge=1, description="How long an address or key is blocked beyond that.")
    sockets_per_address: int = Field(50, ge=1, description="Open live connections of one address, by kind.")
    sync_user_seconds: float = Field(1.0, ge=0.1, le=60, description="How often /sync looks at a wallet.")
    sync_project_seconds: float = Field(5.0, ge=0.1, le=60, description="How often /sync looks at a project.")
    sync_system_seconds: float = Field(10.0, ge=0.1, le=600, description="How often /sync looks at the market.")
    cors_origins: str = Field("", description="Comma-separated origins that may call the API from elsewhere.")

    # Alerts.
    alert_rules_per_wallet: int = Field(100, ge=1, le=1000, description="Alert rules that one wallet may have.")
    alert_loopback: bool = Field(
        default=False,
        description="Whether webhooks and push may go to this machine itself, also by http; for tests and local "
        "clusters. `launchpad dev` sets it for its own cluster.",
    )
    vapid_private_key: str = Field(
        "", description="Key of web push, as `vapid --gen` writes it in base64url; made and kept if empty."
    )
    vapid_subject: str = Field(
        "", description="mailto: or https: address that push services may turn to; default: PUBLIC_URL if https."
    )

    # `launchpad dev`.
    demo: bool = Field(default=True, description="Run a market of simulated traders on local clusters.")

    # Other names that hosting platforms use; each only fills in what is not set above.
    db_host: str = Field("", description="Host of Postgres, where DATABASE_URL is not set.")
    db_name: str = Field("launchpad", description="Its database.")
    db_user: str = Field("launchpad", description="Its user.")
    db_password: str = Field("", description="The user's password.")
    redis_host: str = Field("", description="Host of Redis, where REDIS_URL is not set.")
    solana_rpc_primary: str = Field("", description="First RPC endpoint, where RPC_URL is not set.")
    solana_rpc_fallback: str = Field("", description="RPC endpoints to turn to, where RPC_URL is not set.")
    frontend_url: str = Field("", description="Origin of a front end elsewhere, where CORS_ORIGINS is not set.")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in values.items() if value not in ("", None)}
        filled: dict[str, Any] = {}
        if "database_url" not in given and "db_host" in given:
            user, name = given.get("db_user", "launchpad"), given.get("db_name", "launchpad")
            password = quote(str(given.get("db_password", "")), safe="")
            filled["database_url"] = f"postgresql://{user}:{password}@{given['db_host']}/{name}"
        if "redis_url" not in given and "redis_host" in given:
            filled["redis_url"] = f"redis://{given['redis_host']}:6379/0"
        endpoints = [given[name] for name in ("solana_rpc_primary", "solana_rpc_fallback") if name in given]
        if "cors_origins" not in given and "frontend_url" in given:
            filled["cors_origins"] = given["frontend_url"]
        if "rpc_url" not in given and endpoints:
            filled["rpc_url"] = ",".join(endpoints)
        return values | filled

    @field_validator("database_url", "read_database_url")
    @classmethod
    def _use_asyncpg(cls, value: str) -> str:
        for scheme in ("postgres://", "postgresql://"):
            if value.startswith(scheme):
                return "postgresql+asyncpg://" + value.removeprefix(scheme)
        return value

    @field_validator("candles_keep_days")
    @classmethod
    def _check_days(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            interval, _, days = part.strip().partition("=")
            if interval not in _STORED_CANDLES or not days.isdigit() or int(days) < 1:
                known = ", ".join(_STORED_CANDLES)
                raise ValueError(f"CANDLES_KEEP_DAYS takes INTERVAL=DAYS, comma-separated; intervals are {known}")
        return value

    @field_validator("api_tiers")
    @classmethod
    def _check_tiers(cls, value: str) -> str:
        for part in split_list(value) or [""]:
            name, _, quota = part.partition("=")
            if not re.fullmatch(r"[a-z]{1,16}", name) or not quota.isdigit() or int(quota) < 1:
                raise ValueError("API_TIERS takes TIER=REQUESTS, comma-separated, with names of up to 16 small letters")
        return value

    @property
    def tiers(self) -> dict[str, int]:
        """Tier of API keys to its requests per second; the first is that of new keys."""
        pairs = [part.partition("=") for part in split_list(self.api_tiers)]
        return {name: int(quota) for name, _, quota in pairs}

    @property
    def candle_days(self) -> dict[str, int]:
        """Interval to the number of days for which its candles are kept, where they are not kept for ever."""
        pairs = [part.strip().partition("=") for part in self.candles_keep_days.split(",") if part.strip()]
        return {interval: int(days) for interval, _, days in pairs}

    @property
    def origin(self) -> str:
        """The origin that browsers see, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def local_origin(self) -> str:
        """The origin as processes on this machine reach it, past any proxy in front."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - read, not bound
        return f"http://{everywhere.get(self.host, self.host)}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether this is a cluster of play money: airdrops, practice wallet, demo."""
        return self.cluster == "localnet"

    @property
    def rpc_urls(self) -> list[str]:
        """JSON-RPC addresses, best first; where none is set, the cluster's public one or our own local one."""
        return split_list(self.rpc_url) or [_PUBLIC_RPC.get(self.cluster, f"http://127.0.0.1:{self.rpc_port}")]

    @property
    def ws_urls(self) -> list[str]:
        """WebSocket addresses beside `rpc_urls`: as set, or derived the way web3.js does."""
        return split_list(self.rpc_ws_url) or [websocket_of(url) for url in self.rpc_urls]

    @property
    def geysers(self) -> list[tuple[str, str]]:
        """Address and token of every Geyser; ConfigError where the tokens do not fit the addresses."""
        urls, tokens = split_list(self.geyser_urls), split_list(self.geyser_tokens)
        if len(tokens) not in {0, 1, len(urls)}:
            message = f"GEYSER_TOKENS holds {len(tokens)} tokens for {len(urls)} Geysers: give one for each, or one."
            raise ConfigError(message)
        each = tokens * len(urls) if len(tokens) == 1 else tokens or [""] * len(urls)
        return list(zip(urls, each, strict=True))

    @property
    def foreign_program_list(self) -> list[str]:
        """The names of the foreign programs to follow; `all` stands for every one that is known."""
        return split_list(self.foreign_programs)

    @property
    def jito_url(self) -> str:
        """The block engine of this cluster; empty on clusters that have none."""
        engine = _BLOCK_ENGINES.get(self.cluster, "")
        return engine and (self.jito_block_engine_url or engine)

    @property
    def aggregator_url(self) -> str:
        """The aggregator of this cluster; empty where there is none."""
        return self.jupiter_url or _AGGREGATORS.get(self.cluster, "")

    @property
    def cors_origin_list(self) -> list[str]:
        """Origins besides our own whose pages may call the API."""
        return [origin.rstrip("/") for origin in split_list(self.cors_origins)]

    def require_database(self) -> str:
        """The database address, or a ConfigError that says how to get one."""
        if not self.database_url:
            message = "DATABASE_URL is not set: run `launchpad dev`, or point it at a Postgres."
            raise ConfigError(message)
        return self.database_url

    def require_redis(self) -> str:
        """The Redis address, or a ConfigError that says how to get one."""
        if not self.redis_url:
            message = "REDIS_URL is not set: run `launchpad dev`, or point it at a Redis."
            raise ConfigError(message)
        return self.redis_url


def split_list(value: str) -> list[str]:
    """The parts of a comma-separated setting, without blanks."""
    return [part.strip() for part in value.split(",") if part.strip()]


def websocket_of(url: str) -> str:
    """The WebSocket address of an RPC address: same host, port one above where one is named."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    name, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        host = f"{name}:{int(port) + 1}"
    return f"{'wss' if scheme == 'https' else 'ws'}://{host}{slash}{path}"


@cache
def get_settings() -> Settings:
    """The settings of this process; raises ConfigError naming each bad variable."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        message = f"Settings cannot be used: {problems}. Mend the environment or .env and start again."
        raise ConfigError(message) from error


def child_environment(settings: Settings) -> dict[str, str]:
    """Our environment with `settings` in place, for a child process that is to run with the same."""
    values = settings.model_dump(mode="json")
    return os.environ | {name.upper(): str(value) for name, value in values.items()}
