"""What the rest of the product asks of knowledge/."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from specimen import Folder

from bot.errors import KnowledgeError, NotFound
from bot.knowledge import Knowledge


def test_a_products_own_answer_comes_first(small: Knowledge, spring: date) -> None:
    script = small.script_for("loan_rate", "mortgage", spring)
    assert script is not None and script.id == "loan_rate_mortgage"


def test_without_an_answer_of_its_own_a_product_gets_the_general_one(small: Knowledge, spring: date) -> None:
    script = small.script_for("loan_rate", "car_loan", spring)
    assert script is not None and script.id == "loan_rate"


def test_an_expired_answer_is_never_served(small: Knowledge, autumn: date) -> None:
    script = small.script_for("loan_rate", "mortgage", autumn)
    assert script is not None and script.id == "loan_rate"  # the product's own has expired
    assert small.script_for("loan_rate", None, date(2027, 1, 1)) is None


def test_an_answer_is_served_on_its_first_and_last_day(small: Knowledge) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [small.script_for("card_loss", None, day) is not None for day in days] == [False, True, True, False]


def test_an_expired_answer_is_not_even_rendered(small: Knowledge, autumn: date) -> None:
    with pytest.raises(NotFound):
        small.render(small.script("card_found"), 0, autumn)


def test_an_expired_answer_can_still_be_looked_up(small: Knowledge) -> None:
    assert small.script("card_found").title == "卡找到了"


def test_an_answer_that_does_not_exist(small: Knowledge) -> None:
    with pytest.raises(NotFound):
        small.script("nothing")


def test_what_only_follows_a_choice_is_no_answer_to_a_question(folder: Folder, spring: date) -> None:
    text = (folder.path / "scripts/all.yml").read_text("utf-8")
    answer, rest = text.split("- id: card_found")
    follow_up, others = rest.split("- id: loan_rate\n")
    folder.write("scripts/all.yml", "- id: card_found" + follow_up + answer + "- id: loan_rate\n" + others)
    script = folder.load().script_for("card_loss", None, spring)
    assert script is not None and script.id == "card_loss"


def test_an_unknown_intent_has_no_answer(small: Knowledge, spring: date) -> None:
    assert small.script_for("robbery", None, spring) is None


def test_disclosures_in_force_for_topics(folder: Folder, spring: date) -> None:
    folder.change(
        "disclosures.yml", '"topics": [\n   "fund"\n  ]', '"topics": ["fund", "wealth"], "valid_to": "2026-05-01"'
    )
    known = folder.load()
    assert [d.id for d in known.disclosures_for(["wealth"], spring)] == ["about_wealth", "about_fund"]
    assert [d.id for d in known.disclosures_for({"fund", "loan"}, date(2026, 5, 2))] == ["about_loan"]
    assert known.disclosures_for(["loan"], date(2025, 12, 31)) == ()
    assert known.disclosures_for([], spring) == ()


def test_a_phrase_with_its_blanks_filled(small: Knowledge) -> None:
    assert small.phrase("agent_joined", agent="小李") == ("好的。小李", ())


def test_a_phrase_lacking_a_blank_is_an_error_of_ours(small: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match="wait"):
        small.phrase("queue_notice", place="1")


def test_a_phrase_that_does_not_exist(small: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match="nothing"):
        small.phrase("nothing")


def test_what_a_customer_typed_is_never_filled_again(small: Knowledge) -> None:
    text, _ = small.phrase("complaint_confirm", facts="{contact}{hotline}", contact="{facts}", severity="一般", read="")
    assert text == "好的。{facts}{contact}{hotline}一般"


def test_two_snapshots_of_the_same_files_are_equal(folder: Folder) -> None:
    one, two = folder.load(), folder.load()
    assert one == two and hash(one) == hash(two)
    folder.change("phrases.yml", "好的。", "好的！")
    assert folder.load() != one


def test_the_lexicon_counts_for_the_digest(folder: Folder) -> None:
    before = folder.load().digest
    folder.write("lexicon.txt", "房贷\n按揭\n挂失\n")
    assert folder.load().digest != before


def test_nothing_in_it_can_be_changed(small: Knowledge) -> None:
    with pytest.raises(TypeError):
        small.scripts["x"] = small.script("card_loss")
    with pytest.raises(FrozenInstanceError):
        small.digest = "x"
    with pytest.raises(TypeError):
        small.bank.name = "别的银行"


def test_search_finds_by_title_first(small: Knowledge, spring: date) -> None:
    assert [s.id for s in small.search("卡找到了怎么解除", spring, 2)] == ["card_found", "card_loss"]


def test_search_finds_by_the_words_for_a_product(small: Knowledge, spring: date) -> None:
    assert [s.id for s in small.search("按揭", spring, 5)] == ["loan_rate_mortgage"]


def test_search_never_shows_what_has_expired(small: Knowledge, autumn: date) -> None:
    assert "card_found" not in [s.id for s in small.search("卡找到了", autumn, 5)]


def test_search_keeps_to_its_limit_and_to_what_shares_a_word(small: Knowledge, spring: date) -> None:
    assert len(small.search("利率", spring, 1)) == 1
    assert small.search("天气预报", spring, 5) == []
    assert small.search("  ", spring, 5) == []


@pytest.fixture
def found_by_words(folder: Folder) -> Knowledge:
    folder.change(
        "scripts/all.yml", "  follow_up: true\n", "  follow_up: true\n  when: [找到, 捡到了]\n  unless: [找不到]\n"
    )
    return folder.load()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("我的卡找到了", "card_found"),
        ("我的卡找 到 了", "card_loss"),
        ("卡 撿到了", "card_found"),  # traditional characters are read as simplified ones
        ("卡丢了", "card_loss"),
        ("卡找不到了，后来捡到了一张", "card_loss"),  # unless
    ],
)
def test_a_follow_up_that_the_words_ask_for_comes_before_the_main_answer(
    found_by_words: Knowledge, spring: date, question: str, answer: str
) -> None:
    script = found_by_words.answer_to("card_loss", None, question, spring)
    assert script is not None and script.id == answer


def test_words_ask_for_follow_ups_of_their_own_question_only(found_by_words: Knowledge, spring: date) -> None:
    script = found_by_words.answer_to("loan_rate", None, "找到贷款利率了吗", spring)
    assert script is not None and script.id == "loan_rate"


def test_an_expired_follow_up_is_not_reached_by_words_either(found_by_words: Knowledge, autumn: date) -> None:
    script = found_by_words.answer_to("card_loss", None, "卡找到了", autumn)
    assert script is not None and script.id == "card_loss"


class TestDraft:
    """A script that nobody has approved is loaded and checked, and never said."""

    @pytest.fixture
    def drafted(self, folder: Folder) -> Knowledge:
        approved = "  approved_by: 合规部\n  approved_on: 2025-12-20\n"
        folder.change("scripts/all.yml", approved, "")  # card_loss
        return folder.load()

    def test_is_valid_on_no_day(self, drafted: Knowledge, spring: date) -> None:
        script = drafted.script("card_loss")
        assert script.draft and not script.valid_on(spring)

    def test_answers_nothing(self, drafted: Knowledge, spring: date) -> None:
        assert drafted.script_for("card_loss", None, spring) is None
        assert "card_loss" not in {script.id for script in drafted.search("卡丢了怎么办", spring)}
        with pytest.raises(NotFound):
            drafted.render(drafted.script("card_loss"), 0, spring)

    def test_is_no_button(self, folder: Folder, spring: date) -> None:
        approved = "  valid_to: 2026-06-30\n  approved_by: 合规部\n  approved_on: 2025-12-20\n"
        whole = folder.load()
        folder.change("scripts/all.yml", approved, "  valid_to: 2026-06-30\n")  # card_found
        drafted = folder.load()
        assert "card_found" in {c.id for c in whole.render(whole.script("card_loss"), 0, spring).choices}
        assert "card_found" not in {c.id for c in drafted.render(drafted.script("card_loss"), 0, spring).choices}
