from django.conf import settings
from django.core import mail
from django.core.mail.backends import filebased
from django.core.mail.backends.base import BaseEmailBackend

from rehearsal import spaces


class EmailBackend(BaseEmailBackend):
    """E-mail: by EMAIL_URL, and that of a rehearsal into a folder of its own."""

    def __init__(self, fail_silently=False, **options):
        super().__init__(fail_silently=fail_silently)
        space = spaces.current()
        if space:
            self._sender = filebased.EmailBackend(fail_silently=fail_silently, file_path=str(space.outbox))
        else:
            self._sender = mail.get_connection(settings.EMAIL_BACKEND_OUTSIDE, fail_silently, **options)

    def open(self):
        return self._sender.open()

    def close(self):
        return self._sender.close()

    def send_messages(self, email_messages):
        return self._sender.send_messages(email_messages)
