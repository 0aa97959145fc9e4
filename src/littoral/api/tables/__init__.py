"""Lists as Excel files: the columns that the page shows, all rows up to a limit (decision 0065)."""
