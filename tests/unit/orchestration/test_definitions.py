"""What Dagster is told: every asset, job, schedule and sensor, kept as a list that a change has to touch."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

SNAPSHOT = Path(__file__).parent / "definitions.txt"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    """The definitions over an empty home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HULIAN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("HULIAN_LANDING", str(tmp_path_factory.mktemp("landing")))
        from orchestration.definitions import defs

        yield defs()


def _listed(definitions: dg.Definitions) -> str:
    graph = definitions.resolve_asset_graph()
    lines = [f"asset {key.to_user_string()}" for key in graph.get_all_asset_keys()]
    lines += [f"check {key.asset_key.to_user_string()}:{key.name}" for key in graph.asset_check_keys]
    lines += [f"schedule {schedule.name}" for schedule in definitions.schedules or []]
    lines += [f"sensor {sensor.name}" for sensor in definitions.sensors or []]
    lines += ["job daily"]
    return "\n".join(sorted(lines)) + "\n"


def test_everything_known_is_listed(definitions: dg.Definitions) -> None:
    """Prevents an asset, check or schedule from vanishing unseen; renew with HULIAN_RENEW=1 and look at the difference."""
    found = _listed(definitions)
    if os.environ.get("HULIAN_RENEW"):
        SNAPSHOT.write_text(found)
    assert found == SNAPSHOT.read_text(), (
        f"if this change is meant: HULIAN_RENEW=1 pytest {Path(__file__).name}"
    )


def test_every_asset_says_what_it_is_and_whose(definitions: dg.Definitions) -> None:
    """Prevents a page in Dagster that tells an operator nothing."""
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys() if graph.get(key).is_materializable]
    assert len(nodes) > 90
    assert [node.key.to_user_string() for node in nodes if not node.description] == []
    assert [node.key.to_user_string() for node in nodes if not node.owners] == []
    assert {node.group_name for node in nodes} > {"registry", "education", "marts", "policies", "published"}


def test_a_day_is_a_day_of_the_county(definitions: dg.Definitions) -> None:
    """Prevents the morning run from asking about yesterday because the machine's clock is in UTC."""
    [schedule] = definitions.schedules or []
    at_six = datetime(2026, 11, 24, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    context = dg.build_schedule_context(
        scheduled_execution_time=at_six, repository_def=definitions.get_repository_def()
    )
    assert [one.partition_key for one in schedule.evaluate_tick(context).run_requests or []] == ["2026-11-24"]


def test_landing_sensor_waits_until_files_have_settled(
    definitions: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents a run over a half-uploaded file, and a run per minute over files already seen."""
    sensor = next(one for one in definitions.sensors or [] if one.name == "landing_sensor")
    monkeypatch.setenv("HULIAN_LANDING", str(tmp_path))

    def look(cursor: str | None) -> tuple[int, str | None, str | None]:
        context = dg.build_sensor_context(cursor=cursor, definitions=definitions)
        data = sensor.evaluate_tick(context)
        return len(data.run_requests or []), data.skip_message, data.cursor

    assert look(None)[1] == "landing is empty"
    file = tmp_path / "education" / "students_20261124.csv"
    file.parent.mkdir()
    file.write_text("学籍号,姓名\n")
    assert look(None)[1] == "a file in landing is still changing"
    settled = file.stat().st_mtime - 3600
    os.utime(file, (settled, settled))
    runs, _, cursor = look(None)
    assert runs == 1
    assert look(cursor)[1] == "nothing new in landing"
