import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from rehearsal import spaces


class SpaceStorage(FileSystemStorage):
    """Uploaded files: in MEDIA_ROOT, and those of a rehearsal in its own folder."""

    @property
    def location(self):
        space = spaces.current()
        return os.path.abspath(space.media if space else settings.MEDIA_ROOT)
