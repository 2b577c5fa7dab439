"""The model: the grid that was searched, its metrics beside the baselines, and the quality gates."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.inert import as_markdown
from movie_lakehouse.app.source import State
from movie_lakehouse.app.style import ACCENT

BASELINE = "bias"
FIRST_METRICS = ("rmse", "mae")


def show() -> None:
    """The page, part by part: each stands alone where another's tables are missing."""
    st.title("Model")
    with parts.section():
        state = answers.state()
        with parts.section():
            _runs(state)
        st.subheader("The grid")
        with parts.section():
            _grid(state)
        st.subheader("Quality gates")
        with parts.section():
            _gates(state)


def _runs(state: State) -> None:
    """Which model people have, how good it is, and which were refused."""
    runs = answers.runs(state)
    if not runs:
        st.info("No model has been trained yet.")
        return
    in_place = answers.run_in_place(state)
    if in_place is None:
        st.warning("No run has been promoted: no model is published.")
    else:
        run_id, trained_at = in_place
        st.markdown(as_markdown(f"Published: the model of run {run_id}, trained {trained_at:%d %b %Y %H:%M} UTC."))
    if in_place is not None and not runs[0]["promoted"]:
        st.warning(as_markdown(f"The newest run, {runs[0]['run_id']}, was refused: people keep the model from before."))
    st.subheader("Beside the baselines")
    _metrics(state, runs[0]["run_id"])
    if refused := [run["run_id"] for run in runs if not run["promoted"]]:
        with st.expander(f"Refused runs ({len(refused)})"), parts.section():
            reasons = answers.refusals(state)
            for run_id in refused:
                st.text(f"{run_id}: {reasons.get(run_id) or 'no reason is recorded'}")


def _metrics(state: State, run_id: str) -> None:
    """The models of a run, with their errors on the same held-out ratings."""
    rows = answers.metrics(state, run_id)
    if not rows:
        st.info("The newest run has no metrics.")
        return
    frame = pd.DataFrame(rows)
    for split in sorted(frame["split"].unique()):
        part = frame[frame["split"] == split]
        st.caption(as_markdown(f"Run {run_id}, split {split}: errors on held-out ratings, in stars; lower is better."))
        errors = part[part["metric"] == "rmse"].sort_values("value")
        chart, figures = st.columns(2, gap="large")
        if not errors.empty:
            chart.altair_chart(_error_bars(errors), alt="The RMSE of each model beside the baselines")
        wide = part.pivot_table(index="model", columns="metric", values="value")
        metrics = sorted(wide, key=_metric_order)
        wide = wide[metrics].sort_values(metrics[0]).reset_index()
        figures.dataframe(wide, hide_index=True, alt="All metrics of each model")


def _metric_order(metric: str) -> tuple[int, str]:
    """What people look at first comes first."""
    return (FIRST_METRICS.index(metric) if metric in FIRST_METRICS else len(FIRST_METRICS), metric)


def _error_bars(errors: pd.DataFrame) -> alt.LayerChart:
    """A bar a model, and a line where plain biases stand."""
    order = errors["model"].tolist()
    bars = (
        alt.Chart(errors)
        .mark_bar(color=ACCENT, cornerRadiusEnd=2, height=14)
        .encode(
            x=alt.X("value:Q", title="RMSE in stars"),
            y=alt.Y("model:N", sort=order, title=None),
            tooltip=["model", "value"],
        )
    )
    labels = bars.mark_text(align="left", dx=4, color="gray").encode(text=alt.Text("value:Q", format=".4f"))
    line = alt.Chart(errors[errors["model"] == BASELINE]).mark_rule(strokeDash=[4, 3], color="gray").encode(x="value:Q")
    layers: alt.LayerChart = (bars + labels + line).properties(height=26 * len(errors) + 60)
    return layers


def _grid(state: State) -> None:
    """The grid as a heat map, a number of iterations at a time."""
    run_id, cells = answers.grid(state)
    if run_id is None or not cells:
        st.info("No run has searched a grid yet.")
        return
    iterations = sorted({cell["max_iter"] for cell in cells})
    chosen = iterations[0]
    if len(iterations) > 1:
        chosen = st.segmented_control("Iterations", iterations, default=chosen, required=True) or chosen
    shown = pd.DataFrame([cell for cell in cells if cell["max_iter"] == chosen])
    folds = ", ".join(str(n) for n in sorted(shown["n_folds"].unique()))
    st.caption(as_markdown(f"Run {run_id}: mean RMSE over {folds} folds, {chosen} iterations of ALS; dark is better."))
    width = 140 + 130 * int(shown["reg_param"].nunique())
    st.altair_chart(_heat_map(shown), width=min(width, 900), alt="The mean error of each rank and regularisation")


def _heat_map(cells: pd.DataFrame) -> alt.LayerChart:
    """Rank by regularisation, coloured by error and with the error written in."""
    base = alt.Chart(cells).encode(
        x=alt.X("reg_param:O", title="regularisation", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("rank:O", title="rank (factors)"),
        tooltip=["rank", "reg_param", "max_iter", alt.Tooltip("mean_rmse", format=".4f"), "n_folds"],
    )
    middle = float(cells["mean_rmse"].min() + cells["mean_rmse"].max()) / 2
    squares = base.mark_rect().encode(
        color=alt.Color(
            "mean_rmse:Q", title="RMSE", scale=alt.Scale(scheme="oranges", reverse=True, zero=False), legend=None
        )
    )
    ink = alt.condition(alt.datum["mean_rmse"] < middle, alt.value("white"), alt.value("black"))
    text = base.mark_text(fontSize=13).encode(text=alt.Text("mean_rmse:Q", format=".4f"), color=ink)
    layers: alt.LayerChart = (squares + text).properties(height=44 * cells["rank"].nunique() + 60)
    return layers


def _gates(state: State) -> None:
    """What the gates of the latest runs found."""
    runs = answers.gates(state)
    if not runs:
        st.info("No table has been judged yet.")
        return
    for run in runs:
        with st.expander(as_markdown(f"{_verdict(run)} · {run['judged_at']:%d %b %Y %H:%M} UTC · run {run['run_id']}")):
            st.html(f'<div class="lh-meta">{run["n_expectations"]:,} expectations judged.</div>')
            if run["n_critical"] or run["n_warnings"]:
                failed = answers.failed_expectations(state, run["run_id"])
                st.dataframe(pd.DataFrame(failed), hide_index=True, alt="The expectations that did not hold")


def _verdict(run: dict[str, Any]) -> str:
    """How the run's gates ended, in words."""
    if run["n_critical"]:
        return f"stopped: {run['n_critical']} critical failed"
    return f"passed with {run['n_warnings']} warnings" if run["n_warnings"] else "passed"


if __name__ == "__main__":
    show()
