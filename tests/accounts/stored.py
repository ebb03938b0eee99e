from django.db import connection


def everything_stored():
    """Every value of every table as the database holds it, bytes as hexadecimal and as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [value for row in cursor.fetchall() for value in row]
    return "\n".join(map(_in_text, found))


def _in_text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return str(value)
