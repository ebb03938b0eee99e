"""What the portal told a person. Reading a page writes nothing: a notice is marked as read by a button."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Message

PER_PAGE = 20


@require_safe
def inbox(request):
    told = Message.objects.for_user(request.user)
    page = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/inbox.html", {"page": page, "unread": told.unread().count()})


@require_POST
def mark_read(request, pk):
    message = get_object_or_404(Message.objects.for_user(request.user), pk=pk)
    Message.objects.filter(pk=message.pk).mark_read()
    return redirect("accounts:inbox")


@require_POST
def mark_all_read(request):
    Message.objects.for_user(request.user).mark_read()
    messages.success(request, _("Đã đánh dấu mọi tin là đã đọc."))
    return redirect("accounts:inbox")
