"""The mistakes that can be made in the bundle, one a kind, and the check that must see each."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """In ``file`` stands ``wrong`` for ``right``; ``check`` must give a problem that the pattern ``found`` matches."""

    file: str
    right: str
    wrong: str
    check: str
    found: str


JOB = "resources/movie_lakehouse.job.yml"
DASHBOARD = "resources/overview.dashboard.yml"
APP = "resources/explorer.app.yml"
PAGES = "resources/overview.lvdash.json"
MAIN = "databricks.yml"

_ALL = [
    # What Databricks' own classes see.
    (JOB, "timeout_seconds: 1800", "timeout_secs: 1800", "resources_are_what_databricks_takes", "timeout_secs"),
    (JOB, "            package_name: movie_lakehouse\n", "", "resources_are_what_databricks_takes", "package_name"),
    (JOB, "op: GREATER_THAN", "op: MORE_THAN", "resources_are_what_databricks_takes", "MORE_THAN"),
    ("resources/ops.schema.yml", "- SELECT", "- SELECTED", "resources_are_what_databricks_takes", "SELECTED"),
    ("resources/ops.schema.yml", "catalog_name:", "catalogue:", "resources_are_what_databricks_takes", "catalogue"),
    ("resources/landing.volume.yml", "MANAGED", "HELD", "resources_are_what_databricks_takes", "HELD"),
    ("resources/training.experiment.yml", "tags:", "labels:", "resources_are_what_databricks_takes", "labels"),
    (
        "resources/recommender.registered_model.yml",
        "comment:",
        "about:",
        "resources_are_what_databricks_takes",
        "about",
    ),
    (DASHBOARD, "display_name:", "title:", "resources_are_what_databricks_takes", "title"),
    # References.
    (
        JOB,
        "- task_key: clean\n          python",
        "- task_key: cleaned\n          python",
        "the_job_can_be_planned",
        "cleaned",
    ),
    (
        JOB,
        "- task_key: similarity\n          desc",
        "- task_key: recommend\n          desc",
        "the_job_can_be_planned",
        "key",
    ),
    (
        JOB,
        "- task_key: ingest\n          python",
        "- task_key: train\n          python",
        "the_job_can_be_planned",
        "circle",
    ),
    (JOB, "{{job.parameters.seed}}", "{{job.parameters.seeds}}", "the_job_can_be_planned", "seeds"),
    (
        JOB,
        "environment_key: serverless\n          disable",
        "environment_key: servers\n          disable",
        "tasks_have_compute_that_there_is",
        "no environment_key servers",
    ),
    (
        JOB,
        "job_cluster_key: training\n          lib",
        "job_cluster_key: trains\n          lib",
        "tasks_have_compute_that_there_is",
        "no job_cluster_key trains",
    ),
    (JOB, "${var.grid}", "${var.grids}", "references_lead_somewhere", "no variable grids"),
    (DASHBOARD, "schemas.gold.name", "schemas.golden.name", "references_lead_somewhere", "golden"),
    (
        MAIN,
        "  grid:\n",
        "  unheard:\n    description: Of nothing.\n    default: x\n  grid:\n",
        "variables_are_described_and_used",
        "unheard: not used",
    ),
    (
        MAIN,
        "    description: Databricks Runtime of the training cluster.\n",
        "",
        "variables_are_described_and_used",
        "training_runtime: not described",
    ),
    (MAIN, "    default: 17.3.x-scala2.13\n", "", "variables_have_values_in_dev", "training_runtime"),
    (
        DASHBOARD,
        "    overview:",
        "    movie_lakehouse:",
        "keys_are_unique",
        "jobs has that key|dashboards has that key",
    ),
    (MAIN, "resources/*.yml", "resources/*.job.yml", "every_file_is_included", "gold.schema.yml"),
    # What the wheel takes.
    (JOB, "entry_point: clean", "entry_point: cleanse", "entry_points_exist", "no entry point cleanse"),
    (
        JOB,
        "entry_point: clean",
        "entry_point: ingest",
        "entry_points_exist",
        "no task calls the entry point clean|not its name",
    ),
    (JOB, "package_name: movie_lakehouse", "package_name: lakehouse", "entry_points_exist", "lakehouse"),
    (JOB, "- name: seed\n", "- name: seeds\n", "parameters_are_settings", "ingest accepts no seeds"),
    (JOB, '        - name: seed\n          default: "42"\n', "", "every_setting_can_be_set", "seed cannot be set"),
    (JOB, 'default: "42"', 'default: "43"', "parameters_are_settings", "seed is 43 but 42"),
    (JOB, 'seed: "{{job.parameters.seed}}"', 'seed: "{{job.parameters.folds}}"', "tasks_get_the_parameters", "seed is"),
    (JOB, 'run_id: "{{job.run_id}}"', 'run: "{{job.run_id}}"', "tasks_get_the_parameters", "run_id is None"),
    (
        JOB,
        "            - whl: ../dist/*.whl\n",
        "            - whl: dist/*.whl\n",
        "tasks_have_the_wheel",
        "train: lacks",
    ),
    (JOB, "              - ../dist/*.whl\n", "              - pandas\n", "tasks_have_the_wheel", "serverless lacks"),
    # How it runs.
    (JOB, "0 30 4 * * ?", "0 30 25 * * ?", "schedule_is_readable", "hours cannot be 25"),
    (JOB, "timezone_id: UTC", "timezone_id: Mars/Olympus", "schedule_is_readable", "Mars"),
    (JOB, "pause_status: ${var.schedule}", "pause_status: UNPAUSED", "schedule_is_readable", "pause_status"),
    (JOB, "max_concurrent_runs: 1", "max_concurrent_runs: 2", "limits_are_set", "max_concurrent_runs"),
    (JOB, "          timeout_seconds: 1800\n", "", "limits_are_set", "summarise: needs a timeout"),
    (
        JOB,
        "disable_auto_optimization: true\n          max_retries: 2",
        "max_retries: 2",
        "limits_are_set",
        "ingest: serverless",
    ),
    (
        JOB,
        "          - metric: RUN_DURATION_SECONDS",
        "          - metric: STREAMING_BACKLOG_FILES",
        "limits_are_set",
        "health",
    ),
    # Targets.
    (MAIN, "mode: production", "mode: development", "production_is_nobodys_own", "staging.mode"),
    (
        MAIN,
        "      service_principal_name: ${var.service_principal}\n    permissions: *p",
        "      service_principal_name: someone\n    permissions: *p",
        "production_is_nobodys_own",
        "prod.run_as",
    ),
    (
        MAIN,
        "      - level: CAN_VIEW\n        group_name: ${var.readers_group}\n",
        "",
        "production_is_nobodys_own",
        "permissions",
    ),
    (MAIN, "      root_path:", "      state_path:", "production_is_nobodys_own", "root_path"),
    (MAIN, "      schedule: UNPAUSED\n", "", "the_schedule_runs_in_prod_only", "prod"),
    (MAIN, "    default: PAUSED", "    default: UNPAUSED", "the_schedule_runs_in_prod_only", "dev"),
    (MAIN, "    mode: development\n", "", "dev_is_for_development", "not the default in development mode"),
    (MAIN, "dev_${workspace.current_user.short_name}_", "dev_", "dev_is_for_development", "user's own"),
    (
        MAIN,
        "  skip_name_prefix_for_schema: true",
        "  skip_name_prefix_for_schema: false",
        "every_layer_has_its_schema",
        "dev",
    ),
    ("resources/gold.schema.yml", "${var.schema_prefix}gold", "gold", "every_layer_has_its_schema", "gold"),
    (
        MAIN,
        "    mode: production\n",
        "    mode: production\n    resources: {jobs: {movie_lakehouse: {tasks: []}}}\n",
        "only_known_keys",
        "staging.resources",
    ),
    (MAIN, "variables:\n  catalog", "permission: []\nvariables:\n  catalog", "only_known_keys", "permission"),
    (
        MAIN,
        "    mode: production\n",
        "    mode: production\n    sync: {exclude: [lakehouse]}\n",
        "no_list_is_overridden",
        "staging.sync.exclude",
    ),
    (MAIN, "    dynamic_version: true\n", "", "the_wheel_is_never_stale", "dynamic_version"),
    (MAIN, "rm -rf build dist && ", "", "the_wheel_is_never_stale", "earlier build"),
    # What must not be in the files.
    (
        MAIN,
        "    mode: development\n",
        "    mode: development\n    workspace: {host: x}\n    # https://adb-1.2.net\n",
        "nothing_private_is_written",
        "a host",
    ),
    (MAIN, "${workspace.current_user.userName}", "jane@films.org", "nothing_private_is_written", "jane@films.org"),
    (
        JOB,
        "          new_cluster:\n",
        "          new_cluster:\n            # dapi0123456789abcdef\n",
        "nothing_private_is_written",
        "a token",
    ),
    (
        MAIN,
        "/Workspace/Users/${var.service_principal}",
        "/Workspace/Users/jane",
        "nothing_private_is_written",
        "a person",
    ),
    # Dashboards.
    (DASHBOARD, "overview.lvdash.json", "view.lvdash.json", "dashboard_files_exist", "no file view.lvdash.json"),
    (
        DASHBOARD,
        "embed_credentials: false",
        "embed_credentials: true",
        "dashboards_read_the_deployments_own_gold",
        "embed",
    ),
    (PAGES, '"datasetName": "genres"', '"datasetName": "genera"', "widgets_show_datasets_that_there_are", "genera"),
    (
        PAGES,
        '"name": "genres"',
        '"name": "species"',
        "widgets_show_datasets_that_there_are",
        "species: not shown|no data set",
    ),
    (PAGES, '"fieldName": "n_users"', '"fieldName": "users"', "widgets_show_datasets_that_there_are", "shows users"),
    # Apps.
    (APP, "value_from: warehouse", "value_of: warehouse", "resources_are_what_databricks_takes", "value_of"),
    (APP, "- lakehouse\n", "- lakehose\n", "apps_start_by_a_command_of_the_wheel", "not lakehouse app"),
    (APP, "--catalog=", "--catalogue=", "apps_start_by_a_command_of_the_wheel", "--catalogue"),
    (
        APP,
        "prefix=${var.schema_prefix}",
        "prefix=dev_",
        "apps_start_by_a_command_of_the_wheel",
        "schema_prefix is dev_",
    ),
    (APP, "value_from: warehouse", "value_from: storehouse", "apps_get_no_more_than_they_need", "storehouse"),
    (APP, "permission: CAN_USE", "permission: CAN_MANAGE", "apps_get_no_more_than_they_need", "more than reading"),
    (
        "resources/silver.schema.yml",
        "service_principal_client_id}\n          privileges:\n",
        "service_principal_client_id}\n          privileges:\n            - MODIFY\n",
        "apps_may_read_what_their_pages_show",
        "silver.*MODIFY",
    ),
]

MISTAKES = [Mistake(*mistake) for mistake in _ALL]
