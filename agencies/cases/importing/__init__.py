"""Takes over an agency's spreadsheet: read the file, suggest the columns, interpret the rows; no database."""
