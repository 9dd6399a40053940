"""What people write: scenario files, tables, code of their own."""
