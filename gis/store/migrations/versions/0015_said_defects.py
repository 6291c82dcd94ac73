"""What is wrong with a row, kept so that it can be said in the language of who reads it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("import_defect", sa.Column("said", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_defect", "said")
