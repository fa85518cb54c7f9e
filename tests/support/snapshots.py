"""What mails say, held against what they said before (`UPDATE_SNAPSHOTS=1` writes that anew)."""

import os
import re
from pathlib import Path

from app.notifications.messages import Letter

SNAPSHOTS = Path(__file__).parents[1] / "web" / "snapshots"
SIGNED_LINK = re.compile(r"/undangan/[\w.-]+")


def check_snapshot(letter: Letter, folder: str, name: str) -> None:
    """Compare the three parts of a mail with their files; a signed link is as good as another."""
    parts = {
        "subject.txt": letter.subject + "\n",
        "body.txt": letter.text,
        "body.html": letter.html,
    }
    for part, written in parts.items():
        said = SIGNED_LINK.sub("/undangan/TAUTAN", written)
        path = SNAPSHOTS / folder / f"{name}.{part}"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(said, encoding="utf-8")
        assert said == path.read_text(encoding="utf-8")
