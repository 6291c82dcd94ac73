"""One time zone of the platform; times that files told on local clocks become the right moments.

Until now a time without a zone was stored as if it were one of UTC, and months were counted in
UTC. What the database knows of a stored time is the file it came from, not how it was written
there, so the rule goes by file: a GeoPackage tells its times in UTC (its standard says so), and
they stay; all others were times on local clocks, and become moments of the platform's zone. A
file other than a GeoPackage that did write zones (``+08:00``) is moved wrongly by that: the
digests of imported files are forgotten, so that it can be imported once more. Invented towns
never write zones and keep their digests.
"""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"

DEFAULT = "Asia/Shanghai"
ON_LOCAL_CLOCKS = "import_batch_id IN (SELECT id FROM import_batch WHERE file_name NOT ILIKE '%.gpkg')"

RECOUNT = """
INSERT INTO block_incident_count (block_id, topic, month, incidents)
SELECT block_id, topic, date_trunc('month', occurred_at)::date, count(*) FROM incident
WHERE block_id IS NOT NULL AND status = 'accepted' GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    op.create_table(
        "platform",
        sa.Column("id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_platform_is_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
    )
    attributes = context.config.attributes
    zone = attributes.get("time_zone") or DEFAULT
    connection = op.get_bind()
    connection.execute(sa.text("INSERT INTO platform (time_zone) VALUES (:zone)"), {"zone": zone})
    moved, stayed = convert(connection, ZoneInfo(zone))
    forget_digests()
    recount(zone)
    say = attributes.get("say")
    if say and moved + stayed:
        say(
            f"{moved:,} incidents were stored as if their clocks showed UTC; they are moments of"
            f" {zone} now ({stayed:,} from GeoPackages stay). Months are counted again. A file"
            " that did write zones, such as 07:30+08:00, has to be imported once more."
        )


def convert(connection: sa.Connection, zone: ZoneInfo) -> tuple[int, int]:
    """Move what was told on local clocks; gives how many moved and how many stay."""
    connection.execute(sa.text("SET LOCAL TimeZone TO 'UTC'"))
    times = sa.text(
        f"SELECT occurred_at FROM incident WHERE {ON_LOCAL_CLOCKS} UNION"
        f" SELECT closed_at FROM incident WHERE {ON_LOCAL_CLOCKS} AND closed_at IS NOT NULL"
    )
    pairs = [{"a": t, "b": moment_of(t, zone)} for t in connection.scalars(times)]
    connection.execute(sa.text("CREATE TEMP TABLE moved_time (a timestamptz, b timestamptz)"))
    if pairs:
        connection.execute(sa.text("INSERT INTO moved_time VALUES (:a, :b)"), pairs)
    connection.execute(sa.text("CREATE UNIQUE INDEX ON moved_time (a)"))
    connection.execute(sa.text("ANALYZE moved_time"))
    moved = connection.execute(
        sa.text(
            "UPDATE incident i SET occurred_at = o.b, closed_at = CASE WHEN c.b > o.b THEN c.b"
            " WHEN c.b IS NOT NULL THEN o.b END"
            " FROM incident s JOIN moved_time o ON o.a = s.occurred_at"
            " LEFT JOIN moved_time c ON c.a = s.closed_at"
            f" WHERE s.id = i.id AND s.{ON_LOCAL_CLOCKS}"
        )
    ).rowcount
    connection.execute(sa.text("DROP TABLE moved_time"))
    return moved, connection.scalar(sa.text("SELECT count(*) FROM incident")) - moved


def moment_of(stored, zone: ZoneInfo):
    """Read the clock of a stored time as one of the zone (the offset before a change of clocks)."""
    return stored.replace(tzinfo=None).replace(tzinfo=zone, fold=0).astimezone(UTC)


def forget_digests() -> None:
    op.execute(
        "UPDATE import_batch b SET sha256 = NULL WHERE kind = 'incidents' AND NOT EXISTS"
        " (SELECT 1 FROM data_source s WHERE s.id = b.source_id AND s.synthetic)"
    )


def recount(zone: str) -> None:
    op.execute(sa.text("SELECT set_config('TimeZone', :zone, true)").bindparams(zone=zone))
    op.execute("DELETE FROM block_incident_count")
    op.execute(RECOUNT)


def downgrade() -> None:
    connection = op.get_bind()
    zone = connection.scalar(sa.text("SELECT time_zone FROM platform"))
    connection.execute(sa.text("SELECT set_config('TimeZone', :zone, true)"), {"zone": zone})
    op.execute(
        "UPDATE incident SET occurred_at = occurred_at::timestamp AT TIME ZONE 'UTC',"
        " closed_at = CASE WHEN closed_at IS NOT NULL THEN greatest(occurred_at::timestamp,"
        f" closed_at::timestamp) AT TIME ZONE 'UTC' END WHERE {ON_LOCAL_CLOCKS}"
    )
    recount("UTC")
    op.drop_table("platform")
