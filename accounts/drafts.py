"""What was typed on one page of several and stands in no table yet.

Sealed, because it holds an identity number and sessions stand in a table.
"""

import base64
import json

from cryptography.exceptions import InvalidTag

from audit import encryption


class Draft:
    """The values kept between the pages of one piece of work, in the session of the person who typed them."""

    def __init__(self, session, name):
        self.session, self.name = session, name
        self.values = self._opened()

    def __getitem__(self, key):
        return self.values.get(key)

    def keep(self, **values):
        self.values |= values
        sealed = encryption.seal(json.dumps(self.values, ensure_ascii=False), self._purpose)
        self.session[self.name] = base64.b64encode(sealed).decode()

    def forget(self):
        self.values = {}
        self.session.pop(self.name, None)

    @property
    def _purpose(self):
        return f"draft.{self.name}"

    def _opened(self):
        try:
            return json.loads(
                encryption.open_sealed(base64.b64decode(self.session[self.name]), self._purpose)
            )
        except (KeyError, InvalidTag):  # none yet, or sealed under a key that has left the ring
            return {}
