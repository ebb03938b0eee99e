"""One answer, saved as it is typed: at the address of its page, in JSON for static/js/drafts.js."""

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments import progress, workflow
from assessments.forms.citizen import ScoresForm, field_name
from assessments.workflow import Refused, Stale


def save(request, assessment, standing, part):
    """200 it is saved; 409 it was changed elsewhere: both are told; 422 it is not taken: why.

    Whoever is behind the record is told all answers of the page as they are now.
    """
    form = ScoresForm(part, standing.rules, assessment.version, request.POST)
    line = next((line for line in form.lines if field_name(line.indicator) in request.POST), None)
    name = line and field_name(line.indicator)
    if line is None or not form.is_valid():
        return _refused(next((errors[0] for errors in form.errors.values()), _("Chỗ này không sửa được.")))
    try:
        seen = form.fields[name].clean(request.POST.get("seen", ""))
        workflow.save_answer(
            assessment, line.indicator.code, form.cleaned_data[name], seen=seen, by=request.user
        )
    except Stale:
        status, more = 409, {"here": _words(form.cleaned_data[name])}
    except (Refused, ValidationError) as problem:
        return _refused(problem.messages[0] if isinstance(problem, ValidationError) else str(problem))
    else:
        status, more = 200, {}
    return JsonResponse(_reply(assessment, part.section.code, name, form) | more, status=status)


def _refused(why):
    return JsonResponse({"problem": why}, status=422)


def _reply(assessment, code, name, form):
    assessment.refresh_from_db(fields=["version", "saved_at", "own_total"])
    standing = progress.of(assessment)
    part = next(part for part in standing.parts if part.section.code == code)
    now = ScoresForm(part, standing.rules, assessment.version)
    answers = {
        field_name(line.indicator): {
            "value": now.fields[field_name(line.indicator)].widget.attrs["data-saved"],
            "words": _words(line.own),
        }
        for line in now.lines
    }
    return {
        "version": assessment.version,
        "answers": answers,
        "saved": render_to_string("assessments/_saved.html", {"assessment": assessment}),
        "total": render_to_string(
            "assessments/_saved_total.html", {"standing": standing, "assessment": assessment}
        ),
    }


def _words(given):
    return render_to_string("assessments/_given.html", {"given": given}).strip()
