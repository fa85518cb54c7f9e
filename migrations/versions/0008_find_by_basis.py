"""find follow-ups by their basis."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a list be narrowed to what one page decided."""
    op.create_index("ix_follow_ups_basis_url", "follow_ups", ["basis_url"])


def downgrade() -> None:
    """Search all of them again."""
    op.drop_index("ix_follow_ups_basis_url", table_name="follow_ups")
