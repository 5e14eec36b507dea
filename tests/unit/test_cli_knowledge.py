"""`qiantai knowledge ...` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from bot import cli

ROOT = Path(__file__).resolve().parents[2]
Typing = Callable[..., tuple[int, str]]


@pytest.fixture
def knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copytree(ROOT / "knowledge", tmp_path / "knowledge")
    monkeypatch.setenv("QIANTAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QIANTAI_KNOWLEDGE", str(tmp_path / "knowledge"))
    monkeypatch.delenv("QIANTAI_ENV", raising=False)
    return tmp_path / "knowledge"


@pytest.fixture
def typed(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> Typing:
    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["knowledge", *words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out + said.err

    return run


@pytest.mark.parametrize("command", [["knowledge", "check"], ["check-knowledge"]])
@pytest.mark.parametrize("named", [True, False])
def test_check_by_both_names(
    knowledge: Path, capsys: pytest.CaptureFixture[str], command: list[str], named: bool
) -> None:
    assert cli.main([*command, *([str(knowledge)] if named else [])]) == 0
    assert "没有错误" in capsys.readouterr().out
    (knowledge / "figures.yml").write_text("- {id: x}\n", "utf-8")
    assert cli.main([*command, *([str(knowledge)] if named else [])]) == 1


@pytest.mark.parametrize("command", [["knowledge", "check"], ["check-knowledge"]])
def test_check_looks_at_the_address_for_customers_where_one_is_set(
    knowledge: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("QIANTAI_PUBLIC_URL", "https://chat.bank.example")
    assert cli.main([*command, str(knowledge)]) == 0
    monkeypatch.setenv("QIANTAI_PUBLIC_URL", "https://chat.elsewhere.test")
    assert cli.main([*command, str(knowledge)]) == 1
    told = capsys.readouterr().err
    assert "QIANTAI_PUBLIC_URL: 'chat.elsewhere.test' is none of the bank's domains (bank.example)" in told


def test_diff(typed: Typing) -> None:
    code, out = typed("diff", "2026-11-01", "2100-01-01")
    assert code == 0 and "【话术】" in out and "没有话术了，客户会被转给人工！" in out
    assert typed("diff", "2100-01-01", "2026-11-01")[0] == 1


def test_expiring_ends_with_one_where_nothing_takes_the_place(typed: Typing) -> None:
    assert typed("expiring", "--days", "3650")[0] == 1
    code, out = typed("expiring", "--days", "0")
    assert (code, out.splitlines()[-1].endswith("天内到期 0 项，没有接替的 0 项。")) == (0, True)


def test_show(typed: Typing) -> None:
    code, out = typed("show", "loan_rate", "--product", "mortgage", "--date", "2026-11-22", "--channel", "wechat")
    assert code == 0 and "回复数字选择" in out and "请理性借贷" in out
    assert "按钮：" in typed("show", "loan_rate", "--product", "mortgage", "--date", "2026-11-22")[1]
    assert typed("show", "--date", "2026-11-22")[1].startswith("2026-11-22 有效的话术 ")
    assert typed("show", "nothing") == (
        1, "qiantai: there is no intent and no script nothing; see `qiantai knowledge show` without a name\n"
    )  # fmt: skip


def test_unconfirmed_with_their_basis(typed: Typing) -> None:
    code, out = typed("unconfirmed")
    assert code == 0 and "loan_cost（贷款综合融资成本与理性借贷" in out and "  依据：中国人民银行公告" in out
    assert "deposit_insurance" not in out


def test_import_rates(typed: Typing, knowledge: Path, tmp_path: Path) -> None:
    table, figures = tmp_path / "rates.csv", knowledge / "figures.yml"
    before = figures.read_bytes()
    table.write_bytes("\ufeffid,value,as_of\r\nmortgage_rate_low,３．００,2026-11-20\r\n".encode())
    code, out = typed("import-rates", str(table), "--dry-run")
    assert code == 0 and "会改 1 个数字" in out and "仍标着样例" in out and figures.read_bytes() == before
    assert typed("import-rates", str(table))[0] == 0 and 'value: "3.00"' in figures.read_text("utf-8")
    table.write_text("id,value,as_of\nmortgage_rate_low,30,2026-11-20\n", "utf-8")
    code, out = typed("import-rates", str(table))
    assert code == 1 and "rates.csv 第2行，mortgage_rate_low" in out and "什么都没有写入" in out
    assert typed("import-rates", str(table), "--force", "mortgage_rate_low")[0] == 0
    assert typed("import-rates", str(tmp_path / "nothing.csv"))[0] == 1


def test_export(typed: Typing, tmp_path: Path) -> None:
    page = tmp_path / "loan.html"
    assert typed("export", "loan", "-o", str(page))[0] == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    code, out = typed("export", "loan", "-o", str(tmp_path / "no" / "loan.html"))
    assert code == 1 and out.startswith("qiantai: ") and len(out.splitlines()) == 1
    assert typed("export", "boats", "-o", str(page))[0] == 1


@pytest.mark.parametrize(
    "words",
    [["diff", "heute", "2026-01-01"], ["expiring", "--days", "-1"], ["show", "--date", "1.1."], ["export", "loan"], []],
)
def test_what_cannot_be_meant_shows_how_to_use_it(knowledge: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["knowledge", *words])
    assert ended.value.code == 2
