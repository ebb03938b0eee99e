"""Evidence behind the scores of the demonstration: words, links and a few pictures."""

from dataclasses import dataclass
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments.models import Assessment, Evidence
from assessments.models.score import EvidenceKind
from audit import events
from demonstration import pictures, words
from demonstration.plans import Plan

BATCH = 500


@dataclass(frozen=True)
class Piece:
    evidence: Evidence
    indicators: list[int]


def of(rng: Random, assessment: Assessment, plan: Plan, share: float) -> list[Piece]:
    """Something for a share of the scored indicators; now and then a link that serves two."""
    pieces = []
    codes = [code for code in plan.rounds[-1] if rng.random() < share]
    while codes:
        code = codes.pop(0)
        if rng.random() < 0.12:
            served = [code, *codes[:1]] if rng.random() < 0.3 else [code]
            pieces.append(link(assessment, plan, served, rng.choice(words.LINKS)))
        else:
            told = rng.choice(words.evidence_for(assessment.criteria_set.group, code))
            pieces.append(text(assessment, plan, [code], told))
    return pieces


def text(assessment, plan, codes, told) -> Piece:
    return _piece(assessment, plan, codes, kind=EvidenceKind.TEXT, text=told)


def link(assessment, plan, codes, url) -> Piece:
    return _piece(assessment, plan, codes, kind=EvidenceKind.LINK, url=url)


def picture(rng, assessment, plan, codes, name) -> Piece:
    """Writes the file at once: call where little can still go wrong."""
    content = pictures.draw(rng)
    path = default_storage.save(
        f"{plan.scored_at:evidence/%Y/%m}/{rng.randbytes(20).hex()}.jpg", ContentFile(content)
    )
    return _piece(
        assessment,
        plan,
        codes,
        kind=EvidenceKind.FILE,
        file=path,
        name=name,
        size=len(content),
        content_type="image/jpeg",
    )


def _piece(assessment, plan, codes, **what):
    evidence = Evidence(assessment=assessment, added_by=plan.sender, added_at=plan.scored_at, **what)
    return Piece(evidence, [plan.form.indicators[code] for code in codes])


def save(pieces: list[Piece]) -> None:
    Evidence.objects.bulk_create([piece.evidence for piece in pieces], batch_size=BATCH)
    Serves = Evidence.indicators.through
    Serves.objects.bulk_create(
        [
            Serves(evidence_id=piece.evidence.pk, criterion_id=indicator)
            for piece in pieces
            for indicator in piece.indicators
        ],
        batch_size=BATCH,
    )
    events.record_many(
        events.Entry(
            "evidence",
            piece.evidence,
            at=piece.evidence.added_at,
            by=piece.evidence.added_by,
            organization=piece.evidence.assessment.board,
            subject=piece.evidence.assessment.citizen_id,
            new=piece.evidence.kind,
        )
        for piece in pieces
    )
