"""What rooms need of the running application, so that they need not know Flask's."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app

MAX_FILE_BYTES = 20 * 1024 * 1024


def mail_hold() -> timedelta:
    """Return how long news is held back, and so how long a decision can be undone."""
    return timedelta(seconds=current_app.config["MAIL_HOLD_SECONDS"])


def mail_sender() -> str:
    """Return whom mails come from: an address, or a name and an address."""
    sender: str = current_app.config["MAIL_DEFAULT_SENDER"]
    return sender


def demo_password() -> str:
    """Return the password that was chosen for every account of the demo; "" where none was."""
    password: str = current_app.config["DEMO_PASSWORD"]
    return password


def data_dir() -> Path:
    """Return the folder of everything that a running office keeps outside its database."""
    folder: Path = current_app.config["DATA_DIR"]
    return folder


def files_dir() -> Path:
    """Return the folder of stored bytes."""
    return data_dir() / "files"


def regency_name() -> str:
    """Return what the regency is called ("Kabupaten Kutai Timur")."""
    name: str = current_app.config["REGENCY_NAME"]
    return name


def public_url(path: str) -> str:
    """Return the address of a path as people outside reach it."""
    base: str = current_app.config["PUBLIC_BASE_URL"]
    return base + path


def render(template: str, context: Mapping[str, Any]) -> str:
    """Render a template that no request asked for (a mail), without what pages are given."""
    return current_app.jinja_env.get_template(template).render(context)


def secret_key() -> str:
    """Return the key that signs links and keeps digests of codes worthless elsewhere."""
    key: str = current_app.config["SECRET_KEY"]
    return key


def extension(name: str) -> Any:
    """Return what a room registered with the running application under a name."""
    return current_app.extensions[name]
