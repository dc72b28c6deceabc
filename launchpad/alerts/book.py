"""The rules by token: what a trade costs does not grow with the rules of other tokens."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from launchpad.alerts.kinds import BY_FIGURES, BY_PRICE
from launchpad.alerts.rules import Rule, State, Token


class RuleBook:
    """Living rules by mint and by creator, with what they remember, and what is known of their tokens."""

    def __init__(self) -> None:
        self.tokens: dict[str, Token] = {}
        self._rules: dict[UUID, Rule] = {}
        self._states: defaultdict[UUID, dict[str, State]] = defaultdict(dict)
        self._by_mint: defaultdict[str, dict[UUID, Rule]] = defaultdict(dict)
        self._by_creator: defaultdict[str, dict[UUID, Rule]] = defaultdict(dict)
        self._watched: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._rules)

    def put(self, rule: Rule, states: dict[str, State]) -> None:
        """Take a rule up with what it remembers by mint, in place of what it was before."""
        self.drop(rule.id)
        self._rules[rule.id] = rule
        self._states[rule.id] = states
        if rule.creator is not None:
            self._by_creator[rule.creator][rule.id] = rule
        for mint in rule.mints:
            self._by_mint[mint][rule.id] = rule

    def drop(self, rule_id: UUID) -> None:
        """Forget a rule and what it remembers."""
        self._watched.clear()
        self._states.pop(rule_id, None)
        rule = self._rules.pop(rule_id, None)
        if rule is None:
            return
        places = [(self._by_mint, mint) for mint in rule.mints]
        if rule.creator is not None:
            places.append((self._by_creator, rule.creator))
        for index, key in places:
            del index[key][rule_id]
            if not index[key]:
                del index[key]

    @property
    def mints(self) -> list[str]:
        """The tokens that rules name."""
        return list(self._by_mint)

    @property
    def creators(self) -> list[str]:
        """The creators all of whose tokens are followed."""
        return list(self._by_creator)

    def know(self, tokens: Iterable[Token]) -> None:
        """Take up what tokens are; the price of one that is known already stays: trades tell of it."""
        for token in tokens:
            known = self.tokens.get(token.mint)
            self.tokens[token.mint] = token
            if known is None:
                self._watched.clear()
            else:
                token.price = known.price

    def of(self, mint: str) -> Iterator[Rule]:
        """The rules of one token."""
        yield from list(self._by_mint.get(mint, {}).values())
        token = self.tokens.get(mint)
        if token is not None:
            yield from list(self._by_creator.get(token.creator, {}).values())

    def state(self, rule: Rule, mint: str) -> State:
        """What a rule remembers of a token."""
        return self._states[rule.id].setdefault(mint, State())

    def watched_by_figures(self) -> list[str]:
        """The known tokens whose stored figures are watched."""
        return self._watching("figures", lambda rule: rule.type in BY_FIGURES)

    def watched_in_dollars(self) -> list[str]:
        """The known tokens with a price rule in US dollars, which moves with SOL too."""
        return self._watching("dollars", lambda rule: rule.type in BY_PRICE and rule.unit == "usd")

    def _watching(self, name: str, counts: Callable[[Rule], bool]) -> list[str]:
        """Worked out anew only after rules or tokens changed."""
        if name not in self._watched:
            self._watched[name] = [mint for mint in self.tokens if any(map(counts, self.of(mint)))]
        return self._watched[name]
