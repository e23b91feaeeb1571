"""Every kind of paper from the pages' example views: the same bytes in any process, and nothing in it is markup."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from commons.errors import NotFound, Unavailable
from marketplace.papers import setting
from marketplace.papers.document import MAX_ROWS, Column, Paper, facts, table
from marketplace.papers.setting import FONTS, Setter, data_of, pdf_of
from marketplace.usecases.read_archive import ArchivedEvent, ArchivedFile, ArchiveFile
from marketplace.web.papers.archive_index import archive_index
from marketplace.web.papers.award_notice import award_notice
from marketplace.web.papers.contract_template import contract_template
from marketplace.web.papers.credit_report import credit_report
from marketplace.web.papers.demand_notice import demand_notice
from marketplace.web.views.agencies import AgencyView
from marketplace.web.views.awards import AwardView
from marketplace.web.views.demands import DemandView
from tests.web import examples

pytestmark = pytest.mark.skipif(
    not FONTS.exists() and os.environ.get("CI") != "true", reason="the build hook has not fetched the font"
)
BASE = "https://market.example"
AT = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)
A4 = (595, 842)


def views(kind: type) -> list[object]:
    """The example views of a kind."""
    return [view for view, _ in examples.pages().values() if isinstance(view, kind)]


def archive() -> ArchiveFile:
    events = tuple(
        ArchivedEvent(kind, AT, sha256(kind.encode()).hexdigest())
        for kind in ("demand.posted", "offer.placed", "x.new")
    )
    return ArchiveFile(events, (ArchivedFile("报告.pdf", 1234, "ab" * 32),))


def papers() -> Iterator[tuple[str, Paper]]:
    """Every kind for every example view."""
    for number, view in enumerate(views(AwardView)):
        assert isinstance(view, AwardView)
        yield f"award {number}", award_notice(view, base=BASE, is_example=True)
        yield f"archive {number}", archive_index(archive(), view, base=BASE, is_example=True)
        if view.winner is not None:
            code = view.winner.uscc
            yield f"contract {number}", contract_template(view, owner_code=code, base=BASE, is_example=True)
    for number, view in enumerate(views(DemandView)):
        assert isinstance(view, DemandView)
        yield f"demand {number}", demand_notice(view, base=BASE, is_example=False)
    for number, view in enumerate(views(AgencyView)):
        assert isinstance(view, AgencyView)
        yield f"credit {number}", credit_report(view, base=BASE, at=AT, is_example=True)


PAPERS = dict(papers())


def test_every_kind_of_paper_has_an_example() -> None:
    kinds = {one.kind for one in PAPERS.values()}
    assert kinds == {path.stem for path in setting.TEMPLATES.glob("*.typ")} - {"common"}


async def words_of(paper: Paper) -> str:
    """Everything that can be read in a paper, without spaces."""
    reader = PdfReader(BytesIO(await pdf_of(paper)))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", PAPERS)
async def test_a_paper_is_set_on_a4_with_its_number_date_and_address(name: str) -> None:
    paper = PAPERS[name]
    reader = PdfReader(BytesIO(await pdf_of(paper)))
    assert {tuple(round(float(one)) for one in page.mediabox[2:]) for page in reader.pages} == {A4}
    words = await words_of(paper)
    assert "".join(paper.number.split()) in words
    assert "".join(paper.leads_to.split()) in words
    assert f"共{len(reader.pages)}页" in words
    assert ("示例数据" in words) == paper.is_example
    assert "\N{REPLACEMENT CHARACTER}" not in words


PROGRAM = """
import asyncio, sys
from hashlib import sha256
from marketplace.papers.setting import pdf_of
from tests.web.test_papers_set import PAPERS

for name in sys.argv[1:]:
    print(sha256(asyncio.run(pdf_of(PAPERS[name]))).hexdigest())
"""


async def test_the_same_paper_is_the_same_bytes_in_another_process() -> None:
    chosen = ["award 0", "contract 0", "demand 0", "credit 0", "archive 0"]
    environment = {"PYTHONHASHSEED": "7", "TZ": "America/New_York", "PATH": ""}
    root = Path(setting.__file__).parents[2]
    other = subprocess.run(  # noqa: ASYNC221 - nothing else runs meanwhile
        [sys.executable, "-c", PROGRAM, *chosen], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    here = [sha256(await Setter().pdf(PAPERS[name])).hexdigest() for name in chosen]
    assert other.stdout.split() == here


HOSTILE = (
    '#image("/etc/passwd")', "*b* _i_ $x^2$ <label> @ref `raw` = h", "#{sys.inputs}", '"]; #panic("x")',
    "\\ \\u{41} //c",
    "<script>alert(1)</script>", "{{7*7}}",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_people_wrote_is_text_and_never_markup(text: str) -> None:
    view = views(AwardView)[0]
    assert isinstance(view, AwardView)
    view = replace(view, title=text, project_name=text, owner_name=text)
    paper = award_notice(view, base=BASE, is_example=False)
    assert (await words_of(paper)).count("".join(text.split())) >= 3
    contract = contract_template(view, owner_code="x", base=BASE, is_example=False)
    assert "".join(text.split()) in await words_of(contract)


async def test_a_template_is_for_awards_alone() -> None:
    lost = next(one for one in views(AwardView) if isinstance(one, AwardView) and one.winner is None)
    assert isinstance(lost, AwardView)
    with pytest.raises(NotFound):
        contract_template(lost, owner_code="x", base=BASE, is_example=False)


async def test_amounts_stand_in_capitals_and_nothing_claims_an_official_text() -> None:
    words = await words_of(PAPERS["contract 0"])
    assert "大写：" in words
    assert "不是任何政府部门发布的合同示范文本" in words
    assert "{" not in words


def plain(**changes: object) -> Paper:
    paper = Paper("award_notice", "题", "编号 1", AT, BASE, "核验", (facts([("甲", "乙")]),))
    return replace(paper, **changes)  # type: ignore[arg-type]  # a test changes any field


async def test_other_content_or_another_day_is_another_paper() -> None:
    first = await pdf_of(plain())
    assert await pdf_of(plain()) is first, "kept by its content"
    assert await pdf_of(plain(at=AT + timedelta(days=1))) != first
    assert await pdf_of(plain(title="另一题")) != first


async def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [(str(number), "x") for number in range(MAX_ROWS + 1)]
    words = await words_of(plain(blocks=(table((Column("号"), Column("值")), rows),)))
    assert f"共{MAX_ROWS + 1}行" in words
    assert "第1页" in words


def test_a_missing_font_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="font Noto Sans SC is missing"):
        Setter(tmp_path)


async def test_too_many_papers_at_once_wait_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "WAITING", 0)
    with pytest.raises(Unavailable):
        await Setter().pdf(plain())


def test_the_data_are_one_spelling_of_json() -> None:
    assert data_of(plain()) == data_of(plain())
    assert '"at":"2026-11-23 11:04"' in data_of(plain())
