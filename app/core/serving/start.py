"""From a folder to a served office: prepare, listen, start the worker, serve, end both."""

import gc
import logging
import signal
import threading
import time
from collections.abc import Sequence
from types import FrameType

import click
from alembic.util import CommandError
from flask import Flask
from flask_migrate import upgrade
from werkzeug.test import Client

from app.core import assets, health, logs
from app.core.data_lock import hold_data_dir
from app.core.db import db
from app.core.serving.demo import EXTENSION as DEMO
from app.core.serving.demo import Demo
from app.core.serving.web import WebServer
from app.core.serving.worker import COMMAND, WorkerProcess

log = logging.getLogger(__name__)

# An operator's patience (and systemd's, doubled): everything has ended by then.
SHUTDOWN_SECONDS = 28


def serve(app: Flask, *, with_worker: bool = True, command: Sequence[str] = COMMAND) -> int:
    """Serve until SIGTERM, Ctrl-C or the worker's end; return the exit status.

    0: told to stop, and everything in flight was finished. 1: the worker ended by itself.
    Raises ClickException, in a sentence for the operator, where it cannot start.
    """
    with hold_data_dir(app.config["DATA_DIR"]):
        with app.app_context():
            prepare(app)
        web = _listen(app)
        _announce(app)
        logs.log_to_stdout()
        return _run(app, web, WorkerProcess(command) if with_worker else None)


def prepare(app: Flask) -> None:
    """Bring disk, schema, static files and, where it is asked for, the demo in order."""
    try:
        health.check_storage()
    except (health.Unready, OSError) as error:
        raise click.ClickException(f"DATA_DIR cannot be used: {error}") from error
    migrate()
    if not assets.use_built(app):
        assets.build(app)
        assets.use_built(app)
    demo: Demo | None = app.extensions.get(DEMO)
    if app.config["DEMO"] and demo is not None:
        demo.seed()
    db.session.remove()


def migrate() -> None:
    """Bring the schema to the program's newest. Refuses the schema of a newer program."""
    found, head = health.schema_revision(), health.head_revision()
    db.session.remove()
    if found == head:
        return
    try:
        health.scripts().get_revision(found or "base")
    except CommandError as error:
        raise click.ClickException(
            f"the database is at migration {found}, which this version of Gugus does not have:"
            " it was used by a newer one"
        ) from error
    upgrade(directory=str(health.MIGRATIONS))


def _listen(app: Flask) -> WebServer:
    host, port = app.config["HOST"], app.config["PORT"]
    try:
        return WebServer(app, host, port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _announce(app: Flask) -> None:
    click.echo(f"Gugus: {app.config['PUBLIC_BASE_URL']}  (Ctrl-C ends it)")
    demo: Demo | None = app.extensions.get(DEMO)
    if app.config["DEMO"] and demo is not None:
        with app.app_context():
            for line in demo.sign_ins():
                click.echo(line)


def _run(app: Flask, web: WebServer, worker: WorkerProcess | None) -> int:
    told = threading.Event()
    failed = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        told.set()
        if worker is not None:
            worker.stop()
        web.stop()

    def on_end_of_worker(status: int) -> None:
        if not told.is_set():
            log.error("the mail worker ended by itself", extra={"status": status})
            failed.set()
            web.stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if worker is not None:
        worker.when_it_ends(on_end_of_worker)
    threading.Thread(target=_warm, args=(app,), daemon=True).start()
    log.info("ready")
    try:
        web.run()
    finally:
        began = time.monotonic()
        if worker is not None:
            worker.stop()
            worker.wait(max(1.0, SHUTDOWN_SECONDS - (time.monotonic() - began)))
    with app.app_context():
        db.engine.dispose()
    log.info("stopped")
    return 1 if failed.is_set() else 0


def _warm(app: Flask) -> None:
    """Do beforehand what first visits would wait for, then hide it from the garbage collector.

    What lives as long as the process needs no looking through: the slowest pages get four times
    quicker.
    """
    Client(app).get("/health/ready")
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()
