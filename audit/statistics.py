"""What the database knows of its tables when it plans a query."""

from django.db import connection, models


def refresh(*tables: type[models.Model]) -> None:
    """Count again what was filled at one stroke; it is part of the caller's transaction.

    PostgreSQL goes by what it last counted and comes by itself only about once a minute: until then a
    country just loaded is planned for as if it were empty, and a query of milliseconds takes half a minute.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")
