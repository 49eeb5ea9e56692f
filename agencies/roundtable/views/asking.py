"""What the pages of the round table share: a form that asks and acts once, and an act without a form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from agencies.cases.forms.fields import said_in
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest


def ask(
    request: MemberRequest,
    form: forms.BaseForm,
    *,
    do: Callable[[Any], Any],
    done: str | Promise,
    back: str,
    onward: Callable[[Any], str] | None = None,
    template: str = "roundtable/form.html",
    **values: Any,
) -> HttpResponse:
    """GET shows the form, POST does it; what is refused or came too late stands above what was typed.

    ``onward`` leads to what was made; without it the way leads back.
    """
    conflict, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            with said_in(form):
                made = do(form)
        except Conflict as late:
            conflict = str(late)
        if not conflict and form.is_valid():
            messages.success(request, str(done))
            return redirect(onward(made) if onward else back)
    shown = {"form": form, "back": back, "conflict": conflict, **values}
    return render(request, template, shown, status=409 if conflict else 200)


def act(request: MemberRequest, do: Callable[[], object], *, done: str | Promise, back: str) -> HttpResponse:
    """A button: done at once, or a message that says why not."""
    try:
        do()
    except (Refused, Conflict) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, str(done))
    return redirect(back)
