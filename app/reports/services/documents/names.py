"""Which names a template uses that nothing is called: all of them, before anything is rendered.

What stands in a branch that the sample does not take is looked at too. The shape of what is given
follows from the sample: a dict of shapes, a list with the shape of its items, or a plain value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jinja2 import nodes

from app.reports.services.documents.words import COUNTED, LOOP, path_of

PLAIN = "plain"
ANY = "any"
"""The shape of what was blamed already."""

Shape = Any
"""`{name: shape}`, `[shape]`, PLAIN or ANY."""
Scope = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong with a placeholder, and the line of the template that it stands on."""

    sentence: str
    line: int


def shape_of(value: object) -> Shape:
    """Return the shape of a sample. A list is as its first item, an empty one as any."""
    if isinstance(value, Mapping):
        return {name: shape_of(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0]) if value else ANY]
    return PLAIN


def wrong_names(read: nodes.Template, shape: Mapping[str, Shape]) -> list[Wrong]:
    """Return everything that the template names wrongly, from its top to its bottom."""
    return list(_body(read.body, dict(shape)))


def _body(body: list[nodes.Node], scope: Scope) -> Iterator[Wrong]:
    for node in body:
        if isinstance(node, nodes.For):
            yield from _loop(node, scope)
        elif isinstance(node, nodes.If):
            yield from _expression(node.test, scope)
            yield from _body([*node.body, *node.elif_, *node.else_], scope)
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                yield from _shown(shown, scope)
        else:
            yield from _expression(node, scope)


def _loop(node: nodes.For, scope: Scope) -> Iterator[Wrong]:
    yield from _expression(node.iter, scope)
    shape = _shape(node.iter, scope)
    if shape is not ANY and not isinstance(shape, list):
        sentence = f"“{path_of(node.iter)}” bukan daftar, sehingga tidak dapat diulang."
        yield Wrong(sentence, node.lineno)
    item = shape[0] if isinstance(shape, list) else ANY
    name = node.target.name if isinstance(node.target, nodes.Name) else ""
    inside = {**scope, name: item, "loop": dict.fromkeys(LOOP, PLAIN)}
    if node.test is not None:
        yield from _expression(node.test, inside)
    yield from _body(node.body, inside)
    yield from _body(node.else_, scope)


def _shown(node: nodes.Expr, scope: Scope) -> Iterator[Wrong]:
    yield from _expression(node, scope)
    shape = _shape(node, scope)
    if isinstance(shape, dict):
        some = next(iter(shape), "…")
        yield Wrong(
            f"“{path_of(node)}” berisi beberapa isian. Tulis salah satunya, misalnya"
            f" {path_of(node)}.{some}.",
            node.lineno,
        )
    elif isinstance(shape, list):
        sentence = f"“{path_of(node)}” adalah daftar. Ulangi isinya dengan “for”."
        yield Wrong(sentence, node.lineno)


def _expression(node: nodes.Node, scope: Scope) -> Iterator[Wrong]:
    """Blame each name that nothing is called, at its first unknown part."""
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in scope:
            yield Wrong(_unknown(node.name, node.name, scope), node.lineno)
    elif isinstance(node, nodes.Getattr | nodes.Getitem):
        yield from _expression(node.node, scope)
        yield from _part(node, scope)
    else:
        for child in node.iter_child_nodes():
            yield from _expression(child, scope)


def _part(node: nodes.Getattr | nodes.Getitem, scope: Scope) -> Iterator[Wrong]:
    base = _shape(node.node, scope)
    part = _named(node)
    if base is ANY or (isinstance(base, list) and isinstance(part, int)):
        return
    if not isinstance(base, dict):
        yield Wrong(f"“{path_of(node)}” tidak dikenal.", node.lineno)
    elif part not in base:
        yield Wrong(_unknown(path_of(node), str(part), base), node.lineno)


def _shape(node: nodes.Node, scope: Scope) -> Shape:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, ANY)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        base, part = _shape(node.node, scope), _named(node)
        if isinstance(base, dict):
            return base.get(part, ANY)
        return base[0] if isinstance(base, list) and isinstance(part, int) else ANY
    if isinstance(node, nodes.Filter) and node.node is not None:
        base = _shape(node.node, scope)
        if node.name in ("first", "last"):
            return base[0] if isinstance(base, list) else ANY
        return base if node.name in ("default", COUNTED) else PLAIN
    return PLAIN


def _named(node: nodes.Getattr | nodes.Getitem) -> str | int | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) else None


def _unknown(path: str, part: str, known: Mapping[str, Shape]) -> str:
    near = get_close_matches(part, known, n=1, cutoff=0.6)
    meant = path.removesuffix(part) + near[0] if near else ""
    return f"“{path}” tidak dikenal." + (f" Mungkin maksudnya “{meant}”." if meant else "")
