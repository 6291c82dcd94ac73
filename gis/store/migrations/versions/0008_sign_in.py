"""Sessions on the server, waits instead of locks, and passwords that must be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    must: sa.Column[bool] = sa.Column(
        "password_must_change", sa.Boolean(), server_default="false", nullable=False
    )
    op.add_column("user_account", must)
    op.add_column("user_account", sa.Column("last_sign_in_at", MOMENT, nullable=True))
    for name in ("failed_logins", "locked_until", "session_epoch"):
        op.drop_column("user_account", name)
    op.create_table(
        "user_session",
        sa.Column("token_digest", sa.Text(), nullable=False),
        _user(),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_user_session"),
        _gone_with_user("user_session"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    op.create_table(
        "sign_in_wait",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("wait_until", MOMENT, nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_sign_in_wait"),
    )
    op.create_index("ix_sign_in_wait_last_at", "sign_in_wait", ["last_at"])
    op.create_table(
        "sign_in_place",
        _user(),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "place", name="pk_sign_in_place"),
        _gone_with_user("sign_in_place"),
    )


def _user() -> sa.Column:
    return sa.Column("user_id", sa.Integer(), nullable=False)


def _gone_with_user(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_user_id_user_account"
    return sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("sign_in_place", "sign_in_wait", "user_session"):
        op.drop_table(table)
    for name in ("failed_logins", "session_epoch"):
        number = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("user_account", number)
    op.add_column("user_account", sa.Column("locked_until", MOMENT, nullable=True))
    for name in ("last_sign_in_at", "password_must_change"):
        op.drop_column("user_account", name)
