"""The commands of a fresh machine: `scripts/install`, played on a small make-believe system.

Its apt-get writes down what it was asked, with the cluster settings of that moment, and lays out
the files of a package; nothing of the real system is read or changed.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = [ROOT / name for name in ("scripts/install", "scripts/demo", "scripts/test", ".ci/run")]
SETTINGS = "# Debian's own words\n"

APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$RECORD"
settings=$COMMUNITY_GRID_SYSTEM_ROOT/etc/postgresql-common/createcluster.conf
case "$*" in
    update*) touch "$COMMUNITY_GRID_SYSTEM_ROOT/lists" ;;
    *postgresql-common)
        mkdir -p "$(dirname "$settings")"
        echo "# Debian's own words" >"$settings" ;;
    *-postgis-3)
        [ ! -e "$COMMUNITY_GRID_SYSTEM_ROOT/broken" ] || exit 100
        echo "main cluster: $(grep -c '^create_main_cluster = false' "$settings")" >>"$RECORD"
        major=$(echo "$*" | sed 's/.*postgresql-\\([0-9]*\\)-postgis-3/\\1/')
        mkdir -p "$COMMUNITY_GRID_SYSTEM_ROOT/usr/lib/postgresql/$major/bin"
        mkdir -p "$COMMUNITY_GRID_SYSTEM_ROOT/usr/share/postgresql/$major/extension"
        touch "$COMMUNITY_GRID_SYSTEM_ROOT/usr/share/postgresql/$major/extension/postgis.control"
        cp /bin/true "$COMMUNITY_GRID_SYSTEM_ROOT/usr/lib/postgresql/$major/bin/postgres" ;;
esac
"""
APT_CACHE = """#!/bin/sh
[ -e "$COMMUNITY_GRID_SYSTEM_ROOT/lists" ] || { [ "$1" = search ]; exit; }
if [ "$1" = search ]; then
    echo "postgresql-13-postgis-3 - old"; echo "postgresql-${OFFERED:-15}-postgis-3 - PostGIS"
fi
"""
SUDO = """#!/bin/sh
echo "sudo $1" >>"$RECORD"
exec "$@"
"""
PYTHON = """#!/bin/sh
case "$*" in *install*) echo "pip install $*" >>"$RECORD" ;; esac
"""


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Machine:
    """A clone of the scripts on a system with nothing installed."""

    def __init__(self, folder, *, user_id):
        self.clone, self.system, self.record = (
            folder / "clone",
            folder / "system",
            folder / "record",
        )
        (self.clone / "scripts").mkdir(parents=True)
        self.system.mkdir()
        shutil.copy(ROOT / "scripts" / "install", self.clone / "scripts" / "install")
        for name in ("setup.cfg", "pyproject.toml", "constraints.txt"):
            (self.clone / name).write_text(name)
        programs = {"apt-get": APT_GET, "apt-cache": APT_CACHE, "sudo": SUDO}
        for name, text in (programs | {"id": f"#!/bin/sh\necho {user_id}\n"}).items():
            write_program(folder / "bin" / name, text)
        write_program(self.clone / ".venv" / "bin" / "python", PYTHON)
        self.environment = {
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "RECORD": str(self.record),
            "COMMUNITY_GRID_SYSTEM_ROOT": str(self.system),
        }
        self.settings = self.system / "etc" / "postgresql-common" / "createcluster.conf"

    def install(self, *options, **environment):
        """Run the installer; give its exit code, its words, and what it did."""
        self.record.write_text("")
        answer = subprocess.run(
            ["bash", self.clone / "scripts" / "install", *options],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.returncode, answer.stdout + answer.stderr, self.record.read_text()

    def add_postgresql(self, major):
        write_program(
            self.system / "usr" / "lib" / "postgresql" / str(major) / "bin" / "postgres",
            "#!/bin/sh\n",
        )
        (self.system / "lists").touch()
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(SETTINGS)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path, user_id=0)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_may_be_run_and_is_sound_shell(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_a_fresh_machine_gets_postgis_without_a_main_cluster(machine):
    code, words, done = machine.install()
    assert code == 0, words
    assert "apt-get update" in done
    assert "--no-install-recommends postgresql-15-postgis-3" in done
    assert "main cluster: 1" in done
    assert machine.settings.read_text() == SETTINGS
    assert [path.name for path in machine.settings.parent.iterdir()] == ["createcluster.conf"]


def test_a_second_run_does_nothing_and_says_nothing(machine):
    machine.install("--tests")
    (machine.system / "usr" / "bin").mkdir(parents=True)
    write_program(machine.system / "usr" / "bin" / "chromium", "#!/bin/sh\n")
    fonts = machine.system / "usr" / "share" / "fonts" / "opentype" / "noto"
    fonts.mkdir(parents=True)
    (fonts / "NotoSansCJK-Regular.ttc").touch()
    assert machine.install("--tests") == (0, "", "")
    assert machine.install() == (0, "", "")


def test_the_tests_get_a_browser_and_chinese_letters(machine):
    done = machine.install("--tests")[2]
    assert "chromium fonts-noto-cjk" in done
    assert "-e .[test]" in done


def test_python_packages_are_installed_again_when_the_list_changes(machine):
    machine.install()
    (machine.clone / "constraints.txt").write_text("newer")
    assert machine.install()[2].startswith("pip install -m pip install -q")


@pytest.mark.parametrize("setting", ["DATABASE_URL", "COMMUNITY_GRID_APP_DATABASE_URL"])
def test_a_server_of_ones_own_makes_postgresql_unnecessary(machine, setting):
    code, _, done = machine.install(**{setting: "postgresql://grid@db.example/town"})
    assert code == 0
    assert "apt-get" not in done


def test_an_installed_postgresql_only_gets_its_postgis(machine):
    machine.add_postgresql(16)
    code, words, done = machine.install()
    assert code == 0, words
    assert "postgresql-16-postgis-3" in done
    assert "postgresql-15" not in done
    assert "main cluster: 0" in done
    assert machine.settings.read_text() == SETTINGS


def test_an_ordinary_user_goes_through_sudo(tmp_path):
    code, words, done = Machine(tmp_path, user_id=1000).install()
    assert code == 0, words
    assert "sudo env" in done


def test_the_cluster_settings_are_put_back_when_the_installation_fails(machine):
    (machine.system / "broken").touch()
    code, words, _ = machine.install()
    assert code == 1
    assert "could not install postgresql-15-postgis-3" in words
    assert machine.settings.read_text() == SETTINGS


def test_too_old_an_offer_is_refused_with_what_to_do(machine):
    code, words, _ = machine.install(OFFERED="14")
    assert code == 1
    assert "set DATABASE_URL" in words


def test_an_unknown_option_is_a_usage_error(machine):
    assert machine.install("--everything")[0] == 2
