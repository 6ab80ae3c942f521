"""The Makefile's smaller commands, one module each with ``main(arguments) -> exit code``."""
