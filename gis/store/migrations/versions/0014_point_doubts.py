"""Doubts about the points of an import, the rows of files, and no options in what was refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

LOCATED = ("household", "incident", "place")

WORDS = {
    "; accept it with --accept-repairs, or": "; accept the repair, or",
    "check the --crs and --datum": "check coordinate system and datum",
    "check the --crs": "check the coordinate system",
    "import again with --swap-axes (": "say so and import again (",
    "fewer with --code-prefix to": "fewer and the first ones of all codes to",
}
"""What earlier releases wrote into stored defects, and what is said now."""


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("doubts", JSONB(), nullable=True))
    for table in LOCATED:
        op.add_column(table, sa.Column("import_row", sa.Integer(), nullable=True))
    for former, now in WORDS.items():
        op.execute(
            sa.text(
                "UPDATE import_defect SET message = replace(message, :former, :now)"
                " WHERE strpos(message, :former) > 0"
            ).bindparams(former=former, now=now)
        )


def downgrade() -> None:
    for table in LOCATED:
        op.drop_column(table, "import_row")
    op.drop_column("import_batch", "doubts")
