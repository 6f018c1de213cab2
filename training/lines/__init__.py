"""Training of a reader of printed lines; needs torch, which vndoc itself does not. See docs/lines.md."""
