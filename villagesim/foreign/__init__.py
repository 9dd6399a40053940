"""Files that others made, read in one way: what they truly are, which columns they have, what their cells mean.

`source` gives the bytes and their encoding, `sheet` the rows of CSV and of Excel, `headings` the columns and their units,
`cells` numbers and codes, `table` all of it together, and `toml` the content of a TOML file.
"""
