"""What ends soon: with what in its place, or loudly with nothing."""

from __future__ import annotations

from datetime import date

import pytest
from specimen import Folder

from bot.knowledge.expiring import Ending, endings

JUNE = date(2026, 6, 10)


def found(folder: Folder, today: date = JUNE, days: int = 30) -> dict[str, Ending]:
    return {ending.what.split("（")[0].split()[1]: ending for ending in endings(folder.load(), today, days)}


def test_what_ends_within_the_days_and_nothing_else(folder: Folder) -> None:
    assert set(found(folder)) == {"card_found", "loan_rate_mortgage"}
    assert set(found(folder, days=20)) == {"card_found", "loan_rate_mortgage"}
    assert found(folder, days=19) == {}
    assert found(folder, today=date(2026, 6, 30), days=0).keys() == {"card_found", "loan_rate_mortgage"}
    assert found(folder, today=date(2026, 7, 1), days=30) == {}


def test_the_earliest_first(folder: Folder) -> None:
    lasts = [ending.last for ending in endings(folder.load(), JUNE, 300)]
    assert lasts == sorted(lasts) and len(set(lasts)) == 2


def test_without_an_answer_customers_go_to_a_person(folder: Folder) -> None:
    ending = found(folder, date(2026, 12, 20))["card_loss"]
    assert ending.alarming
    assert (
        str(ending)
        == "2026-12-31  话术 card_loss（卡丢了怎么办，第3版）：！！！没有接替，问“挂失补卡”的客户会被转给人工"
    )


def test_the_general_answer_is_no_full_replacement(folder: Folder) -> None:
    ending = found(folder)["loan_rate_mortgage"]
    assert ending.alarming and "由不分产品的 loan_rate 回答" in ending.then


def test_a_successor_is_named_and_is_no_alarm(folder: Folder) -> None:
    folder.write(
        "scripts/next.yml",
        "- id: card_loss_2027\n  version: 4\n  title: 卡丢了\n  intent: card_loss\n  texts: [先挂失。, 打电话。]\n"
        "  valid_from: 2027-01-01\n  valid_to: 2027-12-31\n  approved_by: 合规部\n  approved_on: 2026-12-01\n",
    )
    ending = found(folder, date(2026, 12, 20))["card_loss"]
    assert not ending.alarming and ending.then == "由 card_loss_2027（第4版）接替"


def test_a_successor_that_begins_a_day_late_is_none(folder: Folder) -> None:
    folder.write(
        "scripts/next.yml",
        "- id: card_loss_2027\n  version: 4\n  title: 卡丢了\n  intent: card_loss\n  texts: [先挂失。, 打电话。]\n"
        "  valid_from: 2027-01-02\n  valid_to: 2027-12-31\n  approved_by: 合规部\n  approved_on: 2026-12-01\n",
    )
    assert found(folder, date(2026, 12, 20))["card_loss"].alarming


def test_a_button_goes_with_its_script(folder: Folder) -> None:
    ending = found(folder)["card_found"]
    assert ending.alarming and ending.then == "没有接替，通向它的按钮会消失（card_loss）"


@pytest.mark.parametrize(
    ("more", "alarming", "then"),
    [
        ("", True, "没有接替，主题 loan 的回答将不带任何提示"),
        ("old", True, "没有接替，这些主题只剩 other，请确认是否足够"),
        ("new", False, "由 other 接替"),
    ],
)
def test_mandatory_texts(folder: Folder, more: str, alarming: bool, then: str) -> None:
    ends = '"id": "about_loan",\n  "version": 1, "valid_to": "2026-06-30",'
    folder.change("disclosures.yml", '"id": "about_loan",\n  "version": 1,', ends)
    if more:
        begins = "2026-07-01" if more == "new" else "2025-07-01"
        other = (
            '[{"id": "other", "version": 2, "title": "贷款", "topics": ["loan"], "text": "贷款另一条提示。", '
            f'"legal_basis": "样例", "confirmed": true, "valid_from": "{begins}"}},'
        )
        folder.change("disclosures.yml", "[", other)
    ending = found(folder)["about_loan"]
    assert (ending.alarming, ending.then) == (alarming, then)


def test_a_mandatory_text_that_a_script_names_stops_it(folder: Folder) -> None:
    ends = '"id": "about_fee",\n  "version": 1, "valid_to": "2026-06-30",'
    folder.change("disclosures.yml", '"id": "about_fee",\n  "version": 1,', ends)
    folder.change(
        "scripts/all.yml",
        "  figures: [card_fee, card_days]",
        "  disclosures: [about_fee]\n  figures: [card_fee, card_days]",
    )
    ending = found(folder)["about_fee"]
    assert ending.alarming and ending.then == "话术 card_loss 写明要带它，之后发不出去"
