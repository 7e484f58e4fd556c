"""Outside data to drafts: one file a format. Later stages never reach in here."""
