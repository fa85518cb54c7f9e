"""Everything that the program is told from outside, read once from the environment.

The names are the program's contract with its operators: `.env.example` and
docs/operating.md list the same ones, and a test holds the three together.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from environs import Env, EnvValidationError

SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of the file, not the key


class ConfigError(click.ClickException):
    """The environment cannot be run with. `faults` lists everything that is wrong with it.

    `flask` commands print it without a traceback and end with status 1.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["these settings cannot be run with:", *faults]))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one process. Durations in seconds."""

    HOST: str
    PORT: int
    DATA_DIR: Path
    DATABASE_URL: str
    SECRET_KEY: str
    PUBLIC_BASE_URL: str
    TIMEZONE: str
    REGENCY_NAME: str = "Kabupaten Kutai Timur"
    MAIL_SERVER: str
    MAIL_PORT: int
    MAIL_USE_TLS: bool
    MAIL_USE_SSL: bool
    MAIL_USERNAME: str
    MAIL_PASSWORD: str
    MAIL_DEFAULT_SENDER: str
    MAIL_REPLY_TO: str
    MAIL_HOLD_SECONDS: int
    TRUSTED_PROXIES: int
    DEMO: bool
    DEMO_PASSWORD: str

    @classmethod
    def from_env(cls) -> "Config":
        """Read the environment. Raises `ConfigError` with every fault, not the first alone."""
        env = Env(eager=False)
        read: dict[str, Any] = {
            "HOST": env.str("HOST", "127.0.0.1"),
            "PORT": env.int("PORT", 8000),
            "DATA_DIR": Path(env.str("DATA_DIR", "data")).resolve(),
            "DATABASE_URL": env.str("DATABASE_URL", ""),
            "SECRET_KEY": env.str("SECRET_KEY", ""),
            "PUBLIC_BASE_URL": env.str("PUBLIC_BASE_URL", "").rstrip("/"),
            "TIMEZONE": env.str("TIMEZONE", "Asia/Makassar"),
            "REGENCY_NAME": env.str("REGENCY_NAME", "Kabupaten Kutai Timur"),
            "MAIL_SERVER": env.str("MAIL_SERVER", ""),
            "MAIL_PORT": env.int("MAIL_PORT", 25),
            "MAIL_USE_TLS": env.bool("MAIL_USE_TLS", False),
            "MAIL_USE_SSL": env.bool("MAIL_USE_SSL", False),
            "MAIL_USERNAME": env.str("MAIL_USERNAME", ""),
            "MAIL_PASSWORD": env.str("MAIL_PASSWORD", ""),
            "MAIL_DEFAULT_SENDER": env.str("MAIL_DEFAULT_SENDER", "") or "gugus@localhost",
            "MAIL_REPLY_TO": env.str("MAIL_REPLY_TO", ""),
            "MAIL_HOLD_SECONDS": env.int("MAIL_HOLD_SECONDS", 120),
            "TRUSTED_PROXIES": env.int("TRUSTED_PROXIES", 0),
            "DEMO": env.bool("DEMO", False),
            "DEMO_PASSWORD": env.str("DEMO_PASSWORD", ""),
        }
        try:
            env.seal()
        except EnvValidationError as error:
            raise ConfigError(
                [f"{name}: {fault}" for name, fault in sorted(_messages(error).items())]
            ) from error
        if faults := _faults(read):
            raise ConfigError(faults)
        if not read["DATABASE_URL"]:
            read["DATABASE_URL"] = f"sqlite:///{read['DATA_DIR'] / 'gugus.sqlite3'}"
        read["DATABASE_URL"] = _with_driver(read["DATABASE_URL"])
        if not read["SECRET_KEY"]:
            read["SECRET_KEY"] = _own_secret_key(read["DATA_DIR"])
        return cls(**read)

    @property
    def public_base_url(self) -> str:
        """Return where people reach the program; without mail, where it listens."""
        return self.PUBLIC_BASE_URL or f"http://{self.HOST}:{self.PORT}"

    def for_flask(self) -> dict[str, Any]:
        """Return these settings and what follows from them, under Flask's names."""
        return {
            **asdict(self),
            "PUBLIC_BASE_URL": self.public_base_url,
            "SQLALCHEMY_DATABASE_URI": self.DATABASE_URL,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.DATABASE_URL),
            "SESSION_COOKIE_SECURE": self.public_base_url.startswith("https://"),
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
            "WTF_CSRF_TIME_LIMIT": None,
            "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        }


def _messages(error: EnvValidationError) -> dict[str, str]:
    found = error.error_messages
    return {name: " ".join(found[name]) for name in found} if isinstance(found, Mapping) else {}


def _faults(read: dict[str, Any]) -> list[str]:
    faults = []
    try:
        ZoneInfo(read["TIMEZONE"])
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"TIMEZONE: {read['TIMEZONE']!r} is no time zone; for example Asia/Makassar")
    base = read["PUBLIC_BASE_URL"]
    if base and not re.fullmatch(r"https?://[^/?#@\s]+", base):
        faults.append(f"PUBLIC_BASE_URL: {base!r} must be https:// or http:// and a host, no path")
    if read["MAIL_SERVER"] and not base:
        faults.append("PUBLIC_BASE_URL: needed with MAIL_SERVER, for mails carry links")
    if read["MAIL_USE_TLS"] and read["MAIL_USE_SSL"]:
        faults.append("MAIL_USE_TLS, MAIL_USE_SSL: choose one of the two")
    if read["DATABASE_URL"] and not read["DATABASE_URL"].startswith(("sqlite:", "postgres")):
        faults.append("DATABASE_URL: must begin with sqlite:/// or postgresql://")
    if read["DATABASE_URL"].startswith("postgres") and not read["SECRET_KEY"]:
        faults.append("SECRET_KEY: needed with PostgreSQL, where several hosts share it")
    if read["SECRET_KEY"] and len(read["SECRET_KEY"]) < 32:
        faults.append("SECRET_KEY: at least 32 characters")
    faults += [
        f"{name}: {read[name]} is no port; 1 to 65535"
        for name in ("PORT", "MAIL_PORT")
        if not 0 < read[name] < 65536
    ]
    faults += [
        f"{name}: {read[name]} must not be negative"
        for name in ("MAIL_HOLD_SECONDS", "TRUSTED_PROXIES")
        if read[name] < 0
    ]
    faults += [
        f"{name}: must be one line"
        for name in ("MAIL_DEFAULT_SENDER", "MAIL_REPLY_TO")
        if set(read[name]) & {"\r", "\n"}
    ]
    return faults


def _with_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme.startswith("postgres") else url


def _engine_options(url: str) -> dict[str, Any]:
    quiet = {"hide_parameters": True}  # an error must not carry what people typed into the log
    if url.startswith("sqlite"):
        return quiet
    return quiet | {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def _own_secret_key(data_dir: Path) -> str:
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / SECRET_KEY_FILE
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
