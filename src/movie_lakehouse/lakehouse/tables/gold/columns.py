"""Columns that several tables of gold have."""

from movie_lakehouse.lakehouse.contract import Column

TITLE = Column("title", "STRING", "Title as the source has it.", nullable=False)
RANK = Column("rank", "INT", "Place in the list, 1 is first, without ties.", nullable=False)
