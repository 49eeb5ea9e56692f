"""The addresses of the sockets."""

from django.urls import path, re_path

from agencies.roundtable.live.consumers import MeetingConsumer, NowhereConsumer, RoomConsumer

websocket_urlpatterns = [
    path("ws/runder-tisch/<uuid:meeting>/", MeetingConsumer.as_asgi()),
    path("ws/runder-tisch/<uuid:meeting>/raum/<str:room_key>/", RoomConsumer.as_asgi()),
    re_path("", NowhereConsumer.as_asgi()),
]
