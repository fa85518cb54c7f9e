"""`flask demo seed`: the demo regency, for trying the program out."""

import click
from flask import Flask

from app.core import settings
from app.core.commands import OfficeGroup
from app.core.serving import Demo, register_demo
from app.demo import seed as demo

commands = OfficeGroup("demo", help="Daerah contoh untuk mencoba Gugus.")


@commands.command("seed")
def seed() -> None:
    """Bring the demo regency into an empty database; leave any other as it is."""
    if not demo.is_empty():
        click.echo("Basis data sudah berisi; data contoh tidak dimuat.")
        return
    _seed()
    click.echo("Data contoh dimuat.")


@commands.command("sign-ins")
def sign_ins() -> None:
    """Print the accounts to try."""
    click.echo("\n".join(_sign_ins()))


def register_demo_commands(app: Flask) -> None:
    """Add the room's commands, and tell `flask serve` of the demo."""
    app.cli.add_command(commands)
    register_demo(app, Demo(seed=_seed, sign_ins=_sign_ins))


def _seed() -> None:
    if demo.is_empty():
        demo.seed(_password())


def _sign_ins() -> list[str]:
    accounts = [f"  {account.username:<10} {account.stands_for}" for account in demo.SIGN_INS]
    return [f"Kata sandi semua akun contoh: {_password()}", *accounts]


def _password() -> str:
    return demo.demo_password(settings.demo_password(), settings.data_dir())
