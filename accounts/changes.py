"""What people change of what the portal keeps about them. Each change leaves an event."""

from django.db import transaction

from accounts.models import Citizen
from accounts.places import Home
from audit import clock, events


@transaction.atomic
def change_contact(citizen, *, phone, email, by):
    old = {"old_phone": citizen.phone, "old_email": citizen.email}
    citizen.phone, citizen.email = phone, email
    citizen.save(update_fields=["phone", "email"])
    _record("contact", citizen, citizen, by, private=old | {"phone": phone, "email": email})


@transaction.atomic
def change_home(citizen, home, *, by):
    """Move to another home or other work. Returns whether another board confirms from now on."""
    old = Home.of(citizen)
    for name, value in home.fields.items():
        setattr(citizen, name, value)
    citizen.departed_on = None  # who was thought to have gone says where they are
    citizen.save(update_fields=[*home.fields, "departed_on"])
    _record(
        "home",
        citizen,
        citizen,
        by,
        old=old.board.code,
        new=home.board.code,
        private=_in_words("old_", old) | _in_words("", home),
    )
    return old.board != home.board


@transaction.atomic
def change_password(user, password):
    user.set_password(password)
    user.save(update_fields=["password"])
    _record("password", user, Citizen.objects.filter(user=user).first(), user)


def _in_words(prefix, home):
    return {f"{prefix}{name}": getattr(value, "code", value) for name, value in home.fields.items() if value}


def _record(verb, obj, citizen, by, **what):
    events.record(
        verb,
        obj,
        by=by,
        at=clock.now(),
        organization=citizen and citizen.board,
        subject=citizen and citizen.pk,
        **what,
    )
