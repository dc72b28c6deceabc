import pytest

from launchpad.sizing import USED, Audience, egress_mbit, parts, within_reach


def _needed(**changes):
    return {part.name: part for part in parts(Audience(**({"users": 10_000, "trades": 50} | changes)))}


@pytest.mark.parametrize("change", [{"users": 100_000}, {"trades": 5_000}, {"tokens": 500_000}])
def test_more_of_anything_never_needs_less(change):
    little, much = _needed(), _needed(**change)
    for name, part in little.items():
        assert much[name].pods >= part.pods
        assert much[name].cores >= part.cores
        assert much[name].mib >= part.mib
    assert much != little


def test_doors_are_two_at_least_and_none_is_busier_than_it_should_be():
    for users in (1, 1_000, 100_000):
        needed = _needed(users=users)
        for name in ("web", "api", "chat"):
            assert needed[name].pods >= 2
            assert needed[name].cores / needed[name].pods <= USED


def test_sockets_that_do_nothing_still_need_memory():
    assert _needed(users=1_000_000, trades=0, pages=0)["chat"].pods == 49


def test_what_one_process_must_do_alone_has_a_limit():
    assert within_reach(Audience(users=1, trades=1_000))
    assert not within_reach(Audience(users=1, trades=20_000))


def test_everybody_on_the_lists_hears_every_trade():
    audience = Audience(users=1_000, trades=10, on_lists=1.0, on_token=0.0)
    assert egress_mbit(audience) == 1_000 * 10 * 400 * 8 / 1e6
