"""The accounts of our programs on one cluster, read as they are now."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from solders.address_lookup_table_account import AddressLookupTableAccount

from launchpad.chain import pda
from launchpad.chain.accounts import (
    PROGRAM_OF,
    CurveConfig,
    CurveState,
    LauncherConfig,
    LaunchState,
    ReferrerFees,
    ScheduleState,
    ShapeState,
    decode_account,
)
from launchpad.chain.curve_math import Segment
from launchpad.chain.errors import ProgramsNotSetUpError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sale_accounts import TermsState
from launchpad.chain.tokens import MintState, data_of, parse_mint
from launchpad.chain.transactions import parse_lookup_table
from launchpad.errors import NotFoundError

T = TypeVar("T")
_CONFIGS_SECONDS = 30.0


class NoCurveError(NotFoundError):
    """There is no curve for this mint on this cluster."""

    code = "NO_CURVE"

    def __init__(self, mint: str) -> None:
        super().__init__(f"There is no curve for {mint} on this cluster: check the address.")


@dataclass(frozen=True, slots=True)
class Configs:
    """The configs of both programs; None where a program is not set up yet."""

    curve: CurveConfig | None
    launcher: LauncherConfig | None

    @property
    def ready(self) -> bool:
        """Whether tokens can be launched at all."""
        return self.curve is not None and self.launcher is not None


class ChainReader:
    """What the programs keep on one cluster; None stands for an account that is not there."""

    def __init__(self, rpc: RpcPool) -> None:
        self.rpc = rpc
        self._configs: tuple[float, Configs] | None = None
        self._table: tuple[float, AddressLookupTableAccount] | None = None

    async def fetch_curve(self, mint: str) -> CurveState | None:
        """A mint's curve as it is now, None where it has none."""
        return await self._fetch(CurveState, pda.curve(mint))

    async def require_curve(self, mint: str) -> CurveState:
        """A mint's curve, or NoCurveError."""
        state = await self.fetch_curve(mint)
        if state is None:
            raise NoCurveError(mint)
        return state

    async def fetch_launch(self, mint: str) -> LaunchState | None:
        """The launcher's record of a mint, None for a mint that was made elsewhere."""
        return await self._fetch(LaunchState, pda.launch_record(mint))

    async def fetch_schedule(self, address: str) -> ScheduleState | None:
        """A vesting schedule."""
        return await self._fetch(ScheduleState, address)

    async def fetch_terms(self, address: str) -> TermsState | None:
        """The terms account at an address, None where there is none."""
        return await self._fetch(TermsState, address)

    async def fetch_shape(self, segments: Sequence[Segment]) -> ShapeState | None:
        """The shape account of these segments, None where nobody made it."""
        return await self._fetch(ShapeState, pda.shape(segments))

    async def fetch_referrer_fees(self, referrer: str) -> ReferrerFees | None:
        """What a referrer earned, None for one who is not registered."""
        return await self._fetch(ReferrerFees, pda.referrer_fees(referrer))

    async def fetch_mint(self, mint: str) -> MintState | None:
        """A mint with the metadata that it carries."""
        account = await self.rpc.get_account(mint)
        return parse_mint(mint, account) if account else None

    async def fetch_configs(self, *, fresh: bool = False) -> Configs:
        """Both programs' configs; at most half a minute old unless `fresh`."""
        if not fresh and self._configs and time.monotonic() - self._configs[0] < _CONFIGS_SECONDS:
            return self._configs[1]
        first, second = await self.rpc.get_accounts([pda.bonding_curve_config(), pda.launcher_config()])
        configs = Configs(
            state_of(CurveConfig, first),
            state_of(LauncherConfig, second),
        )
        if configs.ready:
            self._configs = (time.monotonic(), configs)
        return configs

    async def require_configs(self) -> tuple[CurveConfig, LauncherConfig]:
        """Both configs, or ProgramsNotSetUpError that says how to make them."""
        configs = await self.fetch_configs()
        if configs.curve is None or configs.launcher is None:
            raise ProgramsNotSetUpError
        return configs.curve, configs.launcher

    async def lookup_table(self) -> AddressLookupTableAccount | None:
        """The table of well-known addresses that keeps transactions small, None where there is none."""
        if self._table and time.monotonic() - self._table[0] < _CONFIGS_SECONDS:
            return self._table[1]
        config = (await self.fetch_configs()).curve
        if config is None or config.lookup_table is None:
            return None
        account = await self.rpc.get_account(config.lookup_table)
        if account is None:
            return None
        table = parse_lookup_table(config.lookup_table, data_of(account))
        self._table = (time.monotonic(), table)
        return table

    async def _fetch(self, kind: type[T], address: str) -> T | None:
        account = await self.rpc.get_account(address)
        return state_of(kind, account)


def state_of(kind: type[T], account: dict[str, Any] | None) -> T | None:
    """An account as `kind`; None where there is none, or another program's: anybody can write any bytes there."""
    if account is None or account["owner"] != PROGRAM_OF[kind]:
        return None
    return decode_account(kind, data_of(account))
