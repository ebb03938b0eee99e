"""What of decisions and recognitions the database itself refuses, whoever writes the row."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments.models import State
from audit import clock
from recognitions.models import Decision, DecisionState, Nomination, Recognition
from tests.factories import (
    make_commune,
    make_confirmed_assessment,
    make_decision,
    make_province,
    make_recognition,
    make_village,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H1")]


@pytest.fixture
def recognition():
    return make_recognition(number="12/QĐ-HKH")


def refused(write, words=None):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        write()


def test_a_recognition_exists_with_its_decision_and_its_record_is_recognised(recognition):
    assert recognition.decision.state == DecisionState.DECIDED
    assert reload(recognition.assessment).state == State.RECOGNISED
    assert len(recognition.code) == 12
    assert recognition.valid_from == recognition.decision.decided_on


def test_one_issuer_gives_a_number_once_a_year_and_another_issuer_may(recognition):
    other = make_recognition(make_confirmed_assessment(), number="12/QĐ-HKH")
    issuer, year = recognition.decision.issuer, recognition.decision.year
    assert (other.decision.issuer, other.decision.year) != (issuer, year)

    again = make_confirmed_assessment(board=recognition.assessment.board)

    refused(lambda: make_decision([again], number="12/QĐ-HKH"))
    assert Decision.objects.filter(number="12/QĐ-HKH").count() == 2


def test_a_decision_that_was_made_never_changes(recognition):
    decision = Decision.objects.filter(pk=recognition.decision_id)

    refused(lambda: decision.update(signer_name="Người khác"), "never changes")
    refused(lambda: decision.update(state=DecisionState.DROPPED), "never changes")
    refused(lambda: decision.update(valid_until=datetime.date(2099, 1, 1)), "never changes")
    refused(decision.delete)
    assert decision.update(heartbeat_at=clock.now()) == 1


def test_what_a_recognition_says_never_changes_and_none_is_removed(recognition):
    row = Recognition.objects.filter(pk=recognition.pk)

    refused(lambda: row.update(holder_name="Người khác"), "stays as it was printed")
    refused(lambda: row.update(code="ABCDEFGHJKLM"), "stays as it was printed")
    refused(row.delete, "stays as it was printed")


def test_a_recognition_is_revoked_once_and_never_stands_again(recognition):
    row = Recognition.objects.filter(pk=recognition.pk)
    revoked = {
        "revoked_at": clock.now(),
        "revoked_by": recognition.decision.decided_by,
        "revocation_reason": "Khai sai.",
        "revocation_number": "15/QĐ-HKH",
        "revoked_on": clock.today(),
    }
    refused(lambda: row.update(revoked_at=clock.now()))  # without a decision
    assert row.update(**revoked) == 1

    refused(lambda: row.update(**dict.fromkeys(["revoked_at", "revoked_by", "revoked_on"])), "once")
    refused(lambda: row.update(revocation_reason="Lý do khác."), "once")


def test_a_record_has_one_standing_recognition_and_a_new_paper_replaces_the_old(recognition):
    new = {
        "decision": recognition.decision,
        "assessment": recognition.assessment,
        "holder_name": "Nguyễn Thị Hòa",
        "valid_from": recognition.valid_from,
        "recognised_at": clock.now(),
    }
    refused(lambda: Recognition.objects.create(**new))
    refused(lambda: Recognition.objects.create(**new, replaces=recognition), "its own year")

    Recognition.objects.filter(pk=recognition.pk).update(replaced_at=clock.now())
    again = Recognition.objects.create(**new, replaces=recognition)

    assert list(Recognition.objects.standing()) == [again]


def test_a_decision_is_over_records_of_its_own_subtree_that_achieved(recognition):
    decision = Decision.objects.filter(pk=recognition.decision_id).first()
    elsewhere = make_confirmed_assessment(
        board=make_village(commune=make_commune("Cẩm Bình", province=make_province()))
    )
    below_the_mark = make_confirmed_assessment(1, board=recognition.assessment.board)

    for record in (elsewhere, below_the_mark):
        refused(
            lambda record=record: Recognition.objects.create(
                decision=decision,
                assessment=record,
                holder_name="A",
                valid_from=decision.decided_on,
                recognised_at=clock.now(),
            ),
            "its own year",
        )
        refused(
            lambda record=record: Nomination.objects.create(
                decision=decision, assessment=record, holder_name="A"
            ),
            "its own year",
        )


def test_nobody_is_recognised_before_the_decision_has_its_number_nor_before_the_confirmation():
    record = make_confirmed_assessment()
    two_days_ago = clock.today() - datetime.timedelta(days=2)

    refused(lambda: make_decision([record], decided_on=two_days_ago), "older than the confirmation")

    made = make_decision([make_confirmed_assessment(board=record.board)])
    fields = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}
    begun = Decision.objects.create(
        **fields | {"id": None, "state": DecisionState.GATHERED, "number": "", "number_key": "", "year": None}
    )
    refused(
        lambda: Recognition.objects.create(
            decision=begun,
            assessment=record,
            holder_name="A",
            valid_from=clock.today(),
            recognised_at=clock.now(),
        ),
        "before the decision has its number",
    )
