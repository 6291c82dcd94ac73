"""One table of what is counted in blocks, by measure and month, filled from the rows themselves.

It takes the place of ``block_load`` and ``block_incident_count``, which tell nothing that the rows
do not. Ages are counted on the day of the upgrade, on the platform's clocks, and five years ahead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

UNDATED = "DATE '0001-01-01'"
FILL = f"""
WITH household_in AS (
    SELECT h.* FROM household h JOIN block b ON b.id = h.block_id AND b.retired_at IS NULL
    WHERE h.status = 'accepted'
), incident_in AS (
    SELECT i.*, date_trunc('month', i.occurred_at)::date AS month
    FROM incident i JOIN block b ON b.id = i.block_id AND b.retired_at IS NULL
    WHERE i.status = 'accepted'
), old AS (
    SELECT h.block_id, h.id, r.category, CASE WHEN r.birth_date IS NOT NULL THEN
        (r.birth_date + interval '65 years')::date
        + (extract(day FROM r.birth_date + interval '65 years')
           <> extract(day FROM r.birth_date))::int END AS since
    FROM household_in h JOIN resident r ON r.household_id = h.id
), ages AS (
    SELECT block_id, 'key_people' AS measure,
           CASE WHEN category = 'floating' OR since <= current_date THEN {UNDATED}
                ELSE since END AS since
    FROM old
    UNION ALL
    SELECT block_id, 'special_care',
           CASE WHEN min(since) <= current_date THEN {UNDATED} ELSE min(since) END
    FROM old GROUP BY block_id, id
)
INSERT INTO block_count (block_id, measure, month, day, n)
SELECT block_id, 'households', {UNDATED}, 1, count(*) FROM household_in GROUP BY 1
UNION ALL
SELECT block_id, 'people', {UNDATED}, 1, sum(people) FROM household_in
GROUP BY 1 HAVING sum(people) > 0
UNION ALL
SELECT block_id, measure, since - (extract(day FROM since)::int - 1), extract(day FROM since),
       count(*)
FROM ages WHERE since <= current_date + interval '5 years' GROUP BY 1, 2, since
UNION ALL
SELECT h.block_id, 'entrances:' || concat_ws('-', a.building, a.stairwell), {UNDATED}, 1, count(*)
FROM household_in h JOIN address a ON a.id = h.address_id
WHERE coalesce(a.building, a.stairwell) IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT p.block_id, 'places', {UNDATED}, 1, count(*)
FROM place p JOIN block b ON b.id = p.block_id AND b.retired_at IS NULL
WHERE p.status = 'accepted' GROUP BY 1
UNION ALL
SELECT block_id, 'incidents:' || topic, month, 1, count(*) FROM incident_in GROUP BY 1, 2, month
UNION ALL
SELECT i.block_id, 'open_incidents', {UNDATED}, 1, count(*)
FROM incident_in i JOIN topic t ON t.code = i.topic AND NOT t.sensitive
WHERE i.closed_at IS NULL GROUP BY 1
"""

BACK = (
    """
    INSERT INTO block_load (block_id, households, people)
    SELECT b.id, coalesce(h.n, 0), coalesce(p.n, 0) FROM block b
    LEFT JOIN block_count h ON h.block_id = b.id AND h.measure = 'households'
    LEFT JOIN block_count p ON p.block_id = b.id AND p.measure = 'people'
    WHERE b.retired_at IS NULL
    """,
    """
    INSERT INTO block_incident_count (block_id, topic, month, incidents)
    SELECT block_id, substr(measure, length('incidents:') + 1), month, n
    FROM block_count WHERE measure LIKE 'incidents:%'
    """,
)


def upgrade() -> None:
    op.create_table(
        "block_count",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(collation="C"), nullable=False),
        sa.Column("month", sa.Date(), server_default=sa.text("'0001-01-01'"), nullable=False),
        sa.Column("day", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column(
            "counted_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_block_count_n_is_positive")),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_block_count_month_is_a_first")
        ),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name=op.f("ck_block_count_day_is_of_a_month")),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["block.id"],
            name=op.f("fk_block_count_block_id_block"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "block_id", "measure", "month", "day", name=op.f("pk_block_count")
        ),
    )
    zone = op.get_bind().scalar(sa.text("SELECT time_zone FROM platform"))
    op.execute(sa.text("SELECT set_config('TimeZone', :zone, true)").bindparams(zone=zone))
    op.get_bind().exec_driver_sql(FILL.replace("%", "%%"))
    op.create_index("ix_block_count_measure_month", "block_count", ["measure", "month"])
    op.drop_table("block_incident_count")
    op.drop_table("block_load")


def downgrade() -> None:
    op.create_table(
        "block_load",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "counted_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint(
            "households >= 0 AND people >= 0", name=op.f("ck_block_load_counts_are_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"], ["block.id"], name=op.f("fk_block_load_block_id_block"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_block_load")),
    )
    op.create_table(
        "block_incident_count",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column(
            "counted_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_block_incident_count_month_is_a_first")
        ),
        sa.CheckConstraint(
            "incidents > 0", name=op.f("ck_block_incident_count_incidents_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["block.id"],
            name=op.f("fk_block_incident_count_block_id_block"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic"], ["topic.code"], name=op.f("fk_block_incident_count_topic_topic")
        ),
        sa.PrimaryKeyConstraint("block_id", "topic", "month", name=op.f("pk_block_incident_count")),
    )
    op.create_index(
        "ix_block_incident_count_topic_month", "block_incident_count", ["topic", "month"]
    )
    for statement in BACK:
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
    op.drop_table("block_count")
