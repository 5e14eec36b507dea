"""Files that cannot be read as they are: the clerk is told the file, the line and what to do."""

from __future__ import annotations

import pytest
from specimen import Folder

from bot.errors import KnowledgeError
from bot.knowledge.loading import try_load


def test_the_specimen_has_no_problem(folder: Folder) -> None:
    assert folder.problems() == []


def test_a_tab_in_the_indentation_is_named(folder: Folder) -> None:
    folder.change("figures.yml", "  label: 补卡时间", "\tlabel: 补卡时间")
    assert folder.the_problem() == "figures.yml 第9行：缩进里有制表符（Tab），请改成空格"


def test_a_colon_in_a_text_without_quotes_is_named(folder: Folder) -> None:
    folder.change("scripts/all.yml", "title: 卡找到了", "title: 卡: 找到了")
    assert "scripts/all.yml 第18行：冒号用在了不该用的地方" in folder.the_problem()


def test_a_broken_file_does_not_make_others_look_broken(folder: Folder) -> None:
    folder.change("figures.yml", "  label: 补卡时间", "\tlabel: 补卡时间")
    assert [p for p in folder.problems() if not p.startswith("figures.yml")] == []


def test_a_field_given_twice_is_refused(folder: Folder) -> None:
    folder.change("figures.yml", "  unit: 元\n", "  unit: 元\n  unit: 角\n")
    assert folder.the_problem() == "figures.yml 第5行，第1项 › unit 单位：同一个字段写了两次，只能保留一个"


def test_an_empty_file_is_refused(folder: Folder) -> None:
    folder.write("figures.yml", "# 还没有写\n")
    assert folder.the_problem() == "figures.yml 第1行：文件是空的"


@pytest.mark.parametrize("file", ["bank.yml", "figures.yml", "phrases.yml", "guard.yml", "lexicon.txt"])
def test_a_missing_file_is_named_once(folder: Folder, file: str) -> None:
    (folder.path / file).unlink()
    assert folder.the_problem() == f"{file} 第1行：缺少这个文件"


def test_no_scripts_at_all(folder: Folder) -> None:
    (folder.path / "scripts/all.yml").unlink()
    assert any("没有话术文件" in problem for problem in folder.problems())


def test_a_file_that_nobody_reads_is_reported(folder: Folder) -> None:
    folder.write("script/loans.yml", "[]")
    assert folder.the_problem().startswith("script/loans.yml 第1行：系统不读取这个文件")


def test_another_encoding_is_named(folder: Folder) -> None:
    (folder.path / "figures.yml").write_bytes("- id: 利率".encode("gb18030"))
    assert "不是 UTF-8 编码" in folder.the_problem()


def test_another_encoding_of_the_lexicon_is_named(folder: Folder) -> None:
    (folder.path / "lexicon.txt").write_bytes("房贷".encode("gb18030"))
    assert "不是 UTF-8 编码" in folder.the_problem()


def test_a_list_where_fields_belong(folder: Folder) -> None:
    folder.write("bank.yml", "- name: 样例银行\n")
    assert "整个文件的写法不对" in folder.the_problem()


def test_fields_where_a_list_belongs(folder: Folder) -> None:
    folder.write("branches.yml", "id: main\n")
    assert "应当是清单" in folder.the_problem()


def test_an_entry_that_is_no_group_of_fields(folder: Folder) -> None:
    folder.write("branches.yml", "- 总行\n")
    assert folder.the_problem() == "branches.yml 第1行，第1项：这一条的写法不对（应当是一组“字段: 内容”）"


def test_a_text_that_contains_itself_ends(folder: Folder) -> None:
    folder.write("branches.yml", "- &a [*a]\n")
    assert any("内容引用了它自己" in problem for problem in folder.problems())


def test_a_folder_that_is_not_there(folder: Folder) -> None:
    knowledge, problems = try_load(folder.path / "nowhere")
    assert knowledge is None
    assert [str(p) for p in problems] == ["nowhere 第1行：没有这个文件夹"]


def test_all_problems_come_at_once_and_in_order(folder: Folder) -> None:
    folder.change("figures.yml", "  source: 《价目表》\n", "")
    folder.change("figures.yml", "as_of: 2026-10-01", "as_of: 去年")
    folder.change("scripts/all.yml", "product: mortgage", "product: mortgag")
    with pytest.raises(KnowledgeError) as caught:
        folder.load()
    lines = str(caught.value).splitlines()
    assert lines[0] == "knowledge 中有 3 处错误："
    assert [line.split("，")[0] for line in lines[1:]] == [
        "figures.yml 第1行",
        "figures.yml 第19行",
        "scripts/all.yml 第40行",
    ]
    assert len(caught.value.extra["problems"]) == 3
