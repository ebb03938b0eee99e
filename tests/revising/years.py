"""A year that was judged before this one."""

import time_machine

from audit import clock
from tests.factories import make_campaign, make_confirmed_assessment, moment


def judged_year(points=8):
    year = clock.today().year - 1
    with time_machine.travel(moment(year, 11, 20), tick=False):
        return make_confirmed_assessment(points, campaign=make_campaign(year))
