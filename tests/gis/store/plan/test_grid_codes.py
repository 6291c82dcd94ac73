"""Grid codes of a database made by the first release: only those ever in force stay issued."""

import pytest
from sqlalchemy import text

from gis.database import migrate

ROWS = """
INSERT INTO division_unit (id, code, level, name) VALUES (1, '522632000000', 'county', '榕江县');
INSERT INTO division_unit (id, code, level, name, parent_id, parent_level)
    VALUES (2, '522632100000', 'town', '古州镇', 1, 'county'),
           (3, '522632100001', 'community', '古榕社区', 2, 'town');
INSERT INTO block_build (id, community_id, input_digest, built_at) VALUES (1, 3, 'x', now());
INSERT INTO plan (id, community_id, build_id, name, state, effective_from)
    VALUES (1, 3, 1, 'First', 'published', '2026-01-01'), (2, 3, 1, 'Second', 'draft', NULL);
INSERT INTO user_account (id, login, name, password_hash) VALUES (1, 'w', 'W', 'x');
INSERT INTO grid_code (code, community_id, issued_at)
    SELECT '52263210000100' || n, 3, '2026-01-01' FROM generate_series(1, 4) AS n;
INSERT INTO grid (plan_id, community_id, code, area_m2, geom)
    SELECT plan, 3, '52263210000100' || n, 1,
           ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))', 4326)
    FROM (VALUES (1, 1), (2, 2), (2, 3)) AS grids (plan, n);
INSERT INTO grid_worker (grid_code, user_id, valid_from)
    VALUES ('522632100001003', 1, '2026-02-01');
"""


@pytest.fixture
def old_engine(unmigrated_engine):
    """Give a database at the first schema: 1 in force, 2 and 3 in a draft, 3 with a worker."""
    engine = unmigrated_engine
    migrate.upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in filter(str.strip, ROWS.split(";\n")):
            connection.execute(text(statement))
    return engine


def issued(engine) -> set[str]:
    query = text("SELECT right(code, 3) FROM grid_code WHERE issued_at IS NOT NULL")
    with engine.connect() as connection:
        return set(connection.scalars(query))


def test_codes_only_drafts_have_are_proposed_after_the_upgrade_and_issued_again_before(old_engine):
    migrate.upgrade(old_engine, "0002")
    assert issued(old_engine) == {"001", "003"}
    migrate.downgrade(old_engine, "0001")
    assert issued(old_engine) == {"001", "002", "003", "004"}
