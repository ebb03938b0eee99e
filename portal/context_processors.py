import functools

from django.conf import settings
from django.db.models import Q
from django.utils.functional import SimpleLazyObject

from assessments.models import Outage
from audit import clock
from portal import navigation, record_bar, staying
from portal.display import Display
from recognitions.models import Recognition

MOST_TITLES = 5


def frame(request):
    """What the frame of every page shows: see base.html. The database is asked only for what is shown."""
    person = functools.cache(
        lambda: navigation.person_of(request.user) if request.user.is_authenticated else None
    )
    return {
        "display": Display.of(request),
        "navigation": SimpleLazyObject(lambda: navigation.items(request, person())),
        "record_bar": SimpleLazyObject(lambda: _record_bar(request.user, person())),
        "session_end": SimpleLazyObject(lambda: staying.of(request)),
        "titles_held": SimpleLazyObject(lambda: titles_held(request.user)),
        "outages": SimpleLazyObject(lambda: list(Outage.objects.showing(clock.now()))),
        "helping": getattr(request, "helping", None),
        "looker": getattr(request, "looker", None),
        "seen_until": getattr(request, "seen_until", None),
        "trial_now": clock.now() if settings.PORTAL_NOW else None,
    }


def titles_held(user):
    """The newest titles in force that are somebody's own: for the start page, which stands below them."""
    own = Recognition.objects.standing().filter(assessment__citizen__user=user.pk)
    in_force = Q(valid_until=None) | Q(valid_until__gte=clock.today())
    return list(own.filter(in_force).by_year()[:MOST_TITLES])


def _record_bar(user, person):
    return record_bar.of(user) if person and person["is_citizen"] else None
