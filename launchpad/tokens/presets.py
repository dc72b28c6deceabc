"""Sets of launch options that go well together, for people who do not want to choose each."""

from dataclasses import dataclass
from typing import Final

from launchpad.chain.addresses import SYSTEM
from launchpad.chain.sale_terms import SaleTerms
from launchpad.tokens import rules
from launchpad.tokens.launch_schemas import BatchIn, GraduationIn, PresetView
from launchpad.tokens.rule_words import words
from launchpad.tokens.rules_schemas import LaunchFeeIn, PresetName, RulesIn

# What the sentences are told for: the usual supply.
_SUPPLY, _SALE, _DECIMALS = 10**18, 793_100_000 * 10**9, 9


@dataclass(frozen=True, slots=True)
class Preset:
    """Options of the launch API under a name."""

    name: PresetName
    title: str
    summary: str
    told: tuple[str, ...] = ()
    rules: RulesIn | None = None
    graduation: GraduationIn | None = None
    batch: BatchIn | None = None


FAIR: Final = RulesIn(
    launch_fee=LaunchFeeIn(start_bps=500, seconds=60), wallet_cap_bps=200, window_seconds=60, one_buy_per_slot=True
)

PRESETS: Final = (
    Preset(
        "open",
        "Open",
        "A race from the first second: everybody buys as much as they like.",
        ("Nothing holds back bots in the first seconds.",),
    ),
    Preset("fair", "Fair", "A minute in which large and hasty buys are held back.", rules=FAIR),
    Preset(
        "team_raise",
        "Team raise",
        "70 % of what is raised becomes liquidity, 30 % vests for the team.",
        graduation=GraduationIn(liquidity_bps=7_000),
    ),
    Preset(
        "batch",
        "Batch",
        "Everybody deposits for an hour, and all pay one price.",
        ("No deposit comes too early or too late: all get the same price, and below the minimum all is returned.",),
        batch=BatchIn(seconds=3_600, withdraw_seconds=3_000, minimum_lamports="5000000000"),
    ),
)


def listed() -> list[PresetView]:
    """The presets as the API shows them."""
    return [_view(preset) for preset in PRESETS]


def _view(preset: Preset) -> PresetView:
    asked = preset.rules
    fee = rules.launch_fee(asked.launch_fee if asked else None)
    sale = SaleTerms(fee, rules.opening(asked), rules.graduation(preset.graduation, SYSTEM))
    return PresetView(
        name=preset.name,
        title=preset.title,
        summary=preset.summary,
        words=[*preset.told, *words(sale, _SALE, _DECIMALS)],
        rules=asked,
        graduation=preset.graduation,
        batch=preset.batch,
    )
