"""Work in several processes: in order, heard of, and ended with the command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gis.cli.parallel import work_in_processes
from gis.cli.progress import Bar
from gis.database.processes import is_alive
from gis.errors import GisError
from tests.crew_work import die, double, double_and_tell, fail_two, never_end, refuse_two

ROOT = Path(__file__).resolve().parents[3]


def wait_until_gone(pids: set[int]) -> bool:
    for _ in range(200):
        if not any(map(is_alive, pids)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_the_order_of_the_inputs(processes):
    assert list(work_in_processes(double, range(7), processes=processes)) == [
        0, 2, 4, 6, 8, 10, 12
    ]  # fmt: skip
    assert list(work_in_processes(double, [], processes=processes)) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_how_far_each_input_is_can_be_heard(processes):
    heard = []
    found = work_in_processes(
        double_and_tell, [3, 4, 5], processes=processes, hear=lambda *said: heard.append(said)
    )
    assert list(found) == [6, 8, 10]
    half = [(n, pid) for n, fraction, pid in heard if fraction == 0.5]
    assert sorted(n for n, _ in half) == [0, 1, 2]
    assert all(int(pid) != os.getpid() for _, pid in half) == (processes > 1)
    assert sorted(n for n, fraction, word in heard if (fraction, word) == (1.0, "done")) == [
        0,
        1,
        2,
    ]


def test_a_refusal_in_a_process_is_a_refusal_here_with_its_remedy():
    work = work_in_processes(refuse_two, [1, 2, 3], processes=2)
    assert next(work) == 1
    with pytest.raises(GisError, match="no division Ask for fewer"):
        list(work)


def test_a_fault_in_a_process_is_not_hidden_and_one_that_dies_is_told_of():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(work_in_processes(fail_two, [1, 2], processes=2))
    with pytest.raises(GisError, match="a process died"):
        list(work_in_processes(die, [1, 2], processes=2))


def test_giving_up_half_way_leaves_no_process_behind():
    heard = set()

    def hear(number: int, fraction: float, message: str) -> None:
        heard.add(int(message))
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(work_in_processes(never_end, [1, 2], processes=2, hear=hear))
    assert len(heard) == 2 and not any(map(is_alive, heard))


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_ctrl_c_or_a_kill_of_the_command_leaves_no_process_behind(end):
    script = (
        "from gis.cli.parallel import work_in_processes as w\n"
        "from tests.crew_work import never_end\n"
        "list(w(never_end, [1, 2], processes=2, hear=lambda n, f, m: print(m, flush=True)))\n"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    pids: set[int] = set()
    while len(pids) < 2:
        pids.add(int(command.stdout.readline()))
    if end == signal.SIGINT:
        os.killpg(command.pid, end)
    else:
        command.send_signal(end)
    command.stdout.close()
    assert command.wait() != 0
    assert wait_until_gone(pids)


def test_one_bar_moves_with_every_piece_and_never_back(capsys):
    with Bar("draw", 2) as bar:
        bar.move(0, 0.5)
        assert bar.fraction == 0.25
        bar.move(0, 0.4)
        bar.move(1, 2.0)
        assert bar.fraction == 0.75
        bar.finish(0, "2 of 2 drawn")
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["  draw: 25%", "  draw: 75%", "  draw: 100%, 2 of 2 drawn"]


def test_the_last_line_says_what_came_of_all_of_it(capsys):
    with Bar("draw", 2, note="0 of 2 drawn") as bar:
        for number in (0, 1):
            bar.move(number, 1.0)
        for number in (0, 1):
            bar.finish(number, f"{number + 1} of 2 drawn")
    assert capsys.readouterr().err.splitlines() == [
        "  draw: 50%, 0 of 2 drawn",
        "  draw: 100%, 0 of 2 drawn",
        "  draw: 100%, 2 of 2 drawn",
    ]


def test_a_terminal_shows_the_bar_instead_of_lines(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Bar("draw", 3) as bar:
        for number in range(3):
            bar.finish(number, f"{number + 1} of 3 drawn")
    shown = capsys.readouterr().err
    assert "draw" in shown and "100%" in shown and "3 of 3 drawn" in shown
