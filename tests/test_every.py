import pytest

from tests.every import every


def test_each_case_is_tried_and_each_that_fails_is_named():
    tried = []

    @every([1, 2, 3])
    def odd(number):
        tried.append(number)
        assert number == 2

    with pytest.raises(ExceptionGroup, match="2 of 3 cases") as failed:
        odd()
    assert tried == [1, 2, 3]
    assert [error.__notes__ for error in failed.value.exceptions] == [["the case: (1,)"], ["the case: (3,)"]]


def test_no_cases_are_no_test():
    with pytest.raises(AssertionError):
        every([])
