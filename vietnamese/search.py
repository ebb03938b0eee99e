"""How a typed name is looked for in a column of folded text."""

from django.db.models import Q

from vietnamese import text


def every_word(query: str | None, column: str = "name_search") -> Q:
    """Those whose column holds every word of the query, typed with or without accents."""
    return Q(*(Q(**{f"{column}__contains": word}) for word in text.words(query)))
