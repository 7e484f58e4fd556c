"""What a record is: shapes, scales, vocabularies, the one line form. No files, SQL or clock."""
