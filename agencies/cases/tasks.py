"""Jobs of the cases; the queue looks for them in this module."""

from agencies.cases.importing import tasks as import_tasks

__all__ = ["import_tasks"]
