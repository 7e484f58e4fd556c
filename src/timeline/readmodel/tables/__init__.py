"""One file a group of tables: the SQL that makes them, the rows that fill them."""
