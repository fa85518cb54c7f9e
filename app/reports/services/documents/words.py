"""How what stands in a template is called when it is spoken of."""

from jinja2 import nodes

LOOP = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
"""What a loop tells of itself: `loop.index` counts from one."""

COUNTED = "counted"
"""The filter that the sandbox puts round what each loop goes through."""

_CODE = {
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Macro: "macro",
    nodes.Call: "( … )",
    nodes.CallBlock: "call",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.FilterBlock: "filter",
    nodes.With: "with",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.List: "[ … ]",
    nodes.Dict: "{ … }",
    nodes.Tuple: ",",
    nodes.Slice: "[ : ]",
}


def code_of(node: nodes.Node) -> str:
    """Return how a construct of a template is written."""
    return _CODE.get(type(node), type(node).__name__.lower())


def path_of(node: nodes.Node) -> str:
    """Return a placeholder as it is written: "rapat.nomor"."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Filter) and node.node is not None:
        return path_of(node.node)
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{path_of(node.node)}.{node.arg.value}"
    return "…"
