"""What the packed programs luuky-agent and luuky-desk run."""  # noqa: INP001 - a script for PyInstaller

from luuky_agent.main import run

run()
