"""What an association writes to the people of a board: a notice each, and an event."""

from accounts.models import Message
from audit import clock, events
from organizations.models import Organization


def send(
    board: Organization, words: str, *, by, subject: str, body: str, verb: str, occasion="", link=""
) -> int:
    """How many were told. What has an occasion is told once to each; nothing is recorded where nobody was."""
    now = clock.now()
    occasion = occasion or f"{verb}:{board.pk}:{now.timestamp()}"
    members = board.appointments.filled().exclude(user=by).order_by().values_list("user", flat=True)
    keys = {user: f"{occasion}:{user}" for user in members.distinct()}
    told = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    notices = [
        Message(user_id=user, key=key, subject=subject, body=body, link=link)
        for user, key in keys.items()
        if key not in told
    ]
    Message.objects.tell(notices)
    if notices:
        private, new = {"words": words} if words else {}, str(len(notices))
        events.record(verb, board, by=by, at=now, organization=board, private=private, new=new)
    return len(notices)
