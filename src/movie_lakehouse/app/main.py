"""The script that Streamlit runs: which pages there are, and what they share."""

import streamlit as st

from movie_lakehouse.app.style import STYLE

PAGES = (
    ("movies", "Movies", ":material/movie:"),
    ("users", "Users", ":material/person:"),
    ("new_user", "New user", ":material/star:"),
    ("catalogue", "Catalogue", ":material/category:"),
    ("model", "Model", ":material/monitoring:"),
)


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Movie lakehouse", page_icon="🎬", layout="wide")
    st.html(STYLE)
    pages = [
        st.Page(f"views/{name}.py", title=title, icon=icon, url_path=name.replace("_", "-"), default=name == "movies")
        for name, title, icon in PAGES
    ]
    st.navigation(pages, position="top").run()


if __name__ == "__main__":
    main()
