"""Commands for who has no other way in: `flask accounts ...`."""

import sys

import click
from flask import Flask

from app.accounts import passwords, queries, services
from app.accounts.permissions import Role
from app.core.commands import OfficeGroup
from app.core.errors import DomainError
from app.core.formatting import moment
from app.core.settings import public_url
from app.core.write import write

accounts = OfficeGroup("accounts", help="Accounts: the first administrator, and lost passwords.")


def register_accounts_commands(app: Flask) -> None:
    """Add `flask accounts` to an application."""
    app.cli.add_command(accounts)


@accounts.command("create-admin")
@click.option("--username", prompt="Nama pengguna", help="Lower-case letters, digits, . _ -")
@click.option("--name", prompt="Nama lengkap dengan gelar", help="As written in letters.")
@click.option("--email", default=None, help="Where mails to the person go; none is fine.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--password-prompt", is_flag=True, help="Ask for the password.")
def create_admin(
    username: str,
    name: str,
    email: str | None,
    password_stdin: bool,  # noqa: FBT001 - click passes flags so
    password_prompt: bool,  # noqa: FBT001
) -> None:
    """Make an administrator; without a password, print a one-time code. Twice makes one."""
    there = queries.find_by_login(username) if "@" not in username else None
    if there is not None and there.role is Role.ADMIN and there.is_active:
        click.echo(f"Administrator {there.username} sudah ada; tidak ada yang diubah.")
        return
    try:
        password_hash = _given_password(username, stdin=password_stdin, prompt=password_prompt)
        with write() as actor:
            user = services.create_user(
                actor,
                username=username,
                name=name,
                role=Role.ADMIN,
                email=email,
                password_hash=password_hash,
            )
            code = services.issue_code(actor, user) if password_hash is None else None
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Administrator {user.username} dibuat.")
    if code is None:
        click.echo(f"Masuk di {public_url('/masuk')}")
    else:
        _tell_code(user.username, code)


@accounts.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """Print a one-time code with which USERNAME chooses a new password."""
    try:
        with write() as actor:
            user = queries.get_locked(username.strip().lower())
            code = services.issue_code(actor, user)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    _tell_code(user.username, code)


def _given_password(username: str, *, stdin: bool, prompt: bool) -> str | None:
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif prompt:
        password = click.prompt("Sandi", hide_input=True, confirmation_prompt="Ulangi sandi")
    else:
        return None
    passwords.check_new(password, (username,))
    return passwords.hash_password(password)


def _tell_code(username: str, code: str) -> None:
    user = queries.get_by_username(username)
    until = moment(user.code_expires_at) if user.code_expires_at else "-"
    click.echo(f"Kode sekali pakai: {code} (berlaku sampai {until})")
    click.echo(f"Buka {public_url('/kode')}, isi nama pengguna {username} dan kode itu.")
