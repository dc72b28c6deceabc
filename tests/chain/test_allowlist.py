"""Allowlists: every wallet on one has a proof, and nobody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from launchpad.chain import allowlist
from launchpad.chain.allowlist import InvalidAllowlistError
from tests.programs.opening import Tree


def wallets(count: int) -> list[str]:
    return [str(Pubkey(bytes([number % 256, number // 256] * 16))) for number in range(1, count + 1)]


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 70), pick=st.integers(0, 69))
def test_every_wallet_has_a_proof_that_serves_no_other(count: int, pick: int) -> None:
    names = wallets(count)
    tree = allowlist.tree(names)
    wallet, stranger = names[pick % count], wallets(100)[99]
    proof = tree.proof(wallet)
    assert proof is not None
    assert allowlist.is_listed(tree.root, wallet, proof)
    assert not allowlist.is_listed(tree.root, stranger, proof)
    assert not allowlist.is_listed(bytes(32), wallet, proof)
    assert tree.proof(stranger) is None
    assert len(proof) <= max(count - 1, 0).bit_length()


def test_the_order_and_repetitions_of_wallets_do_not_matter() -> None:
    names = wallets(9)
    assert allowlist.tree(names).root == allowlist.tree([*reversed(names), names[3]]).root


def test_the_tree_is_the_programs_own() -> None:
    by_leaf = sorted((Pubkey.from_string(name) for name in wallets(7)), key=lambda key: allowlist.leaf(str(key)))
    model = Tree(tuple(by_leaf))
    tree = allowlist.tree(wallets(7))
    assert tree.root == model.root
    assert [tree.proof(str(key)) for key in by_leaf] == [model.proof(key) for key in by_leaf]


def test_a_list_names_somebody_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidAllowlistError):
        allowlist.tree([])
    monkeypatch.setattr(allowlist, "MAX_WALLETS", 3)
    with pytest.raises(InvalidAllowlistError):
        allowlist.tree(wallets(4))
