"""The package: what it needs, its extras and its entry points.

pyspark and delta-spark are the extra ``local``: on Databricks the cluster brings its own.
"""

from pathlib import Path

from setuptools import find_packages, setup

TASKS = ["ingest", "clean", "train", "recommend", "similarity", "summarise", "publish", "rollback", "maintain"]

setup(
    name="movie-lakehouse",
    version="0.1.0",
    description="A lakehouse for movie recommendation: MovieLens CSVs to gold Delta tables, in one job.",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    package_dir={"": "src"},
    packages=find_packages("src"),
    package_data={
        "movie_lakehouse": [
            "py.typed",
            "lakehouse/log4j2.properties",
            "quality/templates/*.j2",
            "report/templates/*.j2",
        ]
    },
    install_requires=[
        "great-expectations>=1.24.1,<1.25",
        "httpx>=0.27,<1",
        "jinja2>=3,<4",
        "numpy>=1.26,<3",
        "pandas>=2.2,<3",
        "prompt_toolkit>=3.0.36,<4",
        "pyarrow>=15",
        "pydantic>=2.7,<3",
        "PyYAML>=6,<7",
        "rich>=13,<16",
        "scipy>=1.11,<2",
        "typer>=0.15,<0.29",  # from 0.29 on every command loads pydantic, a tenth of a quick one's time
    ],
    extras_require={
        "local": [
            "pyspark[connect]==4.2.0",
            "delta-spark==4.4.0",
            "deltalake>=1.6,<2",
            "duckdb>=1.4,<3",
        ],
        "app": ["streamlit>=1.67,<2"],
        "mlflow": ["mlflow>=3.1,<4"],
        "dev": [
            "build>=1.2,<2",
            "chispa>=0.12,<0.13",
            "databricks-bundles>=1.22,<2",
            "hypothesis>=6.100,<7",
            "ir-measures>=0.3.7,<0.5",
            "matplotlib>=3.8,<4",
            "mypy>=1.13,<3",
            "nbclient>=0.10,<1",
            "ipykernel>=6,<8",
            "pandas-stubs>=2.2,<4",
            "playwright>=1.45,<2",
            "polars>=1.20,<3",
            "pytest>=8,<10",
            "pytest-xdist>=3.6,<4",
            "ruff>=0.8,<1",
            "setuptools>=75,<90",
            "types-PyYAML",
            "wheel",
        ],
    },
    entry_points={
        "console_scripts": ["lakehouse = movie_lakehouse.cli:main"],
        "movie_lakehouse.tasks": [f"{task} = movie_lakehouse.job.tasks.{task}:{task}" for task in TASKS],
    },
)
