"""A user: what they loved, what they get, and why."""

from typing import Any

import streamlit as st

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.inert import as_html
from movie_lakehouse.app.source import State

SOURCES = {
    "ranking": "from what they liked",
    "rating": "by predicted stars",
    "popularity": "popular with everybody",
}


def show() -> None:
    """The page: a user to choose, then both lists side by side."""
    st.title("Users")
    with parts.section():
        state = answers.state()
        n_users, first, last = answers.user_numbers(state)
        if not n_users:
            st.info("No user has rated anything yet.")
            return
        _user(state, _chosen(n_users, first, last))


def _chosen(n_users: int, first: int, last: int) -> int:
    """The user that the address names, or is chosen here."""
    named = parts.whole_number(st.query_params.get("user")) or first
    chosen = st.number_input(
        f"A user's number ({n_users:,} users, from {first} to {last})",
        min_value=first,
        max_value=last,
        value=min(max(named, first), last),
        step=1,
    )
    st.query_params["user"] = str(chosen)
    return int(chosen)


def _user(state: State, user_id: int) -> None:
    """What the user has rated in sum, loved and gets."""
    facts = answers.user(state, user_id)
    parts.figures(
        [
            ("ratings", f"{facts.n_ratings:,}"),
            ("mean", f"★ {facts.mean_rating:.2f}"),
            ("first rating", f"{facts.first_rated_at:%d %b %Y}"),
            ("last rating", f"{facts.last_rated_at:%d %b %Y}"),
        ]
    )
    gets, loved = st.columns([3, 2], gap="large")
    with gets:
        st.subheader("What they get")
        with parts.section():
            for one in answers.recommended(state, user_id):
                _recommended(one)
    with loved:
        st.subheader("What they loved")
        with parts.section():
            for one in answers.loved(state, user_id):
                _loved(one)


def _recommended(one: dict[str, Any]) -> None:
    """A movie recommended, and why."""
    with st.container(border=True, gap="xsmall"):
        parts.movie_link(one["title"], one["movie_id"])
        stars = f"★ {one['predicted_rating']:.1f} predicted · " if one["predicted_rating"] is not None else ""
        source = SOURCES.get(one["source"], one["source"])
        line = f"<strong>#{one['rank']}</strong> · {stars}score {one['score']:.3f} · {as_html(source)}"
        st.html(f'<div class="lh-meta">{line}</div>{parts.tags(one["genres"] or ())}{_because(one["because"])}')


def _because(reasons: list[dict[str, Any]]) -> str:
    """The movies that speak most for it, in HTML."""
    if not reasons:
        return ""
    told = (f"{as_html(one['title'])} <strong>{one['adds']:+.3f}</strong>" for one in reasons)
    return f'<div class="lh-meta lh-why">because of {", ".join(told)}</div>'


def _loved(one: dict[str, Any]) -> None:
    """A movie that the user rated high."""
    with st.container(gap=None):
        parts.movie_link(one["title"], one["movie_id"])
        st.html(f'<div class="lh-meta"><span class="lh-stars">★ {one["rating"]:.1f}</span> {one["rated_at"]:%Y}</div>')


if __name__ == "__main__":
    show()
