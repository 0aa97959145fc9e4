"""Decoded AIS as any table: CSV bytes or Arrow batches to observations."""

from littoral.sense.table.arrow_table import ArrowTable
from littoral.sense.table.csv_table import CsvTable
from littoral.sense.table.layout import TableError, TableOptions

__all__ = ["ArrowTable", "CsvTable", "TableError", "TableOptions"]
