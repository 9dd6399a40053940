"""The gallery shows what is committed."""

from gallery import PAGE, gallery, one_line


def test_the_gallery_is_that_of_the_answers() -> None:
    assert PAGE.read_text(encoding="utf-8") == gallery(), "make gallery"


def test_an_answer_is_cut_between_its_parts() -> None:
    assert (
        one_line("By 2026. Income rises. " + "Debt falls. " * 9)
        == "By 2026. Income rises. Debt falls. Debt falls. Debt falls. Debt falls."
    )
    long = one_line(f"Income, {'a' * 100} (1, 2), debt; {'b' * 100}")
    assert long == f"Income, {'a' * 100} (1, 2), debt; and more."
