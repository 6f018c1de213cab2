"""The foot of the form: the signature, Nơi nhận, and what a copying office adds (boxes 7, 9b)."""
