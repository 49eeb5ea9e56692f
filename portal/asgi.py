"""ASGI entry point for uvicorn."""

import os
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise hands out files by a synchronous iterator; they are small, and reading them whole is right here.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_asgi_application()
