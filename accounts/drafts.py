"""What was typed on one page of several and stands in no table yet.

Sealed, because it holds an identity number: in the session, which stands in a table, and in a hidden field of
each page, from which it comes back when the session has ended.
"""

import base64
import json

from cryptography.exceptions import InvalidTag

from audit import encryption

FIELD = "draft"


class Draft:
    """The values kept between the pages of one piece of work, for the person who typed them."""

    def __init__(self, request, name):
        self.session, self.name = request.session, name
        self.values = self._opened(self.session.get(name))
        sent = self._opened((request.POST or request.parked).get(FIELD))
        # A page of another draft goes on with its own; of the same one the session has the later state.
        if sent and sent.get("username") != self["username"]:
            self.values = sent
        else:
            self.values = sent | self.values

    def __getitem__(self, key):
        return self.values.get(key)

    def keep(self, **values):
        self.values |= values
        self.session[self.name] = self.sealed

    def forget(self):
        self.values = {}
        self.session.pop(self.name, None)

    @property
    def sealed(self):
        """For the session and the hidden field."""
        sealed = encryption.seal(json.dumps(self.values, ensure_ascii=False), self._purpose)
        return base64.b64encode(sealed).decode()

    @property
    def _purpose(self):
        return f"draft.{self.name}"

    def _opened(self, sealed):
        if not sealed:
            return {}
        try:
            return json.loads(encryption.open_sealed(base64.b64decode(sealed), self._purpose))
        except (KeyError, ValueError, InvalidTag):  # sealed under a key that has left the ring, or made up
            return {}
