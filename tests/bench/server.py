"""The program as it is served in production, and beside it the two references.

    python -m tests.bench.server    serves as `flask serve --no-worker` does

Only this module registers the references: the product does not know them.
"""

import sys

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from app import create_app
from app.agencies.models import Agency
from app.core.access import public
from app.core.db import db
from app.core.serving import serve
from app.core.write import mutation, write
from app.followups.models import FollowUp
from app.instruments.models import Question

PAGE = "/bench/page"
WRITE = "/bench/write"

metadata = MetaData()
notes = Table(
    "bench_notes", metadata, Column("id", Integer, primary_key=True), Column("words", String)
)

TEMPLATE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Acuan</title></head><body><h1>Acuan</h1>
<table><thead><tr><th>Nomor</th><th>Pertanyaan</th><th>Isi</th><th>Instansi</th><th>Keadaan</th>
<th>Batas waktu</th></tr></thead><tbody>
{% for row in rows %}<tr>
<td><a href="/tindak-lanjut/TL-{{ row.year }}-{{ row.seq }}">{{ row.seq }}</a></td>
<td>{{ row.ref }}</td><td>{{ row.title }}</td><td>{{ row.short_name }}</td><td>{{ row.state }}</td>
<td>{{ row.due_at|due }}</td></tr>
{% endfor %}</tbody></table></body></html>"""


def register_references(app: Flask) -> None:
    """Add the two references: a table of 50 rows from one joined query, and one inserted row."""
    template = app.jinja_env.from_string(TEMPLATE)

    @app.get(PAGE)
    @public
    def reference_page() -> str:
        rows = db.session.execute(
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
        ).all()
        return template.render(rows=rows)

    @app.post(WRITE)
    @public
    @mutation
    def reference_write() -> str:
        with write():
            db.session.execute(insert(notes), [{"words": "satu baris"}])
        return "ok"


def main() -> int:
    app = create_app()
    register_references(app)
    return serve(app, with_worker=False)


if __name__ == "__main__":
    sys.exit(main())
