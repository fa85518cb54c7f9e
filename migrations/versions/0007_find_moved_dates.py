"""find the events that moved due dates."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOVED = sa.text("verb = 'follow_up_extended'")


def upgrade() -> None:
    """Let promises be counted by the few events that they ask for, not by the whole history."""
    op.create_index(
        "ix_events_extended", "events", ["follow_up_id"], sqlite_where=MOVED, postgresql_where=MOVED
    )


def downgrade() -> None:
    """Search the whole history for them again."""
    op.drop_index("ix_events_extended", table_name="events")
