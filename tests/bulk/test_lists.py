"""Lists of recipients as people write them."""

import pytest

from launchpad.chain import keys
from launchpad.chain.bulk.items import MAX_ITEMS, BulkRefusedError, Wanted
from launchpad.chain.bulk.lists import ListTooLongError, parse
from launchpad.errors import InvalidInputError

ALICE, BOB, MINT, OTHER = (keys.address_of(keys.generate()) for _ in range(4))


@pytest.mark.parametrize("comma", [",", ";", "\t", " , "])
def test_columns_are_parted_by_commas_semicolons_or_tabs(comma):
    text = f"\ufeffwallet{comma}amount\n\n# the team\n{ALICE}{comma}12.5\r\n{BOB}{comma}3{comma}{OTHER}\nburn{comma}1\n"
    items, lines = parse(text, MINT)
    assert items == [
        Wanted("transfer", MINT, ALICE, tokens="12.5"),
        Wanted("transfer", OTHER, BOB, tokens="3"),
        Wanted("burn", MINT, tokens="1"),
    ]
    assert lines == [4, 5, 6]


def test_every_line_at_fault_is_named_by_its_number():
    text = "\n".join(
        [
            f"{ALICE},1",
            "nobody,1",
            f"{BOB},one",
            f"{BOB},-1",
            f'{BOB},"1,000"',
            f"{BOB}",
            f"{BOB},1,nothing",
            f"{BOB},1,{MINT},more",
        ]
    )
    with pytest.raises(BulkRefusedError) as refused:
        parse(text, MINT)
    told = {each["line"]: each["code"] for each in refused.value.details["items"]}
    assert told == {
        2: "INVALID_ADDRESS",
        3: "INVALID_AMOUNT",
        4: "INVALID_AMOUNT",
        5: "INVALID_AMOUNT",
        6: "INVALID_LINE",
        7: "INVALID_ADDRESS",
        8: "INVALID_LINE",
    }
    assert refused.value.message.startswith("7 lines cannot be read")


def test_a_list_needs_a_token_and_something_to_do():
    with pytest.raises(BulkRefusedError) as refused:
        parse(f"{ALICE},1")
    assert refused.value.details["items"][0]["code"] == "NO_TOKEN"
    with pytest.raises(InvalidInputError, match="empty"):
        parse("wallet,amount\n# nobody yet\n", MINT)


def test_too_many_lines_are_refused():
    with pytest.raises(ListTooLongError):
        parse("\n".join([f"{ALICE},1"] * (MAX_ITEMS + 1)), MINT)
