from launchpad.backoff import Backoff


async def test_pauses_double_up_to_the_longest_and_begin_anew_once_something_worked():
    backoff = Backoff(first=0.001, longest=0.003)
    pauses = []
    for _ in range(4):
        pauses.append(backoff.seconds)
        await backoff.wait()
    backoff.worked()
    assert pauses == [0.001, 0.002, 0.003, 0.003]
    assert backoff.seconds == 0.001
