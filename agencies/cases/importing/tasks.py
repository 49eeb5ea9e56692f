"""Jobs of the import: dry run and writing, and the clocks that revive and forget."""

from django.db import connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from agencies.cases.importing import checking, progress, writing

ATTEMPTS = 4
RETRY = RetryStrategy(max_attempts=ATTEMPTS, wait=5)
_BROKEN = (
    "Ein technischer Fehler hat den Import beendet. Lesen Sie die Datei erneut ein: "
    "Was schon eingelesen ist, bleibt unverändert."
)


@app.task(name="cases.check_import", retry=RETRY, pass_context=True)
def check_import(context: JobContext, *, batch: str, member: int) -> None:
    """Dry run."""
    _run(checking.check, context, batch, member)


@app.task(name="cases.write_import", retry=RETRY, pass_context=True)
def write_import(context: JobContext, *, batch: str, member: int) -> None:
    """Write what was confirmed."""
    _run(writing.write, context, batch, member)


def _run(job, context: JobContext, batch: str, member: int) -> None:  # type: ignore[no-untyped-def]
    """A refusal ends the import with its sentence; a fault is tried again, and at last ends it too."""
    try:
        job(batch, member)
    except progress.Stopped as answer:
        progress.stop(batch, member, str(answer))
    except Exception:
        if context.job.attempts >= ATTEMPTS:
            progress.stop(batch, member, _BROKEN)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="cases.revive_imports", queueing_lock="cases.revive_imports")
async def revive_imports(timestamp: int) -> None:
    """Start imports again whose worker has died; they go on where it stopped."""
    for task in (check_import, write_import):
        for job in await app.job_manager.get_stalled_jobs(task_name=task.name):
            await app.job_manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(name="cases.forget_imports", queueing_lock="cases.forget_imports")
def forget_imports(timestamp: int) -> None:
    """Delete files and rows after 24 hours; the database function needs no member's context."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_old_imports()")
