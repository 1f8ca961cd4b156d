"""`python -m cli …` is `luuky …`: how `luuky up` starts its parts."""

from cli.main import main

main()
