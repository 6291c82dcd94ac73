"""What the application may do with each table: one list, granted at the end of every migration."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, text

ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""What it may do with a table that is not named below; never TRUNCATE, TRIGGER or REFERENCES."""

FEWER = {"alembic_version": ("SELECT",), "audit_entry": ("SELECT", "INSERT")}
"""Tables of which it may do less: what was done is written down once and stays."""

_OURS = text("""
    SELECT relname, relkind = 'S' FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_get_userbyid(relowner) = current_user AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY relname
""")


def rights_on(table: str) -> tuple[str, ...]:
    """Say what the application may do with a table.

    Examples
    --------
    >>> rights_on("audit_entry")
    ('SELECT', 'INSERT')
    """
    return FEWER.get(table, ROWS)


def grant_rights(connection: Connection, app: str) -> None:
    """Grant the application exactly its rights on everything the present role owns.

    Parameters
    ----------
    connection
        Works as the owner of the tables.
    app
        Role of the application.
    """
    quote = connection.dialect.identifier_preparer.quote_identifier
    tables, sequences = defaultdict(list), []
    everything = []
    for name, is_sequence in connection.execute(_OURS).all():
        quoted = f"public.{quote(name)}"
        everything.append(quoted)
        if is_sequence:
            sequences.append(quoted)
        else:
            tables[rights_on(name)].append(quoted)
    role = quote(app)
    if everything:
        _run(connection, f"REVOKE ALL ON {', '.join(everything)} FROM PUBLIC, {role}")
    for rights, names in tables.items():
        _run(connection, f"GRANT {', '.join(rights)} ON {', '.join(names)} TO {role}")
    if sequences:
        _run(connection, f"GRANT USAGE ON SEQUENCE {', '.join(sequences)} TO {role}")


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))
