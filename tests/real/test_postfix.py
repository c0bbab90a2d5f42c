"""What Portero says of Postfix 3.7 and of postscreen, in settings that people have."""

from typing import Any

import pytest

from tests.real.keys import Authority
from tests.real.postfix_cases import CASES
from tests.real.running import check, codes, told

NOT_YET: dict[str, str] = {}
"""Cases that Portero does not judge right yet, and what is wrong."""


def _cases() -> list[Any]:
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=NOT_YET[name], strict=True)) if name in NOT_YET else name
        for name in CASES
    ]


@pytest.mark.usefixtures("controls")
@pytest.mark.parametrize("name", _cases())
def test_postfix_is_judged_by_what_was_seen(name: str, authority: Authority):
    case = CASES[name]
    document = check(f"{name}.real.test", *map(str, case.ports), ca=authority.root)
    words = told(document)
    assert document["verdict"] == case.verdict, words
    assert [code for code in case.must if code not in codes(document)] == [], words
    assert [one for one in case.never if one in words] == [], words
    assert [one for one in case.said if one not in words] == [], words
