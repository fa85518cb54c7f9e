"""keep when carried items were due."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let minutes say from when to when a due time was moved, long after it was."""
    with op.batch_alter_table("carried_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("was_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget when they were due before."""
    with op.batch_alter_table("carried_items", schema=None) as batch_op:
        batch_op.drop_column("was_due_at")
