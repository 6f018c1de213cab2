"""How fast vndoc is and how right: programs to run by hand, on files of your own if you like."""
