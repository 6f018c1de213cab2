"""The parts of the decree's form: where each stands on the page, and what is read there."""
