"""The signing key of a demo or development checkout, kept so that sessions survive a restart."""

import os
import secrets
from pathlib import Path


def local_key(folder: Path) -> str:
    """Read the key from ``folder``, made at the first call; safe when several processes start at once."""
    path = folder / "secret_key"
    folder.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with open(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()
