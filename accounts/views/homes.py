"""The two pages on which a person says where home, work or school is: of the sign-up and of the profile."""

from django.shortcuts import redirect, render

from accounts import places
from accounts.place_forms import CommuneForm, HomeForm, typed_text

MOST_LISTED = 300  # of names the browser helps to type
NAMES = ["commune", "village", "unit"]


def texts_of(data):
    """The names and the work in a request, as far as they are there."""
    texts = {name: typed_text(data, name) for name in NAMES if name in data or f"{name}_typed" in data}
    return texts | ({"population": data["population"]} if "population" in data else {})


def texts_of_home(home):
    """The names by which the places of a home are found again."""
    return {
        "commune": places.in_words(home.commune),
        "village": home.village.full_name if home.village else home.village_text,
        "unit": home.unit.full_name if home.unit else home.unit_text,
        "population": home.population,
    }


def keep_texts(draft, texts):
    draft.keep(texts=(draft["texts"] or {}) | texts)


def commune_page(request, draft, *, now, near, then, context):
    """Find the commune and keep it in the draft, then go on.

    `now` is the one chosen before, if any; communes of the province `near` are offered first.
    """
    if request.method == "POST":
        form = CommuneForm(request.POST, near=near)
        keep_texts(draft, texts_of(request.POST))
        if form.is_decided:
            commune = form.cleaned_data["commune"]
            names_elsewhere = {"village": "", "unit": ""} if now and now != commune else {}
            keep_texts(draft, {"commune": places.in_words(commune)} | names_elsewhere)
            draft.keep(commune=commune.pk)
            return redirect(then)
    else:
        form = CommuneForm(initial=_initial(request, draft))
    return render(request, "accounts/commune.html", {"form": form, "draft": draft.sealed} | context)


def home_page(request, draft, commune, *, kept, done, context):
    """Find village and unit in the commune; `done` is given the home and answers."""
    if request.method == "POST":
        form = HomeForm(request.POST, commune=commune, kept=kept)
        keep_texts(draft, texts_of(request.POST))
        if form.is_decided:
            return done(form.home)
    else:
        form = HomeForm(commune=commune, initial=_initial(request, draft))
    page = {
        "form": form,
        "draft": draft.sealed,
        "commune_words": places.in_words(commune),
        "villages": places.villages(commune).in_order()[:MOST_LISTED],
        "units": places.units(commune).in_order()[:MOST_LISTED],
    }
    return render(request, "accounts/home.html", page | context)


def _initial(request, draft):
    return (draft["texts"] or {}) | texts_of(request.parked)


def chosen_commune(draft):
    """The commune of the draft, unless it has left the list since."""
    return places.communes().filter(pk=draft["commune"]).first() if draft["commune"] else None
