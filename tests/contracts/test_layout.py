"""What the tools cannot say about how the code is laid out; docs/architecture.md says why."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
SOURCES = sorted(APP.rglob("*.py"))
ROOMS = sorted(path for path in APP.iterdir() if (path / "__init__.py").exists())
CAPABILITIES = [room for room in ROOMS if room.name not in {"core", "demo"}]

LONGEST_FILE = 400
# Every capability uses the same few names. After them: what one room alone needs, and why there.
ROOM_FILES = {"__init__", "models", "policy", "queries", "services", "forms", "views"} | {
    "messages",
    "labels",
    "cli",
}
OWN_FILES: dict[str, set[str]] = {
    # the one table of who may what, and who acts; how passwords are kept; links and codes
    "accounts": {"permissions", "actors", "passwords", "tokens"},
    "followups": {
        "machine",
        "answers",
        "numbering",
        "position",
    },  # the states; how questions are answered; "TL-…"; whose turn it is
    "history": {"timeline"},  # how an event is told, whatever the room
    "meetings": {"calendar", "tokens"},  # what a calendar reads; links that need no account
    "notifications": {
        "registry",
        "worker",
        "outbox",
        "delivery",
        "calendars",
    },  # who may tell what; a mail's way; what it says to calendars
}
# Follow-ups and meetings have states; the services of their own rooms alone change them.
STATE_CHANGERS = ("app/followups/services", "app/meetings/services")
# What makes code depend on a request being served: it is passed on as an argument instead.
REQUEST_NAMES = {"request", "session", "g", "current_app", "current_user"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), relative(path)))


def serves_no_request(path: Path) -> bool:
    """Tell whether a file belongs to a room above core, and there not to its views."""
    room, *inside = path.relative_to(APP).parts
    return bool(inside) and room != "core" and inside[0].removesuffix(".py") != "views"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_is_short_enough_to_read_in_one_go(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, "split it by use case into a package of the same name"


@pytest.mark.parametrize("room", CAPABILITIES, ids=lambda room: room.name)
def test_who_knows_one_room_knows_them_all(room):
    found = {path.stem for path in room.iterdir() if path.suffix == ".py" or path.is_dir()}
    unknown = found - ROOM_FILES - OWN_FILES.get(room.name, set()) - {"__pycache__", "data"}
    assert not unknown, "name it after its job, or state here why this room alone has it"


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if serves_no_request(path)], ids=relative
)
def test_only_views_and_core_know_that_there_is_a_request(path):
    taken = {
        alias.name
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module in {"flask", "flask_login"}
        for alias in node.names
    }
    assert not taken & REQUEST_NAMES


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if not relative(path).startswith(STATE_CHANGERS)],
    ids=relative,
)
def test_only_services_of_what_has_a_state_change_it(path):
    targets = [
        target
        for node in nodes(path)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    assert not [t for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]


def test_nothing_is_skipped():
    words = {"skip", "skipif", "importorskip", "xfail"}
    skipping = [
        f"{relative(path)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in words
    ]
    assert not skipping, "what a test needs is installed; what cannot hold there is deselected"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_carry_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if line[:1].isalnum()]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert "--index" not in text


def test_the_locks_agree():
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.rstrip(" \\") for line in lines if line[:1].isalnum()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
