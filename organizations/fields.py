from django.db import models


class PathField(models.CharField):
    """A path of the tree: compared byte by byte, whatever the language of the database."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters
