"""The head of the form: letterhead, number, place and date, title, subject, Kính gửi (boxes 1 to 5, 9a)."""
