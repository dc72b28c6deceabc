"""What simulated people launch and say."""

from dataclasses import dataclass
from random import Random

LABEL = "A simulated token of the local demo market. It has no value and nobody behind it."


@dataclass(frozen=True)
class Idea:
    """A token that somebody might launch."""

    name: str
    symbol: str
    pitch: str

    @property
    def description(self) -> str:
        """The pitch, and what it really is."""
        return f"{self.pitch} {LABEL}"


IDEAS = (
    Idea("Orchard", "ORCH", "Plant a tree, share the apples."),
    Idea("Night Train", "NITE", "For everyone who has slept in a moving bed."),
    Idea("Paper Lantern", "LAMP", "A small light for a long street."),
    Idea("Tidepool", "TIDE", "Crabs, mostly. Some anemones."),
    Idea("Slow Radio", "SLOW", "One song an hour, chosen with care."),
    Idea("Copper Kettle", "KETL", "It boils when it boils."),
    Idea("Moss Club", "MOSS", "We grow on the north side."),
    Idea("Second Breakfast", "TOAST", "An idea whose time comes at eleven."),
    Idea("Kite Festival", "KITE", "Hold on to the string."),
    Idea("Marble Run", "MARB", "It only goes down, and that is the fun."),
    Idea("Deep Field", "DEEP", "Ten thousand galaxies in a grain of sand."),
    Idea("Corner Shop", "SHOP", "Open late, knows your name."),
)

_BOUGHT = (
    "took a little {symbol} just now",
    "in for {sol} SOL, let's see where this goes",
    "that dip looked friendly, bought some",
    "adding to my {symbol}, slowly",
    "{sol} SOL of {symbol}, no regrets yet",
)
_SOLD = (
    "sold a bit, taking the kids out tonight",
    "trimmed my {symbol}, still holding the rest",
    "out for now, will watch from the side",
    "some profit taken, nothing personal",
)
_IDLE = (
    "who drew the picture? I like it",
    "how far is the curve now?",
    "what happens when it completes?",
    "good morning everyone",
    "the chart looks like my commute",
    "anyone else here since the launch?",
    "reading the docs of the curve, surprisingly clear",
    "this room is nicer than I expected",
    "remember that this is play money",
)
_REPLIES = ("same here", "fair point", "ha, true", "I was about to say that", "agreed", "not so sure about that one")
REACTIONS = ("👍", "🚀", "🔥", "👀", "💎", "😂")


def say(choice: Random, symbol: str, side: str | None = None, lamports: int = 0) -> str:
    """A line for the room, about a trade just made (`side` buy or sell) or about nothing in particular."""
    cents = lamports // 10_000_000
    lines = {"buy": _BOUGHT, "sell": _SOLD}.get(side or "", _IDLE)
    return choice.choice(lines).format(symbol=symbol, sol=f"{cents // 100}.{cents % 100:02}")


def reply(choice: Random) -> str:
    """A short answer to what somebody said."""
    return choice.choice(_REPLIES)
