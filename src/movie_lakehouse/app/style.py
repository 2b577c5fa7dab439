"""How the pages look beyond Streamlit's theme; colours are mixed from the text's, so that light and dark both do."""

ACCENT = "#c2410c"
"""Of charts, stars and buttons."""

STYLE = """<style>
.block-container { max-width: 68rem; padding-top: 4.5rem; }
.block-container h1 { font-size: 2.1rem; }
.block-container h2 { font-size: 1.7rem; }
.block-container h3 { font-size: 1.25rem; }
.lh-meta { font-size: .875rem; opacity: .8; line-height: 1.5; }
.lh-meta strong { font-weight: 600; }
.lh-tags { display: flex; flex-wrap: wrap; gap: .3rem; }
.lh-tag { font-size: .8rem; padding: .05rem .5rem; border-radius: 1rem;
  background: color-mix(in srgb, currentColor 9%, transparent); }
.lh-tag.lh-shared { background: color-mix(in srgb, ACCENT 25%, transparent); }
.lh-bar { height: .3rem; border-radius: .2rem; margin: .35rem 0 .45rem;
  background: color-mix(in srgb, currentColor 12%, transparent); }
.lh-bar > span { display: block; height: 100%; border-radius: .2rem; background: ACCENT; }
.lh-stars { letter-spacing: .05em; color: ACCENT; white-space: nowrap; }
.lh-figures { display: flex; flex-wrap: wrap; gap: .5rem 2.2rem; margin: .2rem 0 .6rem; }
.lh-figures b { display: block; font-size: 1.35rem; font-weight: 600; line-height: 1.3; }
.lh-figures span { font-size: .8rem; opacity: .75; }
@media (prefers-color-scheme: dark) { .lh-stars { color: #fb923c; } }
.block-container [data-testid="stPageLink"] a { background: none; padding: 0; min-height: 0; }
.block-container [data-testid="stPageLink"] a:hover p { text-decoration: underline; }
.block-container [data-testid="stPageLink"] p { font-weight: 600; white-space: normal; overflow-wrap: anywhere;
  line-height: 1.35; }
.lh-why { margin-top: .35rem; }
</style>""".replace("ACCENT", ACCENT)
