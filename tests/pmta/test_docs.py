from commands.pmta.docs import PAGE, page


def test_the_page_of_rules_is_what_the_rules_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m commands.pmta.docs"
