"""Training of the digit reader in ``vndoc.ocr.handwriting``; needs torch, which vndoc itself does not."""
