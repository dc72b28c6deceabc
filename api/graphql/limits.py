"""How deep a query may go, and what it may cost.

Every field costs its weight, 1 for most; a list also what one row costs, times `first`
or `limit`. The cost is known before anything runs, as everything that a row asks for is
counted whether or not there are so many rows. Questions about the schema itself are
bounded otherwise: by the rule of validation that bounds their depth, and by refusing
other names for their fields, without which each is answered once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    ValueNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from api.graphql.inputs import MAX_CANDLES, MAX_FIRST
from launchpad.errors import InvalidInputError

MAX_DEPTH = 8
MAX_COST = 10_000
MAX_TOKENS = 2000
# What a statement is worth beside the rows that it gives; 1 for everything else.
WEIGHTS = {"tokens": 50, "search": 50, "token": 10, "trades": 10, "topHolders": 10, "chart": 50, "__schema": 500}
# The argument that multiplies a list, and how many rows there are without it.
LISTS = {
    "tokens": ("first", 20),
    "search": ("first", 10),
    "trades": ("first", 20),
    "topHolders": ("limit", 10),
    "chart": ("limit", 100),
}
_ABOUT_THE_SCHEMA = frozenset({"__schema", "__type"})


class QueryTooDeepError(InvalidInputError):
    """A query that goes deeper than `MAX_DEPTH`."""

    code = "QUERY_TOO_DEEP"


class QueryTooExpensiveError(InvalidInputError):
    """A query that costs more than `MAX_COST`."""

    code = "QUERY_TOO_EXPENSIVE"


class Size(NamedTuple):
    """Of a query, or of a part of one."""

    depth: int
    cost: int


@dataclass
class Scale:
    """Weighs an operation of a document; raises QueryTooDeepError and QueryTooExpensiveError."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _defaults: dict[str, int] = field(default_factory=dict)
    _known: dict[str, Size] = field(default_factory=dict)

    def weigh(self, operation: OperationDefinitionNode) -> Size:
        """Depth and cost of an operation."""
        for each in operation.variable_definitions or ():
            if isinstance(each.default_value, IntValueNode):
                self._defaults[each.variable.name.value] = self._number(each.default_value)
        size = self._selection(operation.selection_set, 1)
        if size.cost > MAX_COST:
            message = f"This query costs {size.cost} of {MAX_COST}: ask for fewer rows, or for less of each."
            raise QueryTooExpensiveError(message, cost=size.cost, limit=MAX_COST)
        return size

    def _selection(self, selections: SelectionSetNode | None, level: int) -> Size:
        if selections is None:
            return Size(0, 0)
        if level > MAX_DEPTH:
            raise QueryTooDeepError(f"This query is deeper than {MAX_DEPTH} levels: ask in several.", limit=MAX_DEPTH)
        sizes = [self._one(node, level) for node in selections.selections]
        return Size(max((size.depth for size in sizes), default=0), sum(size.cost for size in sizes))

    def _one(self, node: Any, level: int) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node, level)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, level)
        # A fragment in its place is no level of its own, but neither may it nest without end.
        size = self._selection(node.selection_set, level + 1)
        return Size(size.depth, size.cost + 1)

    def _field(self, node: FieldNode, level: int) -> Size:
        name = node.name.value
        if name in _ABOUT_THE_SCHEMA:
            self._refuse_other_names(node, set())
            return Size(1, WEIGHTS["__schema"])
        if node.selection_set is None:
            return Size(1, 1)
        inner = self._selection(node.selection_set, level + 1)
        times, rows = self._rows(node), 1 if name in LISTS else 0
        return Size(inner.depth + 1, WEIGHTS.get(name, 1) + times * (inner.cost + rows))

    def _rows(self, node: FieldNode) -> int:
        if node.name.value not in LISTS:
            return 1
        argument, rows = LISTS[node.name.value]
        given = next((each.value for each in node.arguments or () if each.name.value == argument), None)
        return rows if given is None else self._number(given)

    def _number(self, given: ValueNode) -> int:
        if isinstance(given, IntValueNode):
            return max(int(given.value[:9]), 1)
        name = given.name.value if isinstance(given, VariableNode) else ""
        value = self.variables.get(name, self._defaults.get(name))
        # Whatever else it is, no list gives more rows.
        return max(value, 1) if isinstance(value, int) else max(MAX_FIRST, MAX_CANDLES)

    def _fragment(self, name: str, level: int) -> Size:
        if name not in self._known:
            # Another rule refuses circles and unknown names: here they only must not go on for ever.
            self._known[name] = Size(0, 0)
            fragment = self.fragments.get(name)
            self._known[name] = self._selection(fragment.selection_set if fragment else None, level)
        size = self._known[name]
        if level - 1 + size.depth > MAX_DEPTH:
            raise QueryTooDeepError(f"This query is deeper than {MAX_DEPTH} levels: ask in several.", limit=MAX_DEPTH)
        return Size(size.depth, size.cost + 1)

    def _refuse_other_names(self, node: Any, seen: set[str]) -> None:
        if isinstance(node, FieldNode) and node.alias is not None:
            raise QueryTooExpensiveError("Ask about the schema without other names for its fields.", limit=MAX_COST)
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            node = None if name in seen else self.fragments.get(name)
            seen.add(name)
        selections = node.selection_set if node is not None else None
        for each in selections.selections if selections else ():
            self._refuse_other_names(each, seen)


class QueryLimits(SchemaExtension):
    """Has the validation refuse what is too deep or too expensive, by the variables that came with it."""

    def on_operation(self) -> Iterator[None]:
        """Around the whole operation."""
        context = self.execution_context
        context.parse_options["max_tokens"] = MAX_TOKENS
        context.validation_rules = (*context.validation_rules, _rule(context.variables or {}))
        yield


def _rule(variables: Mapping[str, Any]) -> type[ValidationRule]:
    class LimitsRule(ValidationRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            _check(context.document, variables, context)

    return LimitsRule


def _check(document: DocumentNode, variables: Mapping[str, Any], context: ValidationContext) -> None:
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            try:
                Scale(fragments, variables).weigh(node)
            except InvalidInputError as error:
                context.report_error(GraphQLError(error.message, node, original_error=error))
