"""Law: POST views change things inside `write()`, GET views do not (docs/architecture.md).

Read from the code: which view reaches `with write()`, itself or through functions of its room.
That a GET sends no write, and what a POST leaves behind, the access ledger shows by requests.
"""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
MODULES = sorted(path for path in APP.rglob("*.py") if "views" in path.as_posix())
SHARED = [APP / "core" / "import_page.py", APP / "core" / "traces.py"]
WITHOUT_A_TRACE = {"sign_out": "the session's cookie is all that it changes"}
TRACES = {"leave_trace"}
"""What a GET may cause: traces of reading, in a short transaction of their own."""


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def called(function: ast.FunctionDef) -> set[str]:
    """Return the names of what a function calls, methods by their last name."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name):
                names.add(target.id)
            elif isinstance(target, ast.Attribute):
                names.add(target.attr)
    return names


def decorated(function: ast.FunctionDef, name: str) -> bool:
    return any(
        name in (getattr(mark, "id", ""), getattr(getattr(mark, "func", None), "attr", ""))
        for mark in function.decorator_list
    )


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0]


ROOMS: dict[str, list[ast.FunctionDef]] = {}
for path in [*MODULES, *SHARED]:
    ROOMS.setdefault(room_of(path), []).extend(functions(path))
VIEWS = [
    pytest.param(room, view, id=f"{room}.{view.name}")
    for room, found in ROOMS.items()
    for view in found
    if decorated(view, "mutation")
]
PAGES = [
    pytest.param(room, view, id=f"{room}.{view.name}")
    for room, found in ROOMS.items()
    for view in found
    if decorated(view, "get")
]


def writers(known: list[ast.FunctionDef], found: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of functions that open `write()`, themselves or by one that they call."""
    more = {
        function.name
        for function in known
        if function.name not in TRACES and called(function) & (found | {"write"})
    }
    return set(found) if more <= found else writers(known, frozenset(found | more))


SHARED_WRITERS = writers(ROOMS["core"])
WRITERS = {room: writers(found) | SHARED_WRITERS for room, found in ROOMS.items()}


def test_there_are_views_to_look_at():
    assert len(VIEWS) > 40
    assert len(PAGES) > 40


@pytest.mark.parametrize(("room", "view"), VIEWS)
def test_a_post_view_writes_inside_write(room, view):
    opens = view.name in WRITERS[room] or called(view) & (SHARED_WRITERS | TRACES)
    assert opens or view.name in WITHOUT_A_TRACE


@pytest.mark.parametrize(("room", "view"), PAGES)
def test_a_get_view_opens_no_write(room, view):
    assert not called(view) & (WRITERS[room] | {"write"})
