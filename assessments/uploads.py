"""How files arrive: counted to the last byte, kept up to a limit, so that no request fills the disk.

A file above the limit, or one the disk has no room for, comes to its form with its name and true size and
nothing in it: the form says what is wrong, and what was typed beside it is not lost.
"""

import logging
from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

IN_MEMORY = 1024 * 1024  # beyond it a file waits on the disk

log = logging.getLogger(__name__)


class Upload(UploadedFile):
    """`is_whole` says whether all of it is there; `had_room` whether the disk had room for it."""

    def __init__(self, *args, is_whole, had_room, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_whole, self.had_room = is_whole, had_room


class CountingUploadHandler(FileUploadHandler):
    """The limit holds for all files of a request together."""

    def __init__(self, request=None):
        super().__init__(request)
        self.kept = 0
        self.file = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
        self.is_whole = self.had_room = True

    def receive_data_chunk(self, raw_data, start):
        if not self.is_whole:
            return
        self.kept += len(raw_data)
        if self.kept > settings.EVIDENCE_MAX_BYTES:
            self._let_go()
        else:
            self._try(self.file.write, raw_data)

    def file_complete(self, file_size):
        self._try(self.file.seek, 0)  # what is still buffered is written now
        return Upload(
            self.file,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
            is_whole=self.is_whole,
            had_room=self.had_room,
        )

    def upload_interrupted(self):
        if self.file:
            self._close()

    def _try(self, act, what):
        try:
            act(what)
        except OSError:
            log.exception("no room for an uploaded file")
            self.had_room = False
            self._let_go()

    def _let_go(self):
        self.is_whole = False
        self._close()
        self.file = BytesIO()

    def _close(self):
        with suppress(OSError):  # closing tries once more to write what found no room
            self.file.close()
