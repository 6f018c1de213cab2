"""Engines that read the words of an image."""
