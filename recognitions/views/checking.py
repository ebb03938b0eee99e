"""The pages anybody opens without an account: is this paper genuine, and with which key is that known."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import guesses, sign_in
from audit import clock
from recognitions import badges, certificates, checking, codes, keys, payload
from recognitions.certificate_forms import CodeForm
from recognitions.checking import Verdict
from recognitions.models import PublishedKey, Recognition

LISTS = 10_000


@login_not_required
@never_cache
@require_safe
def index(request):
    """The code of a paper, typed."""
    if "ma" not in request.GET:
        return _page(request, CodeForm())
    return _typed(request, request.GET["ma"])


@login_not_required
@never_cache
@require_safe
def code(request, letters):
    """An address with the code in it: from a link, or typed by hand."""
    return _typed(request, letters)


@login_not_required
@never_cache
@require_safe
def scanned(request, letters, signed):
    """What a QR leads to."""
    return _answer(request, letters, signed)


def _typed(request, letters):
    form = CodeForm({"ma": letters})
    return _answer(request, form.cleaned_data["ma"]) if form.is_valid() else _page(request, form)


def _answer(request, letters, signed=None):
    is_told = request.method == "GET"  # what only asks for the head of the page reads nothing
    own = Recognition.objects.visible_to(request.user) if request.user.is_authenticated else None
    answer = checking.check(
        letters,
        address=sign_in.address_of(request),
        signed=signed,
        own=own if is_told else Recognition.objects,
    )
    typed = None if answer.verdict in (Verdict.GENUINE, Verdict.ENDED) else letters
    form = CodeForm(initial={"ma": codes.in_groups(typed)} if typed and signed is None else None)
    response = _page(request, form, answer=answer, code=codes.in_groups(letters))
    if answer.verdict == Verdict.HELD:
        response.status_code = 429
        response["Retry-After"] = int(guesses.HELD_FOR.total_seconds())
    return response


def _page(request, form, **context):
    response = render(request, "recognitions/check.html", {"form": form, "now": clock.now()} | context)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@never_cache
@require_safe
def published_keys(request):
    """The keys by which a QR is verified without the portal, and how."""
    keys.signing()
    context = {"keys": PublishedKey.objects.all(), "form_of_payload": payload.__doc__.partition("\n\n")[2]}
    return render(request, "recognitions/keys.html", context)


@login_not_required
@never_cache
@require_safe
def key_set(request):
    """The same as a JWK Set."""
    return JsonResponse({"keys": [badges.jwk_of(key) for key in keys.published()]})


@login_not_required
@require_safe
def verifier(request):
    """The module itself that reads a payload: it runs alone."""
    source = Path(payload.__file__).read_bytes()
    response = HttpResponse(source, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kiem_tra_giay.py"'
    return response


@login_not_required
@never_cache
@require_safe
def revoked(request, number):
    """Which badges are revoked, as their credentialStatus says."""
    if number >= LISTS:
        raise Http404
    signed = badges.revoked_list(number, certificates.portal_of(request))
    return HttpResponse(signed, content_type=badges.CONTENT_TYPE)
