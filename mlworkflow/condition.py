"""The little language of `when`: a checked part of Python's own expressions, true, false or unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Tree = list[Any]


class Read(Protocol):
    """Looks up a fact, or an attribute of a subject; None means that it is not known."""

    def __call__(self, name: str, attribute: str | None = None, /) -> Any: ...


Test = Callable[[Read], bool | None]


@dataclass(frozen=True)
class Domain:
    """What a named value can be, so that a condition that can never hold is found when it is loaded."""

    kind: str
    values: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        return self.kind in ("choices", "lines", "tools")


class Malformed(ValueError):
    """A condition that is not of the language; the text says what to write instead."""


def parse(text: str) -> Tree:
    """Return the tree of a condition, or say what in it is not allowed."""
    import ast

    try:
        expression = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        why = f"{error.msg}, character {error.offset}" if isinstance(error, SyntaxError) else str(error)
        raise Malformed(f"`{text}` is not a condition ({why})") from error
    return _tree(expression, ast)


_OPERATORS = {
    "Eq": "==",
    "NotEq": "!=",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
    "In": "in",
    "NotIn": "not in",
}


def _tree(node: Any, ast: Any) -> Tree:
    match node:
        case ast.BoolOp():
            return ["and" if isinstance(node.op, ast.And) else "or", *(_tree(value, ast) for value in node.values)]
        case ast.UnaryOp(op=ast.Not()):
            return ["not", _tree(node.operand, ast)]
        case ast.Compare():
            return _comparison(node, ast)
        case ast.Name():
            return ["name", node.id]
        case ast.Attribute(value=ast.Name()):
            return ["name", node.value.id, node.attr]
        case _:
            return ["const", _literal(node, ast)]


def _literal(node: Any, ast: Any) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_literal(node.operand, ast)
    if isinstance(node, ast.Tuple | ast.List) and all(isinstance(part, ast.Constant) for part in node.elts):
        return [part.value for part in node.elts]
    raise Malformed(f"`{ast.unparse(node)}` is not allowed in a condition: put arithmetic and calls into a fact")


def _comparison(node: Any, ast: Any) -> Tree:
    parts: list[Tree] = []
    left = node.left
    for operation, right in zip(node.ops, node.comparators, strict=True):
        symbol = _OPERATORS.get(type(operation).__name__)
        if symbol is None:
            raise Malformed("only == != < <= > >= in and `not in` compare")
        parts.append(["cmp", symbol, _tree(left, ast), _tree(right, ast)])
        left = right
    return parts[0] if len(parts) == 1 else ["and", *parts]


def names(tree: Tree) -> Iterator[tuple[str, str | None]]:
    """Yield each name that a condition reads, with its attribute where it has one."""
    if tree[0] == "name":
        yield tree[1], tree[2] if len(tree) > 2 else None
        return
    for part in tree[1:]:
        if isinstance(part, list) and tree[0] != "const":
            yield from names(part)


def required(tree: Tree) -> Iterator[str]:
    """Yield each plain name that must have a certain value, or be true, for a condition to hold."""
    if tree[0] == "and":
        for part in tree[1:]:
            yield from required(part)
    elif tree[0] == "cmp" and tree[1] in ("==", "in") and tree[2][0] == "name" and tree[3][0] == "const":
        yield from required(tree[2])
    elif tree[0] == "name" and len(tree) == 2:
        yield tree[1]


def thresholds(tree: Tree) -> Iterator[tuple[str, float]]:
    """Yield each number that a plain name is compared with."""
    if tree[0] == "cmp" and tree[2][0] == "name" and len(tree[2]) == 2 and tree[3][0] == "const":
        number = tree[3][1]
        if isinstance(number, int | float) and not isinstance(number, bool):
            yield tree[2][1], float(number)
        return
    for part in tree[1:]:
        if isinstance(part, list) and tree[0] in ("and", "or", "not"):
            yield from thresholds(part)


def compiled(tree: Tree) -> Test:
    """Return the function that says whether the condition holds."""
    kind = tree[0]
    if kind in ("and", "or"):
        return _all_or_any([compiled(part) for part in tree[1:]], decisive=kind == "or")
    if kind == "not":
        return _negated(compiled(tree[1]))
    if kind == "cmp":
        return _compared(tree[1], _value(tree[2]), _value(tree[3]))
    return _value(tree)


def _all_or_any(tests: list[Test], decisive: bool) -> Test:
    def holds(read: Read) -> bool | None:
        unknown = False
        for test in tests:
            result = test(read)
            if result is None:
                unknown = True
            elif bool(result) is decisive:
                return decisive
        return None if unknown else not decisive

    return holds


def _negated(test: Test) -> Test:
    def holds(read: Read) -> bool | None:
        result = test(read)
        return None if result is None else not result

    return holds


def _value(tree: Tree) -> Callable[[Read], Any]:
    if tree[0] == "const":
        constant = tuple(tree[1]) if isinstance(tree[1], list) else tree[1]
        return lambda read: constant
    if tree[0] != "name":
        return compiled(tree)
    name = tree[1]
    if len(tree) == 2:
        return lambda read: read(name)
    attribute = tree[2]
    return lambda read: read(name, attribute)


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}


def _compared(symbol: str, left: Callable[[Read], Any], right: Callable[[Read], Any]) -> Test:
    compare = _COMPARE[symbol]

    def holds(read: Read) -> bool | None:
        a, b = left(read), right(read)
        return None if a is None or b is None else compare(a, b)

    return holds


def residual(tree: Tree, noun: str, attribute_of: Callable[[str], Any]) -> Tree:
    """Return what is left of a condition once everything about one subject is known."""
    kind = tree[0]
    if kind == "name" and tree[1] == noun:
        value = attribute_of(tree[2] if len(tree) > 2 else "id")
        return ["const", list(value) if isinstance(value, tuple) else value]
    if kind == "not":
        inner = residual(tree[1], noun, attribute_of)
        return ["const", None if inner[1] is None else not inner[1]] if inner[0] == "const" else ["not", inner]
    if kind == "cmp":
        left, right = residual(tree[2], noun, attribute_of), residual(tree[3], noun, attribute_of)
        if left[0] == right[0] == "const":
            return ["const", _compared(tree[1], _value(left), _value(right))(_reads_nothing)]
        return ["cmp", tree[1], left, right]
    if kind in ("and", "or"):
        return _joined(kind, [residual(part, noun, attribute_of) for part in tree[1:]])
    return tree


def _reads_nothing(name: str, attribute: str | None = None, /) -> Any:
    raise AssertionError(f"a constant reads {name}")


def _joined(kind: str, parts: list[Tree]) -> Tree:
    decisive = kind == "or"
    kept = [part for part in parts if part != ["const", not decisive]]
    if ["const", decisive] in kept:
        return ["const", decisive]
    if not kept:
        return ["const", not decisive]
    return kept[0] if len(kept) == 1 else [kind, *kept]


def spelled(tree: Tree, inside: str = "or") -> str:
    """Return a condition as a person writes it, with the parentheses that it needs inside another."""
    match tree[0]:
        case "and" | "or":
            text = f" {tree[0]} ".join(spelled(part, tree[0]) for part in tree[1:])
            return f"({text})" if inside in ("and", "not") and tree[0] != inside else text
        case "not":
            return f"not {spelled(tree[1], 'not')}"
        case "cmp":
            return f"{spelled(tree[2])} {tree[1]} {spelled(tree[3])}"
        case "name":
            return _spelled(tree)
        case _:
            return f"({', '.join(map(repr, tree[1]))})" if isinstance(tree[1], list) else repr(tree[1])


def settled(tree: Tree, domain_of: Callable[[str, str | None], Domain]) -> Tree:
    """Return the tree with quantities read ('100ms' becomes 0.1), or say what can never hold."""
    kind = tree[0]
    if kind in ("and", "or", "not"):
        return [kind, *(settled(part, domain_of) for part in tree[1:])]
    if kind == "cmp":
        return ["cmp", tree[1], *_settled_sides(tree, domain_of)]
    if kind == "name":
        domain = domain_of(tree[1], tree[2] if len(tree) > 2 else None)
        if domain.kind != "flag":
            raise Malformed(f"`{_spelled(tree)}` is not yes or no: compare it with something")
    return tree


def _settled_sides(tree: Tree, domain_of: Callable[[str, str | None], Domain]) -> tuple[Tree, Tree]:
    _, symbol, left, right = tree
    if left[0] == "const" and right[0] == "name":
        domain = domain_of(*_name(right))
        if symbol in ("in", "not in") and not domain.is_list:
            raise Malformed(f"`{_spelled(right)}` is not a list, so nothing can be in it")
        if symbol not in ("in", "not in"):
            raise Malformed(f"write the name first: `{_spelled(right)} {symbol} ...`")
        return ["const", _possible(left[1], domain, right)], right
    if left[0] != "name":
        raise Malformed("a comparison begins with a name")
    domain = domain_of(*_name(left))
    if domain.is_list:
        raise Malformed(f"`{_spelled(left)}` is a list: write `'x' in {_spelled(left)}`")
    if right[0] == "const":
        value = right[1]
        if symbol in ("in", "not in") and not isinstance(value, list):
            raise Malformed(f"`in` wants a list in parentheses after `{_spelled(left)}`")
        if isinstance(value, list):
            return left, ["const", [_possible(one, domain, left) for one in value]]
        return left, ["const", _possible(value, domain, left)]
    if right[0] == "name":
        domain_of(*_name(right))
    return left, right


def _name(tree: Tree) -> tuple[str, str | None]:
    return tree[1], tree[2] if len(tree) > 2 else None


def _spelled(tree: Tree) -> str:
    return ".".join(tree[1:])


def _possible(value: Any, domain: Domain, name: Tree) -> Any:
    if domain.values and value not in domain.values:
        listed = ", ".join(domain.values)
        raise Malformed(f"`{_spelled(name)}` is never {value!r}; it is one of: {listed}")
    if domain.kind in _QUANTITIES and isinstance(value, str):
        from mlworkflow.quantity import KINDS, Unreadable

        try:
            parsed = KINDS[domain.kind].parse(value)
        except Unreadable as error:
            raise Malformed(f"`{value}` is no {domain.kind}: {error.reason}") from error
        return getattr(parsed, "amount", parsed)
    if domain.kind in ("number", "count", *_QUANTITIES) and isinstance(value, str):
        raise Malformed(f"`{_spelled(name)}` is a number, {value!r} is not")
    return value


_QUANTITIES = ("duration", "rate", "share", "size", "money")
