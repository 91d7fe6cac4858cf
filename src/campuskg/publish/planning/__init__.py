"""The planners' pages: what they show of the catalogue's answers and of the analysis, in words, tables and files."""
