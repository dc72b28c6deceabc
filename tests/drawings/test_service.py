"""Drawings are kept per account and token, and nobody overwrites what he has not seen."""

import asyncio
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from launchpad.drawings import service
from launchpad.drawings.errors import DrawingsConflictError, DrawingsQuotaError
from launchpad.drawings.schemas import DrawingsChange
from launchpad.tables.accounts import Account
from tests.web.market import new_address


def line(name: str, price: str = "0.000000028", **changes: object) -> dict[str, object]:
    return {"id": name, "kind": "level", "points": [{"time": 1_790_000_000, "price": price}]} | changes


def change(revision: int, *drawings: dict[str, object]) -> DrawingsChange:
    return DrawingsChange.model_validate({"revision": revision, "drawings": list(drawings)})


@pytest.fixture
async def desk(database):
    """An account with a token, and its drawings."""
    address, mint = new_address(), new_address()
    async with database.session() as session:
        await session.execute(insert(Account), {"address": address})

    async def save(revision, *drawings, mint=mint):
        return await service.save(database, address, mint, change(revision, *drawings))

    async def read():
        return await service.read(database, address, mint)

    return SimpleNamespace(save=save, read=read, address=address, mint=mint)


async def test_where_nothing_was_drawn_the_revision_is_zero(desk):
    found = await desk.read()
    assert (found.revision, found.drawings, found.updated_at) == (0, [], None)


async def test_what_was_kept_comes_back_with_the_next_revision(desk):
    note = line("b", kind="note", text="Bought here")
    assert (await desk.save(0, line("a"), note)).revision == 1
    found = await desk.read()
    assert [drawing.id for drawing in found.drawings] == ["a", "b"]
    assert found.drawings[1].text == "Bought here"
    assert (await desk.save(1, line("a"))).revision == 2
    assert (await desk.save(2)).drawings == []


async def test_who_did_not_see_the_last_change_is_told_what_it_was(desk):
    await desk.save(0, line("a"))
    await desk.save(1, line("a"), line("b"))
    for stale in (0, 1, 3):
        with pytest.raises(DrawingsConflictError) as told:
            await desk.save(stale, line("c"))
        assert told.value.details["revision"] == 2
        assert [drawing["id"] for drawing in told.value.details["drawings"]] == ["a", "b"]
    assert len((await desk.read()).drawings) == 2


async def test_of_two_writers_at_once_exactly_one_wins(desk):
    answers = await asyncio.gather(*(desk.save(0, line(name)) for name in "abcd"), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["DrawingsConflictError"] * 3 + ["DrawingsView"]
    assert (await desk.read()).revision == 1


async def test_a_token_has_room_for_so_many_bytes(desk):
    notes = [line(f"n{number}", kind="note", text="é" * 280) for number in range(90)]
    with pytest.raises(DrawingsQuotaError, match="delete some"):
        await desk.save(0, *notes)
    assert (await desk.read()).revision == 0


async def test_an_account_has_room_for_so_many_bytes(desk, monkeypatch):
    await desk.save(0, line("a"))
    monkeypatch.setattr(service, "BYTES_OF_ACCOUNT", 400)
    with pytest.raises(DrawingsQuotaError, match="no more room"):
        await desk.save(0, line("a"), mint=new_address())
    assert (await desk.save(1)).revision == 2


@pytest.mark.parametrize(
    "broken",
    [
        line("a", kind="trend"),
        line("a", text="only notes speak"),
        line("a", kind="circle"),
        line("a b"),
        line("a", price="-1"),
        line("a", price="1e-9"),
        line("a", points=[]),
    ],
)
def test_what_is_no_drawing_is_refused(broken):
    with pytest.raises(ValidationError):
        change(0, broken)


def test_no_two_drawings_share_an_id():
    with pytest.raises(ValidationError, match="same id"):
        change(0, line("a"), line("a"))
