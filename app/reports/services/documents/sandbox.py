"""What an office's own Word template may do: name what it is given, loop, ask and format.

A template is uploaded code. It meets plain values alone (dicts, lists, texts, numbers), reaches no
attribute, calls nothing, keeps nothing, and its work is measured: see `Meter`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from app.reports.services.documents.words import COUNTED, LOOP, code_of, path_of

MAX_STEPS = 200_000
MAX_CHARACTERS = 40_000_000
MAX_SECONDS = 20.0
MAX_LOOPS = 120
MAX_DEPTH = 4
MAX_NESTED = 20
"""How many loops and conditions may stand in each other."""

TOO_DEEP = "Terlalu banyak “if”, “for” atau tanda kurung di dalam satu sama lain."
TOO_MUCH = "Templat ini mengulang terlalu banyak. Kurangi pengulangan di dalam pengulangan."

_TAKEN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.Getattr, nodes.Getitem, nodes.For, nodes.If, nodes.CondExpr, nodes.Filter),
    *(nodes.Test, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand),
    *(nodes.Concat, nodes.Add, nodes.Sub),
)


class NotTaken(TemplateSyntaxError):
    """Something that a template may not do, in Indonesian; Jinja's own errors are in English."""


class Meter:
    """How much one rendering may do: passes through loops, characters, seconds."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self.steps = 0
        self.characters = 0
        self.ends = time.monotonic() + seconds

    def loop(self, value: object) -> list[Any]:
        """Count the passes of a loop. Raises SecurityError where it loops over no list."""
        if not isinstance(value, list):
            raise SecurityError("Yang diulang bukan daftar.")
        self.steps += len(value)
        self._check()
        return value

    def concat(self, pieces: Iterable[str]) -> str:
        """Put a rendered text together, and stop where it grows beyond all measure."""
        kept = []
        for piece in pieces:
            kept.append(piece)
            self.characters += len(piece)
            self._check()
        return "".join(kept)

    def _check(self) -> None:
        if self.steps > MAX_STEPS or self.characters > MAX_CHARACTERS:
            raise SecurityError(TOO_MUCH)
        if time.monotonic() > self.ends:
            raise SecurityError(TOO_MUCH)


class Unknown(StrictUndefined):
    """A name that a template uses and that nothing is called. Using it is an error."""

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> Any:
        raise UndefinedError(f"Isian “{self._undefined_name}” tidak dikenal.")

    __iter__ = __str__ = __len__ = _fail_with_undefined_error
    __eq__ = __ne__ = __bool__ = __hash__ = _fail_with_undefined_error
    __contains__ = _fail_with_undefined_error


def _join(value: object, mark: str = "") -> str:
    if not isinstance(value, list):
        raise SecurityError("“join” hanya untuk daftar.")
    return Markup(escape(mark)).join(escape(item) for item in value)  # noqa: S704 - escaped


def _text(change: Callable[[str], str]) -> Callable[[object], str]:
    return lambda value: change(str(value))


_FILTERS: dict[str, Callable[..., Any]] = {
    "upper": _text(str.upper),
    "lower": _text(str.lower),
    "title": _text(str.title),
    "capitalize": _text(str.capitalize),
    "trim": _text(str.strip),
    "length": lambda value: len(value) if isinstance(value, str | list) else 0,
    "first": lambda value: value[0] if isinstance(value, list) and value else "",
    "last": lambda value: value[-1] if isinstance(value, list) and value else "",
    "join": _join,
    "default": lambda value, instead="", _empty=True: value or instead,
}
_TESTS: dict[str, Callable[..., bool]] = {
    "even": lambda number: number % 2 == 0,
    "odd": lambda number: number % 2 == 1,
}
FILTERS = tuple(_FILTERS)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one rendering of one template."""

    def __init__(self, meter: Meter | None = None) -> None:
        self.meter = meter or Meter()
        super().__init__(autoescape=True, undefined=Unknown, cache_size=0)
        self.globals.clear()
        self.filters = {**_FILTERS, COUNTED: self.meter.loop}
        self.tests = dict(_TESTS)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Read a template and refuse what it may not do; each loop is counted."""
        try:
            read = super()._parse(source, name, filename)
            refuse(read)
        except RecursionError as error:
            raise NotTaken(TOO_DEEP, 1) from error
        for loop in list(read.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, COUNTED, [], [], None, None, lineno=loop.lineno)
        return read

    def concat(self, pieces: Iterable[str]) -> str:
        """Put a rendered text together, measured."""
        return self.meter.concat(pieces)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what a dict holds under a name, and what a loop tells; nothing of objects."""
        return self._inside(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return what a dict holds under a name or a list at a place; nothing of objects."""
        if isinstance(obj, list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self._unknown(argument)
        return self._inside(obj, argument)

    def call(__self, __context: Any, __obj: Any, *_args: Any, **_kwargs: Any) -> Any:  # noqa: N805
        """Call nothing."""
        raise SecurityError("Templat tidak dapat memanggil fungsi.")

    def _inside(self, obj: Any, name: Any) -> Any:
        if isinstance(obj, dict) and name in obj:
            return obj[name]
        if isinstance(obj, LoopContext) and name in LOOP:
            return getattr(obj, name)
        return self._unknown(name)

    def _unknown(self, name: Any) -> Undefined:
        return self.undefined(name=str(name))


def refuse(read: nodes.Template) -> None:
    """Raise NotTaken, in Indonesian, for the first thing that a template may not do."""
    for node in _all(read):
        if (reason := _reason(node)) is not None:
            raise NotTaken(reason, node.lineno)
    if _depth(read.body, nodes.For, nodes.If) > MAX_NESTED:
        raise NotTaken(TOO_DEEP, 1)
    loops = list(read.find_all(nodes.For))
    if len(loops) > MAX_LOOPS or _depth(read.body, nodes.For) > MAX_DEPTH:
        raise NotTaken(TOO_MUCH, loops[-1].lineno)


def _all(node: nodes.Node) -> Iterable[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _reason(node: nodes.Node) -> str | None:
    if not isinstance(node, _TAKEN):
        return f"“{code_of(node)}” tidak dapat dipakai dalam templat."
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return f"“| {node.name}” tidak dikenal. Yang ada: {', '.join(FILTERS)}."
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        return f"“is {node.name}” tidak dapat dipakai. Cukup “if” dengan nama isiannya."
    if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
        return "Pengulangan ditulis “for … in …” dengan satu nama."
    if isinstance(node, nodes.Getattr | nodes.Getitem) and "__" in path_of(node):
        return f"“{path_of(node)}” tidak dapat dipakai dalam templat."
    return None


def _depth(body: Sequence[nodes.Node], *kinds: type[nodes.Node]) -> int:
    """Return how many nodes of these kinds stand in each other at most."""
    deepest = 0
    for node in body:
        inside = [child for child in node.iter_child_nodes() if isinstance(child, nodes.Stmt)]
        deepest = max(deepest, isinstance(node, kinds) + _depth(inside, *kinds))
    return deepest
