"""keep letterhead and templates."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Give the letterhead one row, and each replaced template a row of its own."""
    op.create_table(
        "letterheads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("government", TEXT, nullable=False),
        sa.Column("office", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("signer_position", TEXT, nullable=False),
        sa.Column("signer_name", TEXT, nullable=False),
        sa.Column("signer_rank", TEXT, nullable=False),
        sa.Column("signer_number", TEXT, nullable=False),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_letterheads_one_row")),
        sa.ForeignKeyConstraint(
            ["logo_id"], ["stored_files.id"], name=op.f("fk_letterheads_logo_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_letterheads_changed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterheads")),
    )
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_template_versions_file_id_stored_files"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name=op.f("fk_template_versions_added_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_template_versions_kind_number")),
    )
    with op.batch_alter_table("template_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_template_versions_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    """Forget letterhead and replaced templates; the files stay stored until they are swept."""
    with op.batch_alter_table("template_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_template_versions_file_id"))
    op.drop_table("template_versions")
    op.drop_table("letterheads")
