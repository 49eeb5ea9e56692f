"""Pages of the import: upload and list, columns, report with progress, and the way back for faulty rows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.cases.importing import actions, batches, report, returning
from agencies.cases.importing.forms import ColumnsForm, RowFilter, SheetForm, UploadForm
from agencies.cases.importing.models import ImportBatch, ImportState
from agencies.errors import Conflict, Refused
from agencies.http import MemberRequest

PAGE_SIZE = 50
OPEN = (ImportState.UPLOADED, ImportState.CHECKED)


@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """The form for a new file, and below it the imports of the agency."""
    found = batches.of_agency(request.member)
    form = UploadForm(request.POST or None, request.FILES or None, teams=batches.teams(request.member))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.upload(
                by=request.member, team=form.cleaned_data["team"], filename=file.name, data=file.read()
            )
            return redirect("cases:import_map", batch.pk)
        except (ValueError, Refused) as error:
            form.add_error("file", str(error))
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(request, "cases/import/list.html", {"form": form, "page": page})


@require_http_methods(["GET", "POST"])
def choose_columns(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Which column fills which field; sends the file to the dry run."""
    batch = batches.own(request.member, pk)
    if batch.state not in OPEN:
        return redirect(batch)
    form = _columns_form(request, batch)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(batch, form.columns(), by=request.member)
        except Conflict as answer:
            messages.warning(request, str(answer))
        return redirect(batch)
    values = {"batch": batch, "form": form, "sheets": batch.file.sheets}
    return render(request, "cases/import/columns.html", values)


def _columns_form(request: MemberRequest, batch: ImportBatch) -> ColumnsForm:
    chosen = actions.initial_columns(batch)
    return ColumnsForm(
        request.POST or None,
        headers=batch.file.headers,
        samples=batch.file.samples,
        possible=actions.possible_columns(batch),
        initial={f"column_{column}": target for column, target in chosen.items()},
    )


@require_POST
def choose_sheet(request: MemberRequest, pk: UUID) -> HttpResponse:
    batch = batches.own(request.member, pk)
    if batch.state not in OPEN:
        return redirect(batch)
    form = SheetForm(request.POST, sheets=batch.file.sheets)
    try:
        actions.choose_sheet(batch, form.data.get("sheet", ""), by=request.member)
    except (ValueError, Refused, Conflict) as error:
        messages.error(request, str(error))
    return redirect("cases:import_map", batch.pk)


@require_GET
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Where the import stands: progress while a job runs, else the report row by row."""
    batch = batches.own(request.member, pk)
    if batch.state == ImportState.UPLOADED:
        return redirect("cases:import_map", batch.pk)
    values: dict[str, Any] = {"batch": batch, **report.standing(batch)}
    if not batch.is_running:
        values["filter"] = form = RowFilter(request.GET or None)
        kind = form.cleaned_data["kind"] if form.is_valid() else ""
        page = Paginator(report.rows(batch, kind), PAGE_SIZE).get_page(request.GET.get("page"))
        values["page"] = report.described(page)
    return render(request, "cases/import/report.html", values)


@require_GET
def progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The bar, asked for each second; when the job is over the whole page is to be loaded again."""
    batch = batches.own(request.member, pk)
    if not batch.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "cases/import/_progress.html", {"batch": batch, **report.standing(batch)})


@require_POST
def act(request: MemberRequest, pk: UUID, act: str) -> HttpResponse:
    """Confirm, cancel or discard."""
    batch = batches.own(request.member, pk)
    try:
        {"confirm": actions.confirm, "cancel": actions.cancel, "discard": actions.discard}[act](
            batch, by=request.member
        )
    except Conflict as answer:
        messages.warning(request, str(answer))
    else:
        if act == "discard":
            messages.success(request, _("Der Import ist verworfen, die Datei gelöscht."))
            return redirect("cases:import")
    return redirect(batch)


@require_GET
def faulty_rows(request: MemberRequest, pk: UUID, kind: str) -> HttpResponse:
    """The rows that stayed out, as a file to correct."""
    batch = batches.own(request.member, pk)
    if batch.is_running or not report.returned(batch):
        raise Http404
    return returning.as_xlsx(batch) if kind == "xlsx" else returning.as_csv(batch)
