"""Makes the models that ship with vndoc from folders of text."""
