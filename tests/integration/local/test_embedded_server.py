"""The embedded server: started once, shared, stopped with its last user, and never losing what it acknowledged."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from sutg.local.locks import is_held
from tests.integration.local.standin import HOLD, Clone, wait_for


def test_ensure_in_a_fresh_clone_gives_a_login_without_rights(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    address = holder.stdout.readline().strip()

    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolinherit, current_setting('fsync'), "
            "current_setting('data_checksums'), current_setting('server_encoding'), "
            "has_schema_privilege('public', 'CREATE') FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    holder.communicate()
    assert row == ("sutg_app", False, False, False, False, "on", "on", "UTF8", False)


def test_ensure_refuses_whoever_has_no_password(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    holder.stdout.readline()
    assert clone.server
    address = f"postgresql://postgres@127.0.0.1:{clone.server.port}/sutg"

    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(address)

    holder.communicate()
    assert stat.S_IMODE(clone.state.credentials.stat().st_mode) == 0o600


def test_ensure_raced_by_four_processes_starts_one_server(clone: Clone) -> None:
    holders = [clone.start("-c", HOLD) for _ in range(4)]

    addresses = {holder.stdout.readline().strip() for holder in holders if holder.stdout}

    for holder in holders:
        holder.communicate()
    assert len(addresses) == 1
    assert addresses.pop().startswith("postgresql://sutg_app:")


def test_server_stays_for_the_last_user_and_stops_with_it(clone: Clone) -> None:
    first, last = clone.start("-c", HOLD), clone.start("-c", HOLD)
    for holder in (first, last):
        assert holder.stdout
        holder.stdout.readline()

    first.communicate()
    assert clone.query("SELECT 1") == "1"
    assert clone.server
    last.kill()
    last.communicate()

    clone.wait_until_stopped()
    assert clone.server is None


def test_rows_survive_kill_nine_of_server_keeper_and_user(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    holder.stdout.readline()
    clone.query("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    assert clone.server

    for pid in (keeper_pid(clone), clone.server.pid, holder.pid):
        os.kill(pid, signal.SIGKILL)
    holder.communicate()

    assert clone.query("SELECT count(*) FROM kept") == "1000"


def test_killed_server_comes_back_at_the_same_address(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    address = holder.stdout.readline().strip()
    killed = clone.server
    assert killed

    os.kill(killed.pid, signal.SIGKILL)
    wait_for(lambda: clone.server and clone.server.is_ready and clone.server.pid != killed.pid, "a new server")

    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    holder.communicate()


def test_orphaned_server_is_adopted_not_started_twice(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    holder.stdout.readline()
    orphan = clone.server
    assert orphan

    os.kill(keeper_pid(clone), signal.SIGKILL)
    assert clone.query("SELECT 1") == "1"

    assert clone.server
    assert clone.server.pid == orphan.pid
    holder.communicate()


def test_pid_file_that_names_a_stranger_is_not_believed(clone: Clone) -> None:
    clone.query("SELECT 1")
    clone.wait_until_stopped()
    pid_file = clone.cluster.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{clone.cluster.data}\n1\n25432\n\n127.0.0.1\n0 0\nready\n")
    shutil.chown(pid_file, clone.cluster.data.stat().st_uid)

    assert clone.server is None
    assert clone.query("SELECT 1") == "1"


def test_half_made_cluster_is_made_again(fresh_clone: Clone) -> None:
    fresh_clone.query("SELECT 1")
    fresh_clone.wait_until_stopped()
    fresh_clone.cluster.data.rename(fresh_clone.cluster.root / "data.new")

    assert fresh_clone.query("SELECT 1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps its server outside the clone")
def test_copied_clone_gets_a_server_of_its_own(fresh_clone: Clone, tmp_path: Path) -> None:
    fresh_clone.query("CREATE TABLE original ()")
    shutil.copytree(fresh_clone.folder, tmp_path / "copy", symlinks=True)
    copy = Clone(folder=tmp_path / "copy", server_root=fresh_clone.server_root)

    found = copy.query("SELECT to_regclass('original') IS NULL")

    copy.wait_until_stopped()
    assert found == "True"
    assert copy.cluster.data != fresh_clone.cluster.data


def keeper_pid(clone: Clone) -> int:
    """The keeper is the server's parent."""
    assert clone.server
    assert is_held(clone.state.lock("keeper"))
    status = Path(f"/proc/{clone.server.pid}/status").read_text(encoding="ascii")
    return int(status.split("PPid:")[1].split()[0])
