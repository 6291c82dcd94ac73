"""A database of an earlier release counts, after the upgrade, what its rows are; and back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database import migrate
from gis.store.counts.recount import recount

ROWS = """
INSERT INTO division_unit (id, code, level, name, parent_id, geom, valid_from, metric_epsg) VALUES
    (1, '522632000000', 'county', '榕江县', NULL, NULL, '2026-01-01', NULL),
    (2, '522632100000', 'town', '古州镇', 1, NULL, '2026-01-01', NULL),
    (3, '522632100001', 'community', '梨子园社区', 2,
     ST_GeomFromText('MULTIPOLYGON(((108 25, 109 25, 109 26, 108 26, 108 25)))', 4326),
     '2026-01-01', 4545);
INSERT INTO import_batch (id, kind, file_name, sha256, state) VALUES
    (1, 'x', 'x', 'a', 'committed');
INSERT INTO block_build (id, community_id, input_digest, built_at) VALUES (1, 3, 'x', now());
INSERT INTO block (id, build_id, community_id, number, area_m2, geom, retired_at)
SELECT n, 1, 3, n, 1, ST_GeomFromText('MULTIPOLYGON(((108 25, 109 25, 109 26, 108 26, 108 25)))',
       4326), CASE WHEN n = 9 THEN now() END FROM generate_series(1, 9) n;
INSERT INTO address (id, text, building, stairwell, import_batch_id) VALUES (1, '3-1', '3', '1', 1);
INSERT INTO household (number, people, community_id, block_id, address_id, status, import_batch_id)
SELECT 'H' || n, n % 4, 3, 1 + n % 9, CASE WHEN n % 3 = 0 THEN 1 END,
       CASE WHEN n % 7 = 0 THEN 'review' ELSE 'accepted' END, 1 FROM generate_series(1, 60) n;
INSERT INTO resident (household_id, name, birth_date, category, import_batch_id)
SELECT id, '某',
       (current_date - interval '65 years')::date + (substr(number, 2)::int - 30) * 50 + m,
       CASE WHEN m = 0 THEN 'floating' ELSE 'registered' END, 1
FROM household, generate_series(0, 2) m WHERE number <> 'H1' OR m = 1;
INSERT INTO place (name, community_id, block_id, status, import_batch_id) VALUES
    ('店', 3, 2, 'accepted', 1), ('校', 3, 2, 'accepted', 1), ('院', 3, 9, 'accepted', 1);
INSERT INTO incident (number, topic, occurred_at, closed_at, community_id, block_id, status,
                      import_batch_id)
SELECT 'E' || n, CASE WHEN n % 4 = 0 THEN 'neighbour_dispute' ELSE 'noise' END, at,
       CASE WHEN n % 2 = 0 THEN at END, 3, 1 + n % 9, 'accepted', 1
FROM generate_series(1, 40) n,
     LATERAL (SELECT TIMESTAMPTZ '2026-01-31 06:30Z' + n * interval '9 hours' AS at) t;
INSERT INTO block_load (block_id, households, people) SELECT id, 1, 1 FROM block;
INSERT INTO block_incident_count (block_id, topic, month, incidents) VALUES
    (1, 'noise', '2026-01-01', 77)
"""
BEFORE = "0018"


@pytest.fixture
def old_engine(unmigrated_engine):
    engine = unmigrated_engine
    migrate.upgrade(engine, BEFORE)
    with engine.begin() as connection:
        for statement in filter(str.strip, ROWS.split(";\n")):
            connection.execute(text(statement))
    return engine


def rows(session, query):
    return sorted(map(tuple, session.execute(text(query))))


def test_counts_are_made_from_the_rows_whatever_was_counted_before(old_engine):
    migrate.upgrade(old_engine)
    counts = "SELECT block_id, measure, month, day, n FROM block_count"
    with Session(old_engine) as session:
        found = rows(session, counts)
        assert {row[1] for row in found} == {
            "households", "people", "key_people", "special_care", "entrances:3-1", "places",
            "incidents:noise", "incidents:neighbour_dispute", "open_incidents",
        }  # fmt: skip
        assert {row[0] for row in found} == set(range(1, 9))
        assert {row[3] for row in found} > {1, 2}, "some will be old enough on a day to come"
        assert len({row[2] for row in found if row[1] == "incidents:noise"}) == 2
        recount(session, now=datetime.now(UTC))
        assert rows(session, counts) == found
    migrate.downgrade(old_engine, BEFORE)
    with Session(old_engine) as session:
        loads = rows(session, "SELECT block_id, households, people FROM block_load")
        assert len(loads) == 8
        assert {(b, "households", n) for b, n, _ in loads} == {
            (b, measure, n) for b, measure, _, _, n in found if measure == "households"
        }
        months = rows(session, "SELECT block_id, topic, month, incidents FROM block_incident_count")
        assert months == sorted(
            (b, measure.partition(":")[2], month, n)
            for b, measure, month, _, n in found
            if measure.startswith("incidents:")
        )
