"""Alembic environment: runs on the connection handed over by `gis.database.migrate`."""

from alembic import context

from gis.store.rights import grant_rights
from gis.store.tables import Base

OWN_TABLES = set(Base.metadata.tables)


def include_object(obj, name, kind, reflected, compare_to):
    """Leave alone what PostGIS or others keep in the database."""
    return not (kind == "table" and reflected and name not in OWN_TABLES)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=include_object,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
    grant_rights(context.get_bind(), context.config.attributes["app"])
