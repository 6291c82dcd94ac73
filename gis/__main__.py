"""Run the command line with ``python -m gis``."""

from gis.cli.main import main

if __name__ == "__main__":
    main()
