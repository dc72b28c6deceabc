"""One origin hands each path to its door, and runs the lifespans of all."""

import pytest

from launchpad.origin import Origin, door_of


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/", "web"),
        ("/token/abc", "web"),
        ("/api/health", "api"),
        ("/api", "api"),
        ("/apiary", "web"),
        ("/ipfs/cid", "api"),
        ("/metrics", "api"),
        ("/socket.io/", "chat"),
        ("/sync", "api"),
    ],
)
def test_each_path_has_one_door(path, door):
    assert door_of(path) == door


class Door:
    """An app that notes what it is asked."""

    def __init__(self, fails=False):
        self.seen = []
        self.fails = fails

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan":
            self.seen.append((scope["type"], scope["path"], scope["state"]))
            return
        while True:
            message = await receive()
            self.seen.append(message["type"])
            if message["type"] == "lifespan.startup" and self.fails:
                await send({"type": "lifespan.startup.failed", "message": "no database"})
                return
            scope["state"]["key"] = "value"
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return


async def _without_lifespan(scope, _receive, _send):
    if scope["type"] == "lifespan":
        return
    raise AssertionError(scope)


async def _broken(_scope, _receive, _send):
    raise ValueError("broken")


async def _live(origin):
    sent = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    await origin({"type": "lifespan"}, receive, send)
    return sent


async def test_every_door_is_started_and_stopped():
    api, chat = Door(), Door()
    sent = await _live(Origin({"api": api, "chat": chat, "web": _without_lifespan}))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert api.seen == chat.seen == ["lifespan.startup", "lifespan.shutdown"]


async def test_a_door_that_cannot_start_stops_the_others_and_says_why():
    api, chat = Door(), Door(fails=True)
    sent = await _live(Origin({"api": api, "chat": chat, "web": Door()}))
    assert sent == [{"type": "lifespan.startup.failed", "message": "no database"}]
    assert api.seen == ["lifespan.startup", "lifespan.shutdown"]


async def test_a_door_that_breaks_at_start_says_what_broke():
    sent = await _live(Origin({"api": _broken, "chat": Door(), "web": Door()}))
    assert sent == [{"type": "lifespan.startup.failed", "message": "ValueError('broken')"}]


async def test_a_request_reaches_its_door_with_that_doors_state():
    api = Door()
    origin = Origin({"api": api, "chat": Door(), "web": Door()})
    await _live(origin)
    await origin({"type": "http", "path": "/api/health"}, None, None)
    assert api.seen[-1] == ("http", "/api/health", {"key": "value"})
