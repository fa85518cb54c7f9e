"""The program as it is served in production, and beside it the two references.

    python -m tests.bench.server    serves as `flask serve --no-worker` does

Only this module registers the references: the product does not know them.
"""

import sys
import time
from typing import Any

from flask import Flask, render_template
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from app import create_app
from app.agencies.models import Agency
from app.core.access import public, signed_in
from app.core.db import db
from app.core.serving import serve
from app.core.write import mutation, write
from app.followups.models import FollowUp
from app.instruments.models import Question

PAGE = "/bench/page"
FRAMED = "/bench/framed"
BUSY = "X-Bench-Busy"
WRITE = "/bench/write"

metadata = MetaData()
notes = Table(
    "bench_notes", metadata, Column("id", Integer, primary_key=True), Column("words", String)
)

TABLE = """<table><thead><tr><th>Nomor</th><th>Pertanyaan</th><th>Isi</th><th>Instansi</th>
<th>Keadaan</th><th>Batas waktu</th></tr></thead><tbody>
{% for row in rows %}<tr>
<td><a href="/tindak-lanjut/TL-{{ row.year }}-{{ row.seq }}">{{ row.seq }}</a></td>
<td>{{ row.ref }}</td><td>{{ row.title }}</td><td>{{ row.short_name }}</td><td>{{ row.state }}</td>
<td>{{ row.due_at.strftime("%d-%m-%Y") }}</td></tr>
{% endfor %}</tbody></table>"""
BARE = f"""<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Acuan</title></head><body><h1>Acuan</h1>
{TABLE}</body></html>"""
IN_FRAME = f"""{{% extends "base.html" %}}{{% block heading %}}Acuan{{% endblock %}}
{{% block main %}}{TABLE}{{% endblock %}}"""
SHOWN = (
    select(
        FollowUp.year,
        FollowUp.seq,
        FollowUp.title,
        FollowUp.state,
        FollowUp.due_at,
        Agency.short_name,
        Question.ref,
    )
    .join(FollowUp.agency)
    .outerjoin(FollowUp.question)
    .order_by(FollowUp.id)
    .limit(50)
)


def register_references(app: Flask) -> None:
    """Add the references: a table of 50 rows from one joined query, and one inserted row.

    The framed one is the same table as the product's own pages carry it: for somebody signed in,
    below the masthead and the navigation. It tells how much of a page is not the page.
    """
    bare, framed = app.jinja_env.from_string(BARE), app.jinja_env.from_string(IN_FRAME)

    @app.get(PAGE)
    @public
    def reference_page() -> str:
        return bare.render(rows=db.session.execute(SHOWN).all())

    @app.get(FRAMED)
    @signed_in
    def framed_page() -> str:
        return render_template(framed, rows=db.session.execute(SHOWN).all())

    @app.post(WRITE)
    @public
    @mutation
    def reference_write() -> str:
        with write():
            db.session.execute(insert(notes), [{"words": "satu baris"}])
        return "ok"


def tell_processor_time(app: Flask) -> None:
    """Say with each answer for how long it kept a processor busy: what others do beside it hardly
    changes that. SQLite works in the same thread, PostgreSQL elsewhere."""
    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Any:
        began = time.thread_time()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            headers.append((BUSY, f"{time.thread_time() - began:.6f}"))
            return start_response(status, headers, *rest)

        return inner(environ, start)

    app.wsgi_app = timed  # type: ignore[method-assign]


def main() -> int:
    app = create_app()
    tell_processor_time(app)
    register_references(app)
    return serve(app, with_worker=False)


if __name__ == "__main__":
    sys.exit(main())
