"""One answer, saved as it is typed: at the address of its page, in JSON for static/js/drafts.js."""

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments import workflow
from assessments.forms.citizen import ScoresForm, field_name
from assessments.workflow import Refused, Stale


def save(request, assessment, part, rules, read, asked_anew=None):
    """200 it is saved; 409 it was changed elsewhere: both are told; 422 it is not taken: why.

    Whoever is behind the record is told all answers of the page as they are now: `read` gets the part anew,
    and the standing where the page shows it. No part: the page has nothing to ask any more. `asked_anew`
    finds the indicators whose wording changed under the page: an answer to the old one is none to the new.
    """
    if part is None:
        return _refused(_("Chỗ này không sửa được."))
    form = ScoresForm(part, rules, assessment.version, request.POST)
    line = next((line for line in form.lines if field_name(line.indicator) in request.POST), None)
    name = line and field_name(line.indicator)
    if line is None or not form.is_valid():
        return _refused(next((errors[0] for errors in form.errors.values()), _("Chỗ này không sửa được.")))
    try:
        seen = form.fields[name].clean(request.POST.get("seen", ""))
        if seen == line.own:  # what was shown may be the answer to an earlier version, and none is stored yet
            seen = workflow.own_scores(assessment).get(line.indicator.code)
        workflow.save_answer(
            assessment, line.indicator.code, form.cleaned_data[name], seen=seen, by=request.user
        )
    except Stale:
        if asked_anew and line.indicator in asked_anew(assessment):
            return _refused(
                _("Tiêu chí này vừa đổi. Trả lời lại ở trang hồ sơ của bạn, chỗ Xem những chỗ đã đổi.")
            )
        status, more = 409, {"here": words(form.cleaned_data[name])}
    except (Refused, ValidationError) as problem:
        return _refused(problem.messages[0] if isinstance(problem, ValidationError) else str(problem))
    else:
        status, more = 200, {}
    return JsonResponse(_reply(assessment, rules, read) | more, status=status)


def _refused(why):
    return JsonResponse({"problem": why}, status=422)


def _reply(assessment, rules, read):
    assessment.refresh_from_db(fields=["version", "saved_at", "own_total"])
    part, standing = read(assessment)
    now = ScoresForm(part, rules, assessment.version)
    answers = {
        field_name(line.indicator): {
            "value": now.fields[field_name(line.indicator)].widget.attrs["data-saved"],
            "words": words(line.own),
        }
        for line in now.lines
    }
    told = {"version": assessment.version, "answers": answers}
    told["saved"] = render_to_string("assessments/_saved.html", {"assessment": assessment})
    if standing:
        told["total"] = render_to_string(
            "assessments/_saved_total.html", {"standing": standing, "assessment": assessment}
        )
    return told


def words(given):
    """Without the line's end that a template leaves behind: a full stop may follow."""
    return render_to_string("assessments/_given.html", {"given": given}).strip()
