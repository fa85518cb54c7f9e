"""mail guests and invitations."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DUE = sa.text("fate = 'queued'")
"""SQLite builds the table anew: its partial index is made again."""


def upgrade() -> None:
    """Let a mail go to an address alone, without an account, and carry what a calendar reads."""
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mails_due", sqlite_where=DUE, postgresql_where=DUE)
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(
            sa.Column(
                "calendar",
                sa.String().with_variant(sa.String(collation="C"), "postgresql"),
                nullable=True,
            )
        )
        create_index_again(batch_op)


def downgrade() -> None:
    """Take out the mails to people without an account: before, nothing could show them."""
    mails = sa.table("outgoing_mails", sa.column("id"), sa.column("user_id"))
    told = sa.table("mail_notices", sa.column("mail_id"))
    to_guests = sa.select(mails.c.id).where(mails.c.user_id.is_(None))
    op.execute(told.delete().where(told.c.mail_id.in_(to_guests)))
    op.execute(mails.delete().where(mails.c.user_id.is_(None)))
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mails_due", sqlite_where=DUE, postgresql_where=DUE)
        batch_op.drop_column("calendar")
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        create_index_again(batch_op)


def create_index_again(batch_op: BatchOperations) -> None:
    """Find the mails that are due, as before."""
    batch_op.create_index(
        "ix_outgoing_mails_due",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=DUE,
        postgresql_where=DUE,
    )
