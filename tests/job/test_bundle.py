from pathlib import Path

import pytest
from bundle_folder import BUNDLE, JOB, write_bundle

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.bundle import find_bundle, load_bundle


def test_included_files_become_one_tree(tmp_path: Path) -> None:
    bundle = load_bundle(write_bundle(tmp_path, job=JOB, box="resources: {schemas: {box: {name: box}}}"))
    assert set(bundle.tree["resources"]) == {"jobs", "schemas"}


def test_a_key_is_traced_to_its_file(tmp_path: Path) -> None:
    bundle = load_bundle(write_bundle(tmp_path, job=JOB, box="resources: {schemas: {box: {name: box}}}"))
    assert bundle.where("resources.jobs.films.tasks[0]") == "resources/job.yml: resources.jobs.films.tasks[0]"
    assert bundle.where("resources.schemas.box.name") == "resources/box.yml: resources.schemas.box.name"
    assert bundle.where("variables.colour") == "databricks.yml: variables.colour"


def test_a_resource_defined_in_two_files_is_refused(tmp_path: Path) -> None:
    once = "resources: {schemas: {box: {name: box}}}"
    file = write_bundle(tmp_path, a=once, b=once)
    with pytest.raises(SettingError, match=r"resources/a\.yml: resources\.schemas\.box\.name: .* in resources/b\.yml"):
        load_bundle(file)


def test_an_include_that_finds_no_file_is_refused(tmp_path: Path) -> None:
    file = write_bundle(tmp_path, BUNDLE.replace("resources/*.yml", "nowhere/*.yml"))
    with pytest.raises(SettingError, match=r"databricks\.yml: include: no file is named nowhere/\*\.yml"):
        load_bundle(file)


@pytest.mark.parametrize("text", ["a: [1", "- just\n- a list\n", ""])
def test_a_file_that_is_no_yaml_mapping_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError, match=r"resources/job\.yml"):
        load_bundle(write_bundle(tmp_path, job=text))


def test_yaml_that_would_make_objects_is_not_obeyed(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="not readable as YAML"):
        load_bundle(write_bundle(tmp_path, job="resources: !!python/object/apply:os.getcwd []"))


def test_a_bundle_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    file = write_bundle(tmp_path)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_bundle(start=below) == file


def test_a_bundle_is_taken_by_file_or_by_folder(tmp_path: Path) -> None:
    file = write_bundle(tmp_path)
    assert find_bundle(file) == find_bundle(tmp_path) == file


def test_a_bundle_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"There is no bundle .*--bundle takes"):
        find_bundle(tmp_path)
