"""Read YAML into nodes that know their lines; nothing of it is executed.

Only plain mappings, lists and scalars are read: no tags, anchors, aliases or second documents.
"""

from typing import Any

import yaml

from app.core.formatting import file_size
from app.core.imports import Fault, Findings, Node, quote

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 100_000
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {None, "!", *(_TAG + name for name in ("str", "int", "float", "bool", "map", "seq"))}


class Unreadable(Exception):
    """The file as a whole cannot be read; `fault` says where that shows."""

    def __init__(self, line: int, found: str, allowed: str) -> None:
        super().__init__(found)
        self.fault = Fault("berkas", line, quote(found), allowed)


def read_tree(content: bytes, findings: Findings) -> Node | None:
    """Read a file into nodes. None where it cannot be read at all; `findings` then says why."""
    try:
        return _Builder(findings).build(_text(content))
    except Unreadable as refusal:
        findings.faults.append(refusal.fault)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        allowed = f"YAML yang sah ({quote(error.problem or '')})"
        findings.faults.append(Fault("berkas", line, "susunan yang tidak terbaca", allowed))
    except yaml.YAMLError:
        findings.faults.append(Fault("berkas", 1, "huruf kendali", "teks biasa (UTF-8)"))
    return None


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        limit = file_size(MAX_BYTES)
        raise Unreadable(1, f"lebih dari {limit}", f"paling besar {limit}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "bukan UTF-8", "berkas teks UTF-8") from error
    if not text.strip():
        raise Unreadable(1, "berkas kosong", "daftar dalam YAML")
    return text


class _Builder:
    """Build nodes from the parser's events, without recursion and without constructing objects."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.nodes = 0
        self.stack: list[tuple[Node, str | None]] = []
        self.root: Node | None = None

    def build(self, text: str) -> Node:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            mark = event.start_mark
            line = mark.line + 1 if mark is not None else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise Unreadable(line, "jangkar atau rujukan (& atau *)", "tanpa & dan *")
            if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise Unreadable(line, "dokumen kedua (---)", "satu dokumen saja")
            if isinstance(event, yaml.NodeEvent):
                self._open(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
        if self.root is None:
            raise Unreadable(1, "berkas kosong", "daftar dalam YAML")
        return self.root

    def _open(self, event: Any, line: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Unreadable(line, f"lebih dari {MAX_NODES} isian", "berkas yang lebih kecil")
        if event.tag not in _PLAIN_TAGS:
            raise Unreadable(line, f"tag {event.tag}", "tanpa tag")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event.value, line)
            return
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        if self.stack and self._waits_for_key():
            raise Unreadable(line, "kunci yang bukan teks", "nama isian sebagai teks")
        self._place(node)
        self.stack.append((node, None))
        if len(self.stack) > MAX_DEPTH:
            raise Unreadable(line, f"lebih dari {MAX_DEPTH} tingkat", "susunan yang lebih dangkal")

    def _waits_for_key(self) -> bool:
        parent, key = self.stack[-1]
        return isinstance(parent.value, dict) and key is None

    def _scalar(self, value: str, line: int) -> None:
        if self.stack and self._waits_for_key():
            parent, _ = self.stack[-1]
            self.stack[-1] = (parent, value)
        else:
            self._place(Node(value, line))

    def _place(self, node: Node) -> None:
        if not self.stack:
            node.place = "berkas"
            self.root = node
            return
        parent, key = self.stack[-1]
        prefix = "" if parent is self.root else parent.place
        if isinstance(parent.value, list):
            node.place = f"{prefix}[{len(parent.value)}]"
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key is not None:
            node.place = f"{prefix}.{quote(key)}".lstrip(".")
            if key in parent.value:
                self.findings.fault(node, "isian yang sama dua kali", "satu kali saja")
            else:
                parent.value[key] = node
            self.stack[-1] = (parent, None)
