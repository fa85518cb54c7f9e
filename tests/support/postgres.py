"""A real PostgreSQL for the tests: the one that TEST_DATABASE_URL names, or a throwaway one.

    python -m tests.support.postgres -- pytest tests/db    runs a command with TEST_DATABASE_URL set
    python -m tests.support.postgres --find                says what it would use, or fails

The throwaway server lives in a temporary directory, listens on a socket there and nowhere else,
and goes away with the block. It sorts text by Indonesian rules and keeps Makassar time, both
unlike SQLite: whatever forgets its collation or its zone fails here rather than in an office.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

VARIABLE = "TEST_DATABASE_URL"
OLDEST = 15
PROGRAMS = ("initdb", "pg_ctl", "postgres", "createdb")
# The data is thrown away: nothing needs to survive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "Asia/Makassar",
}


class PostgresMissingError(Exception):
    """No PostgreSQL answers at TEST_DATABASE_URL, or none is named and none is installed."""


def find_programs() -> Path:
    """Return the directory of the newest PostgreSQL server's programs on this machine."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = [Path(directory) for directory in os.get_exec_path()]
    for directory in (*debian, *on_path):
        complete = all((directory / program).exists() for program in PROGRAMS)
        if complete and version_of(directory) >= OLDEST:
            return directory
    raise PostgresMissingError(
        f"no PostgreSQL {OLDEST} or newer is installed, and {VARIABLE} names none elsewhere "
        "(postgresql+psycopg://user:password@host/database)"
    )


def find() -> str:
    """Say which PostgreSQL the tests would use; raise if it would not do."""
    url = os.environ.get(VARIABLE)
    if not url:
        return str(find_programs())
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5):
            return VARIABLE
    except psycopg.Error as refusal:
        raise PostgresMissingError(f"nothing answers at {VARIABLE}: {refusal}") from refusal


def version_of(programs: Path) -> int:
    """Return the major version of a server, read from `postgres (PostgreSQL) 15.18 (...)`."""
    said = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(said.split()[2].partition(".")[0])


def server_user() -> str | None:
    """Return whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise PostgresMissingError(
        "running as root, and there is no user postgres to run the server as"
    )


@contextlib.contextmanager
def throwaway_server() -> Iterator[str]:
    """Start a server of its own in a temporary directory; yield the address of its database."""
    programs, user = find_programs(), server_user()
    # Not TMPDIR: a socket's path may have a hundred characters, and the server's user must get in.
    home = Path(tempfile.mkdtemp(prefix="gugus-postgresql-", dir="/tmp"))
    data, said = home / "data", home / "said"
    if user:
        shutil.chown(home, user, user if user == "postgres" else None)

    def run(program: str, *arguments: object) -> None:
        command = [str(programs / program), *map(str, arguments)]
        # Into a file, not a pipe: the server inherits it, and a pipe would never end.
        with said.open("ab") as output:
            done = subprocess.run(
                command,
                user=user,
                group=user if user == "postgres" else None,
                extra_groups=[] if user else None,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{said.read_text()}")

    started = False
    try:
        locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=id"]
        run("initdb", "--pgdata", data, "--username=gugus", "--auth=trust", "--no-sync", *locale)
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        started = True
        run("pg_ctl", "start", "-w", "-D", data, "-o", f"{options} -k {home}")
        run("createdb", "--host", home, "--username=gugus", "gugus_test")
        yield f"postgresql+psycopg://gugus@/gugus_test?host={home}"
    finally:
        if started:
            with contextlib.suppress(RuntimeError):
                run("pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def database_url() -> Iterator[str]:
    """Yield the address of the PostgreSQL database that tests may do with what they like."""
    if given := os.environ.get(VARIABLE):
        yield given
    else:
        with throwaway_server() as url:
            yield url


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command with TEST_DATABASE_URL set, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.postgres")
    parser.add_argument("--find", action="store_true", help="only say what would be used")
    parser.add_argument("command", nargs="*", help="the command to run")
    asked = parser.parse_args(arguments)
    # SIGTERM becomes an exception, so that the server is stopped on that way out, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if asked.find:
            print(f"PostgreSQL: {find()}")
            return 0
        with database_url() as url:
            return subprocess.run(
                asked.command, env=os.environ | {VARIABLE: url}, check=False
            ).returncode
    except PostgresMissingError as missing:
        print(missing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
