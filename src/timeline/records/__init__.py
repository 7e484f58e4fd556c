"""What a record is: shapes, scales, vocabularies and the one line form. No files, no SQL, no clock."""
