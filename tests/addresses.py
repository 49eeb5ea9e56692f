"""All named addresses of the installation, and how a test fills in their parts."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(
    resolver: URLResolver | None = None, namespace: str = "", given: tuple[str, ...] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every name with its namespace, and per part of the address the converter that reads it."""
    for entry in (resolver or get_resolver()).url_patterns:
        parts = (*given, *((f"{name}:{type(c).__name__}") for name, c in entry.pattern.converters.items()))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, parts)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else f"{namespace}?{entry.pattern}"
            yield name, dict(part.split(":") for part in parts)
