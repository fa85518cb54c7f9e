"""The bytes: kept once per content hash, written so that a crash leaves nothing half.

`put` runs before any write lock and leaves the bytes on disk; `remember`, inside `write()`, gives
them their row. Bytes without a row are swept after a day.
"""

from app.core.storage.files import (
    StoredBytes,
    blank,
    erase,
    open_stored,
    path_of,
    put,
    remember,
    send,
    sweep_orphans,
)
from app.core.storage.formats import LINK, MediaType, accept, label_of, media_types
from app.core.storage.images import taken_on

__all__ = [
    "LINK",
    "MediaType",
    "StoredBytes",
    "accept",
    "blank",
    "erase",
    "label_of",
    "media_types",
    "open_stored",
    "path_of",
    "put",
    "remember",
    "send",
    "sweep_orphans",
    "taken_on",
]
