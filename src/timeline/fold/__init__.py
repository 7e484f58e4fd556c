"""What follows from the log: records in, states out. Pure: no files, no SQL, no clock."""
