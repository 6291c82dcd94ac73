"""What was stored as if its clock showed UTC becomes the right moment, once, and is told."""

import pytest
from sqlalchemy import text

from gis.database import migrate

ROWS = """
INSERT INTO division_unit (id, code, level, name, parent_id, geom, valid_from, metric_epsg) VALUES
    (1, '522632000000', 'county', '榕江县', NULL, NULL, '2026-01-01', NULL),
    (2, '522632100000', 'town', '古州镇', 1, NULL, '2026-01-01', NULL),
    (3, '522632100001', 'community', '梨子园社区', 2,
     ST_GeomFromText('MULTIPOLYGON(((108 25, 109 25, 109 26, 108 26, 108 25)))', 4326),
     '2026-01-01', 4545);
INSERT INTO data_source (id, name, attribution, synthetic) VALUES (1, 'town', '', true);
INSERT INTO import_batch (id, kind, file_name, sha256, state, source_id) VALUES
    (1, 'incidents', '事件.csv', 'a', 'committed', NULL),
    (2, 'incidents', 'events.GPKG', 'b', 'committed', NULL),
    (3, 'incidents', 'town (synthetic)', 'c', 'committed', 1);
INSERT INTO topic (code, name_zh, name_en, category) VALUES ('noise', '噪声', 'Noise', 'e');
INSERT INTO incident (number, topic, occurred_at, closed_at, status, import_batch_id) VALUES
    ('morning', 'noise', '2024-05-01 07:30Z', NULL, 'none', 1),
    ('closed', 'noise', '2024-04-30 23:59Z', '2024-05-02 00:00Z', 'none', 3),
    ('utc', 'noise', '2024-05-01 07:30Z', NULL, 'none', 2);
"""
BEFORE = "0008"


@pytest.fixture
def old_engine(unmigrated_engine):
    engine = unmigrated_engine
    migrate.upgrade(engine, BEFORE)
    with engine.begin() as connection:
        for statement in filter(str.strip, ROWS.split(";\n")):
            connection.execute(text(statement))
    return engine


def times(engine) -> dict[str, tuple]:
    query = text(
        "SELECT number, to_char(occurred_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI'),"
        " to_char(closed_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') FROM incident"
    )
    with engine.connect() as connection:
        return {number: tuple(found) for number, *found in connection.execute(query)}


def test_times_on_local_clocks_become_moments_and_those_of_geopackages_stay(old_engine):
    said = []
    before = times(old_engine)
    migrate.upgrade(old_engine, time_zone="Asia/Shanghai", say=said.append)
    assert times(old_engine) == {
        "morning": ("04-30 23:30", None),
        "closed": ("04-30 15:59", "05-01 16:00"),
        "utc": ("05-01 07:30", None),
    }
    assert len(said) == 1 and said[0].startswith("2 incidents") and "(1 from" in said[0]
    with old_engine.connect() as connection:
        assert connection.scalar(text("SHOW timezone")) == "Asia/Shanghai"
        digests = connection.execute(text("SELECT id, sha256 FROM import_batch ORDER BY id")).all()
    assert [tuple(d) for d in digests] == [(1, None), (2, None), (3, "c")]
    migrate.downgrade(old_engine, BEFORE)
    assert times(old_engine) == before


def test_the_hours_of_changing_clocks_follow_the_one_rule(old_engine):
    with old_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE incident SET occurred_at = '2024-03-31 02:30Z',"
                " closed_at = '2024-03-31 03:10Z' WHERE number = 'closed'"
            )
        )
        connection.execute(
            text("UPDATE incident SET occurred_at = '2024-10-27 02:30Z' WHERE number = 'morning'")
        )
    migrate.upgrade(old_engine, time_zone="Europe/Zurich")
    found = times(old_engine)
    assert found["closed"] == ("03-31 01:30", "03-31 01:30"), "never closed before it occurred"
    assert found["morning"] == ("10-27 00:30", None), "the first of the two hours"


def test_an_upgrade_of_an_empty_database_has_nothing_to_tell(unmigrated_engine):
    engine, said = unmigrated_engine, []
    migrate.upgrade(engine, say=said.append)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT time_zone FROM platform")) == "Asia/Shanghai"
    assert said == []
