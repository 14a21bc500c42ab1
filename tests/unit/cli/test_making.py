"""The end of a run: what is told of it, whatever comes between."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from imgcli.cli.making import Wanted, _tell_end
from imgcli.cli.show import Output
from imgcli.model.outcome import Made
from imgcli.model.picture import Saved
from imgcli.reports.summary import summarize
from tests.fakes.jobs import A_PICTURE, a_job
from tests.fakes.studio import a_studio, settings_for


class Impatient:
    """Somebody presses Ctrl-C while pictures are compared, which takes for ever."""

    run = "01a20127-b752-7cd5-a51d-7460ec9b1d3d"

    @property
    def journal(self) -> "Impatient":
        return self

    @property
    def lookout(self) -> "Impatient":
        return self

    async def tell(self, _: object) -> list[str]:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()
        return []


@pytest.mark.parametrize("json", [False, True])
def test_ctrl_c_while_looking_back_takes_neither_the_sums_nor_the_exit_code(
    json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [Made(a_job(), Saved(tmp_path / "x.png", tmp_path / "x.png.json", A_PICTURE), 40_000_000)]
    wanted = Wanted("gen", (), settings_for(tmp_path), tmp_path, resume=False, output=Output(json=json))
    studio, _ = a_studio(tmp_path)
    eyes: Any = Impatient()
    code = asyncio.run(_tell_end(wanted, studio, outcomes, summarize(outcomes, 40_000_000, 0), eyes))
    told = capsys.readouterr()
    assert code == 0
    assert ('"spent_usd": "0.04"' in told.out) if json else ("1 made of 1; $0.04 spent" in told.err)
    assert "interrupted: neither look-alikes nor alerts were looked for" in told.err
