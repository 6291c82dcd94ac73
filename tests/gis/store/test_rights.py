"""What the application's login may do in the database, and everything it may not."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from gis.database.backup import backup_database, restore_database
from gis.database.cluster import Cluster
from gis.database.roles import APP, OWNER, SUPERUSER, excess_of
from gis.database.server import EXTENSIONS
from gis.database.serveruser import current_user_name, find_server_user
from gis.database.urls import database_name, driver_url, libpq_url, with_database
from gis.domain.access import SYSTEM
from gis.errors import DatabaseUnavailable, InvalidInput, with_hints
from gis.store.access.audit import write_audit
from gis.store.installation import Installation
from gis.store.rights import FEWER, ROWS
from gis.store.tables import Base
from tests.factories import NOW

_GRANTED = text(
    """
    SELECT c.relname, c.relkind = 'S', pg_get_userbyid(c.relowner),
           coalesce((SELECT array_agg(g.privilege_type ORDER BY g.privilege_type)
                     FROM aclexplode(c.relacl) g WHERE g.grantee = :app::regrole), '{}'),
           EXISTS (SELECT FROM aclexplode(c.relacl) g
                   WHERE g.grantee NOT IN (:app::regrole, c.relowner))
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
""".replace(":app", f"'{APP}'")
)

FORBIDDEN = (
    "UPDATE audit_entry SET action = 'nothing'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "MERGE INTO audit_entry a USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET action = ''",
    "SELECT * FROM audit_entry FOR UPDATE",
    "LOCK TABLE audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",
    "DROP TRIGGER audit_entry_append_only ON audit_entry",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_entry FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
    "ALTER TABLE audit_entry OWNER TO app",
    "ALTER TABLE audit_entry RENAME TO old",
    "ALTER TABLE household ADD COLUMN mine int",
    "ALTER TABLE household DISABLE ROW LEVEL SECURITY",
    "CREATE INDEX mine ON household (id)",
    "DROP TABLE household",
    "TRUNCATE household",
    "DROP FUNCTION refuse_audit_change()",
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE SCHEMA mine",
    "DROP SCHEMA public CASCADE",
    "CREATE EXTENSION hstore",
    "DROP EXTENSION postgis CASCADE",
    "CREATE ROLE mine",
    "ALTER ROLE app SUPERUSER",
    "ALTER ROLE app BYPASSRLS",
    "GRANT owner TO app",
    "GRANT pg_execute_server_program TO app",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', true)",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY audit_entry FROM PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "SELECT rolpassword FROM pg_authid",
)


def is_refused(session, statement: str) -> bool:
    with pytest.raises(Exception) as refusal, session.begin_nested():
        session.execute(text(statement))
    refusal = getattr(refusal.value, "orig", refusal.value)
    return refusal.sqlstate == "42501"


# One list


def granted_in(connection) -> dict[str, tuple[str, ...]]:
    """Give what `app` may do with each table, asserting that nobody else may do anything."""
    found = {}
    for name, is_sequence, owner, rights, others in connection.execute(_GRANTED):
        assert owner == OWNER and not others, name
        if is_sequence:
            assert rights == ["USAGE"], name
        else:
            found[name] = tuple(rights)
    return found


def expected() -> dict[str, tuple[str, ...]]:
    names = {*Base.metadata.tables, "alembic_version"}
    return {name: tuple(sorted(FEWER.get(name, ROWS))) for name in names}


def test_every_table_is_the_owners_and_open_to_the_application_as_the_list_says(connection):
    assert granted_in(connection) == expected()
    assert FEWER["audit_entry"] == ("SELECT", "INSERT"), "what was done is never undone"
    assert set(FEWER) <= set(expected()) and set(ROWS) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_no_column_is_granted_beyond_its_table(connection):
    query = text(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c"
        " ON c.oid = attrelid WHERE attacl IS NOT NULL"
        " AND relnamespace = 'public'::regnamespace"
    )
    assert connection.execute(query).all() == []


# What is refused, and what is not


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_not(session, statement):
    assert is_refused(session, statement)


@pytest.mark.parametrize("statement", ["CREATE DATABASE mine", "ALTER SYSTEM SET fsync = off"])
def test_the_application_may_not_outside_a_transaction_either(engine, statement):
    with (
        psycopg.connect(libpq_url(engine.url), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_application_cannot_pass_its_rights_on(session):
    session.execute(text("GRANT UPDATE, SELECT ON audit_entry TO PUBLIC"))
    assert granted_in(session)["audit_entry"] == ("INSERT", "SELECT")


def test_the_tests_work_as_the_application(engine, session):
    assert session.scalar(text("SELECT current_user")) == APP
    with psycopg.connect(libpq_url(engine.url)) as connection:
        assert excess_of(connection) == []
        query = "SELECT rolinherit, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'app'"
        assert connection.execute(query).fetchone() == (False, False, False)


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_the_application_may_not_become_another(session, database_at, role):
    if driver_url(database_at("postgres")).query.get("options"):
        pytest.skip("with one login for both roles the login itself may change between them")
    for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}"):
        assert is_refused(session, statement)
    session.execute(text("RESET ROLE"))
    assert session.scalar(text("SELECT current_user")) == APP


def test_the_application_writes_down_what_was_done_and_reads_it(session):
    write_audit(session, SYSTEM, "plan.export", now=NOW)
    session.flush()
    query = text("SELECT count(*) FROM audit_entry WHERE action = 'plan.export'")
    assert session.scalar(query) == 1


def test_the_application_may_keep_tables_for_a_transaction(session):
    session.execute(text("CREATE TEMP TABLE mine (n int) ON COMMIT DROP"))
    with session.connection().connection.cursor().copy("COPY mine FROM STDIN") as copy:
        copy.write_row((1,))
    session.execute(text("ANALYZE mine"))
    assert session.scalar(text("SELECT sum(n) FROM mine")) == 1


# A database that an earlier release made, and one that was restored


def of_server(url: str | None, app_url: str | None = None) -> Installation:
    return Installation(Path("/nonexistent"), url, "unused", app_url=app_url)


def open_to(installation: Installation) -> dict[str, tuple[str, ...]]:
    """Open a ready database as the application; give what it may do there."""
    engine = installation.open_ready()
    with engine.connect() as connection:
        found = granted_in(connection)
    engine.dispose()
    return found


@pytest.fixture
def of_earlier_release(new_database, drop):
    """A database whose tables are of the login that makes databases, and granted to nobody."""
    url = new_database("earlier", role=SUPERUSER)
    with psycopg.connect(libpq_url(url)) as connection:
        query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relowner = 'owner'::regrole"
        for (name,) in connection.execute(query).fetchall():
            table = sql.Identifier(name)
            connection.execute(sql.SQL("ALTER TABLE {} OWNER TO CURRENT_USER").format(table))
            connection.execute(sql.SQL("REVOKE ALL ON {} FROM app").format(table))
        connection.execute("ALTER FUNCTION refuse_audit_change() OWNER TO CURRENT_USER")
    yield url
    drop(url)


def test_the_tables_of_an_earlier_release_are_handed_over_by_init(of_earlier_release):
    installation = of_server(of_earlier_release)
    with pytest.raises(DatabaseUnavailable, match="not open to the application yet") as refusal:
        installation.open_ready()
    assert "community-grid init" in with_hints(refusal.value)
    installation.make_ready().dispose()
    assert open_to(installation) == expected()
    with psycopg.connect(libpq_url(of_earlier_release)) as connection:
        query = "SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = %s"
        assert connection.execute(query, ("refuse_audit_change",)).fetchone() == (OWNER,)


def test_it_is_backed_up_before_and_what_is_restored_is_open_to_the_application(
    of_earlier_release, drop, tmp_path
):
    installation = of_server(of_earlier_release)
    made = backup_database(installation.full_url(), tmp_path / "town.dump")
    url = installation.making_url()
    restored = restore_database(url, made.file, prepare=installation.settle)
    drop(with_database(url, restored.previous))
    assert open_to(installation) == expected()


# A server of one's own


def test_two_addresses_are_the_owner_and_the_application(empty_database, database_at):
    name = database_name(empty_database)
    installation = of_server(database_at(name, OWNER), database_at(name, APP))
    with pytest.raises(DatabaseUnavailable, match="Let a superuser run `CREATE EXTENSION"):
        installation.make_ready()
    with psycopg.connect(libpq_url(empty_database)) as connection:
        for extension in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {extension}")
    with pytest.raises(DatabaseUnavailable, match="may not give them") as refusal:
        installation.make_ready()
    run_what_is_said(empty_database, str(refusal.value))
    installation.make_ready().dispose()
    assert open_to(installation) == expected()
    serving = of_server(None, database_at(name, APP))
    assert open_to(serving) == expected()
    with pytest.raises(InvalidInput, match="set DATABASE_URL to the owner's"):
        serving.make_ready()


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_the_application_does_not_work_as_more_than_it_needs(fresh_database, database_at, role):
    url = database_at(database_name(fresh_database), role)
    with pytest.raises(DatabaseUnavailable, match=r"must not work as .* OWNER OF TABLES|SUPERUSER"):
        of_server(None, url).open_ready()


def run_what_is_said(url: str, words: str) -> None:
    """Run the statements of a message as an administrator."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        for statement in re.findall(r"(?:CREATE|GRANT|REVOKE|ALTER) [^;]+;", words):
            connection.execute(statement)


@pytest.fixture
def of_one_login(enterable_folder):
    """A server with a login that may make databases and nothing else, and a database of it."""
    cluster = Cluster(enterable_folder / "postgres", durable=False)
    cluster.start()
    administrator = cluster.url("town", SUPERUSER)
    people = {current_user_name(), find_server_user().name}
    with (cluster.files.conf / "pg_ident.conf").open("a", encoding="utf-8") as file:
        file.writelines(f'community "{name}" grid\n' for name in people)
    with psycopg.connect(libpq_url(cluster.url("postgres", SUPERUSER)), autocommit=True) as made:
        made.execute("DROP ROLE app")
        made.execute("DROP ROLE owner")
        made.execute("CREATE ROLE grid LOGIN NOINHERIT CREATEDB")
        made.execute("CREATE DATABASE town OWNER grid TEMPLATE template0 LOCALE 'C.UTF-8'")
        made.execute("SELECT pg_reload_conf()")
    with psycopg.connect(libpq_url(administrator), autocommit=True) as made:
        for extension in EXTENSIONS:
            made.execute(f"CREATE EXTENSION {extension}")
    yield administrator, cluster.url("town", "grid")
    cluster.stop()


def test_one_login_takes_both_roles(of_one_login, tmp_path):
    administrator, url = of_one_login
    installation = of_server(url)
    with pytest.raises(DatabaseUnavailable, match="grid may not take the roles"):
        installation.open_ready()
    for says in ("grid may not take the roles", "may not give them"):
        with pytest.raises(DatabaseUnavailable, match=says) as refusal:
            installation.make_ready()
        run_what_is_said(administrator, str(refusal.value))
    installation.make_ready().dispose()
    assert open_to(installation) == expected()
    engine = installation.open_ready()
    with engine.connect() as connection:
        who = connection.execute(text("SELECT session_user, current_user")).one()
        connection.execute(text("RESET ROLE"))
        assert tuple(who) == ("grid", APP) == ("grid", connection.scalar(text("SELECT user")))
    engine.dispose()
    made = backup_database(installation.full_url(), tmp_path / "town.dump")
    run_what_is_said(administrator, "ALTER ROLE grid SUPERUSER;")  # PostGIS is made by no other
    restore_database(installation.making_url(), made.file, prepare=installation.settle)
    run_what_is_said(administrator, "ALTER ROLE grid NOSUPERUSER;")
    assert open_to(installation) == expected()


def test_a_login_that_may_make_roles_is_asked_for_nothing(of_one_login):
    administrator, url = of_one_login
    run_what_is_said(administrator, "ALTER ROLE grid CREATEROLE INHERIT;")
    installation = of_server(url)
    installation.make_ready().dispose()
    assert open_to(installation) == expected()
