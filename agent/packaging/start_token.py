"""What the packed programs luuky-token and luuky-token-32 run."""  # noqa: INP001 - a script for PyInstaller

from luuky_agent.token_process import main

main()
