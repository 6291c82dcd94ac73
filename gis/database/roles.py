"""Who works in a database: `owner` has its tables and changes them, `app` only uses their rows.

The application connects as `app`, whatever it is made to ask: it is no superuser, passes no
row-level security, belongs to no other role and owns nothing. Migrations connect as `owner`.
Neither makes databases or extensions; a third login does (of the embedded cluster: its superuser).
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from gis.database.answers import value_of
from gis.database.urls import database_name, driver_url, libpq_url
from gis.errors import CommandHint, Conflict, DatabaseUnavailable

APP = "app"
"""Role of the application's own connections."""

OWNER = "owner"
"""Role that owns the tables and runs the migrations."""

SUPERUSER = "community_grid"
"""Superuser of the embedded cluster: makes databases and extensions, dumps and restores them."""

MIGRATION_LOCK = 7263000
"""Advisory lock of whoever changes the tables of a database or who owns them."""

_PLAIN = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"

_STRANGE = """
    SELECT format('ALTER %%s %%s OWNER TO %%I', kind, name, %(owner)s::text) FROM (
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                            WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
               oid::regclass::text AS name, relowner AS held_by, 'pg_class'::regclass AS class, oid
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text, proowner, 'pg_proc'::regclass, oid
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'TYPE', oid::regtype::text, typowner, 'pg_type'::regclass, oid
        FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND (
            typtype IN ('d', 'e', 'r')
            OR EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND c.relkind = 'c'))
    ) AS ours
    WHERE held_by <> (SELECT oid FROM pg_roles WHERE rolname = %(owner)s) AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = ours.class AND d.objid = ours.oid
          AND (d.deptype = 'e' OR kind = 'SEQUENCE' AND d.deptype IN ('a', 'i')))
"""
"""Statements for what is neither of `owner` nor an extension's; a column's sequence follows it."""

Statement = sql.SQL | sql.Composed

_RIGHTS = (
    (
        "has_schema_privilege(%(owner)s, 'public', 'CREATE')",
        "GRANT CREATE ON SCHEMA public TO {owner}",
    ),
    (
        "has_schema_privilege(%(owner)s, 'public', 'USAGE')",
        "GRANT USAGE ON SCHEMA public TO {owner}",
    ),
    (
        "has_schema_privilege(%(app)s, 'public', 'USAGE')",
        "GRANT USAGE ON SCHEMA public TO {app}",
    ),
    (
        "NOT has_schema_privilege(%(app)s, 'public', 'CREATE')",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}",
    ),
    (
        "has_database_privilege(%(app)s, current_database(), 'CONNECT')",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
    ),
    (
        "has_database_privilege(%(app)s, current_database(), 'TEMPORARY')",
        "GRANT TEMPORARY ON DATABASE {database} TO {app}",
    ),
)
"""What has to hold in a database, and what makes it so."""

_TOO_MUCH = """
    SELECT array_remove(ARRAY[
        CASE WHEN rolsuper THEN 'SUPERUSER' END,
        CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' END,
        CASE WHEN rolreplication THEN 'REPLICATION' END,
        CASE WHEN has_schema_privilege(oid, 'public', 'CREATE') THEN 'CREATE ON SCHEMA public' END,
        CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid
                          AND c.relnamespace = 'public'::regnamespace) THEN 'OWNER OF TABLES' END
    ], NULL)
    || ARRAY(SELECT 'MEMBER OF ' || pg_get_userbyid(m.roleid)
             FROM pg_auth_members m WHERE m.member = r.oid)
    FROM pg_roles r WHERE rolname = current_user
"""


def as_role(url: str | URL, role: str) -> str:
    """Give a URL whose connections take a role as they are made, and fall back to it.

    Examples
    --------
    >>> as_role("postgresql://grid@db.example/town", "app")
    'postgresql+psycopg://grid@db.example/town?options=-crole%3Dapp'
    """
    parts = driver_url(url)
    given = parts.query.get("options", "")
    words = [*([given] if isinstance(given, str) else given), f"-crole={role}"]
    options = " ".join(word for word in words if word)
    return parts.update_query_dict({"options": options}).render_as_string(hide_password=False)


def make_logins(connection: psycopg.Connection) -> None:
    """Make both roles of the embedded cluster, or take from them what they should not have."""
    for role in (OWNER, APP):
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        verb = "CREATE ROLE" if known is None else "ALTER ROLE"
        connection.execute(f"{verb} {role} LOGIN {_PLAIN}")


def require_roles(url: str, *, make: bool = False) -> None:
    """Refuse a login that may not take both roles.

    Parameters
    ----------
    url
        A database of the server, as the login.
    make
        Make the roles where they are missing and the login may.

    Raises
    ------
    DatabaseUnavailable
        The login can neither take them nor make them; the message has the SQL that helps.
    """
    with _connect(url) as connection:
        missing = _missing_roles(connection)
        if make and missing and _run_all(connection, missing):
            missing = _missing_roles(connection)
        if missing:
            login = value_of(connection.execute("SELECT session_user"))
            raise DatabaseUnavailable(
                "the login {login} may not take the roles {owner} and {app} yet. Where it may make"
                " them they are made{init}; else let an administrator of the server run:"
                " {statements} Or give the application a login of its own in"
                " COMMUNITY_GRID_APP_DATABASE_URL.",
                login=login,
                owner=OWNER,
                app=APP,
                init=CommandHint("community-grid init"),
                statements=_in_one_line(missing),
            )


def _missing_roles(connection: psycopg.Connection) -> list[sql.Composed]:
    """Give the statements after which the login of a connection may take both roles."""
    login = sql.Identifier(value_of(connection.execute("SELECT session_user")))
    statements = []
    for role in (OWNER, APP):
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if known is None:
            statements.append(
                sql.SQL("CREATE ROLE {} NOLOGIN " + _PLAIN).format(sql.Identifier(role))
            )
        if (
            known is None
            and not _is_superuser(connection)
            or known
            and not _takes(connection, role)
        ):
            statements.append(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), login))
    return statements


def _is_superuser(connection: psycopg.Connection) -> bool:
    query = "SELECT rolsuper FROM pg_roles WHERE rolname = session_user"
    return value_of(connection.execute(query))


def _takes(connection: psycopg.Connection, role: str) -> bool:
    """Try whether the login of a connection may take a role."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def role_of(url: str) -> str:
    """Give the role in which the connections of a URL work."""
    with _connect(url) as connection:
        return value_of(connection.execute("SELECT current_user"))


def needs_role(url: str, table: str, role: str) -> bool:
    """Say whether a table is a role's, and the login of the URL not above such things."""
    query = """
        SELECT NOT s.rolsuper AND EXISTS (
            SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
            WHERE c.oid = to_regclass(%s) AND r.rolname = %s)
        FROM pg_roles s WHERE s.rolname = session_user
    """
    with _connect(url) as connection:
        return value_of(connection.execute(query, (table, role)))


def hand_over(url: str, *, owner: str, app: str) -> None:
    """Give everything in a database that is no extension's to `owner`, and let both roles in.

    What `app` may do with each table is granted by `gis.store.rights`.

    Parameters
    ----------
    url
        The database, as a login that may do so.
    owner, app
        Names of the roles.

    Raises
    ------
    DatabaseUnavailable
        The login may not; the message has the SQL that helps.
    """
    with _connect(url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        missing = _missing_rights(connection, owner, app)
        if missing and _run_all(connection, missing):
            missing = _missing_rights(connection, owner, app)
        if missing:
            raise DatabaseUnavailable(
                "the roles {owner} and {app} lack rights in the database {database}, and this"
                " login may not give them. Let an administrator of the server run in it:"
                " {statements}",
                owner=owner,
                app=app,
                database=database_name(url),
                statements=_in_one_line(missing),
            )


def _run_all(connection: psycopg.Connection, statements: Iterable[Statement]) -> bool:
    """Run statements until one is not permitted; say whether any was run."""
    done = False
    connection.execute("SET lock_timeout = '10s'")
    for statement in statements:
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            break
        except psycopg.errors.LockNotAvailable as error:
            raise Conflict(
                "someone else is changing the same records right now; nothing was changed,"
                " try again"
            ) from error
        done = True
    return done


def _missing_rights(connection: psycopg.Connection, owner: str, app: str) -> list[Statement]:
    """Give the statements that are still to be run in a database."""
    names = {
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
        "database": sql.Identifier(connection.info.dbname),
    }
    values = {"owner": owner, "app": app}
    statements: list[Statement] = []
    for holds, statement in _RIGHTS:
        if not value_of(connection.execute(f"SELECT {holds}", values)):
            statements.append(sql.SQL(statement).format(**names))
    strange = connection.execute(_STRANGE, values).fetchall()
    return statements + [sql.SQL(statement) for (statement,) in strange]


def excess_of(connection: psycopg.Connection) -> list[str]:
    """List what the role of a connection may do that `app` must not; empty is right."""
    return value_of(connection.execute(_TOO_MUCH))


def require_plain(connection: psycopg.Connection) -> None:
    """Refuse to work as a role that may do more than use the rows of tables.

    Raises
    ------
    DatabaseUnavailable
        It may; the message says what it has too much.
    """
    if excess := excess_of(connection):
        role = value_of(connection.execute("SELECT current_user"))
        raise DatabaseUnavailable(
            "the application must not work as {role}, which has: {excess}. Give it a login"
            " without these in COMMUNITY_GRID_APP_DATABASE_URL, or take them away.",
            role=role,
            excess=", ".join(excess),
        )


def _in_one_line(statements: Iterable[sql.Composable]) -> str:
    return " ".join(f"{statement.as_string()};" for statement in statements)


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(libpq_url(url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"the database cannot be reached: {str(error).strip()}"
        ) from error
