"""ASGI entry point for uvicorn: pages by Django, sockets by Channels."""

import os
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise hands out files by a synchronous iterator; they are small, and reading them whole is right here.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

pages = get_asgi_application()  # first: what is imported below needs the apps

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from agencies.roundtable.live.origins import OwnOriginOnly  # noqa: E402
from agencies.roundtable.live.routing import websocket_urlpatterns  # noqa: E402
from agencies.roundtable.live.station import lifespan  # noqa: E402

sockets = OwnOriginOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets, "lifespan": lifespan})
