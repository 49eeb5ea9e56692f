"""The comparison: LISTEN and ``websockets``, and nothing else; no session, no rights, no reconnecting.

``python -m portal.bench.bare_bell PORT CONNINFO`` serves until it is killed.
"""

import sys
from collections import defaultdict

import psycopg
import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

CHANNEL = "bare_meeting"

clients: defaultdict[str, set[ServerConnection]] = defaultdict(set)


def frame_of(payload: str) -> str:
    meeting, version = payload.split(":")
    return f'{{"meeting":"{meeting}","version":{version}}}'


async def join(client: ServerConnection) -> None:
    assert client.request
    meeting = client.request.path.strip("/").split("/")[-1]
    clients[meeting].add(client)
    await client.send(frame_of(f"{meeting}:0"))
    await client.wait_closed()
    clients[meeting].discard(client)


async def main(port: int, conninfo: str) -> None:
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
    await connection.execute(f"LISTEN {CHANNEL}")
    async with serve(join, "127.0.0.1", port, compression=None):
        async for notice in connection.notifies():
            broadcast(clients[notice.payload.split(":")[0]], frame_of(notice.payload))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
