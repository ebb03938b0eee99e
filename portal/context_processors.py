from django.conf import settings
from django.utils.functional import SimpleLazyObject

from assessments.models import Outage
from audit import clock
from portal import navigation, record_bar
from portal.display import Display


def frame(request):
    """What the frame of every page shows: see base.html. The database is asked only for what is shown."""
    return {
        "display": Display.of(request),
        "navigation": SimpleLazyObject(lambda: navigation.items(request)),
        "record_bar": SimpleLazyObject(lambda: record_bar.of(request.user)),
        "outages": SimpleLazyObject(lambda: list(Outage.objects.showing(clock.now()))),
        "helping": getattr(request, "helping", None),
        "looker": getattr(request, "looker", None),
        "seen_until": getattr(request, "seen_until", None),
        "trial_now": clock.now() if settings.PORTAL_NOW else None,
    }
