"""The table of docs/reliability.md is that of the tests."""

from faults.page import PAGE, with_faults


def test_the_document_says_what_the_tests_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_faults(text) == text, "run `make reliability`"
