"""What is stamped on the form: the incoming stamp, urgency, secrecy, electronic signatures (boxes 8, 10)."""
