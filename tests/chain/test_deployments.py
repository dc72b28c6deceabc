"""Deployed programs against built ones, on the cluster."""

import base64
import hashlib
from pathlib import Path

import pytest

from launchpad.chain import deployments, keys
from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS, SYSTEM, TOKEN
from launchpad.chain.deployments import NoProgramError, code_hash, fetch_deployment, security_text
from tests.chain.nodes import Node


@pytest.mark.parametrize("name", PROGRAMS)
async def test_what_the_cluster_runs_is_what_was_built(chain, cluster, name):
    found = await fetch_deployment(chain.rpc, PROGRAMS[name])
    assert (found.name, found.matches) == (name, True)
    assert found.authority == keys.address_of(cluster.admin)
    assert found.slot is not None
    assert found.security["name"] == f"Launchpad {name}"
    built = (Path(deployments.__file__).parent / "programs" / f"{name}.so").read_bytes()
    assert found.code_hash == hashlib.sha256(built.rstrip(b"\x00")).hexdigest()


async def test_other_bytes_are_told(chain, monkeypatch):
    monkeypatch.setattr(deployments, "built_hash", lambda _: "ab" * 32)
    assert not (await fetch_deployment(chain.rpc, BONDING_CURVE)).matches


async def test_a_program_of_somebody_else_is_described_without_a_verdict(chain):
    found = await fetch_deployment(chain.rpc, TOKEN)
    assert (found.name, found.built_hash, found.matches) == (None, None, False)
    assert found.code_bytes > 1_000


@pytest.mark.parametrize(
    ("address", "said"),
    [(SYSTEM, "own software"), (keys.address_of(keys.generate()), "no program")],
    ids=["own", "none"],
)
async def test_what_is_no_program_with_code_is_refused(chain, address, said):
    with pytest.raises(NoProgramError, match=said):
        await fetch_deployment(chain.rpc, address)


async def test_a_closed_program_has_no_code():
    pointer = base64.b64encode(bytes((2, 0, 0, 0)) + bytes(32)).decode()
    accounts = [{"owner": deployments.UPGRADEABLE_LOADER, "executable": True, "data": [pointer, "base64"]}, None]
    async with Node(lambda *_: {"value": accounts.pop(0)}) as node, deployments.RpcPool([node.url]) as pool:
        with pytest.raises(NoProgramError, match="closed"):
            await fetch_deployment(pool, BONDING_CURVE)


def test_padding_is_no_part_of_a_program():
    assert code_hash(b"code\x00\x00") == code_hash(b"code")
    assert deployments.built_hash("no_such_program") is None


@pytest.mark.parametrize(
    "code",
    [
        b"code",
        b"=======BEGIN SECURITY.TXT V1=======\x00name\x00Ours\x00",
        b"=======BEGIN SECURITY.TXT V1=======\x00name\x00=======END SECURITY.TXT V1=======\x00",
    ],
    ids=["nothing", "no end", "a key without a value"],
)
def test_what_is_no_security_text_says_nothing(code):
    assert security_text(code) == {}
