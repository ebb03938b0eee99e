import celery

from rehearsal import spaces


class Task(celery.Task):
    """A task of the portal: given to the broker, and in a rehearsal done at once where it was sent."""

    def apply_async(self, args=None, kwargs=None, **options):
        if spaces.current():
            return self.apply(args, kwargs, throw=True)
        return super().apply_async(args, kwargs, **options)
