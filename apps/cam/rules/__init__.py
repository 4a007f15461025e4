"""Pure decisions about leads: addresses, rows of files, moves, mails."""
