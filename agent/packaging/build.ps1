# Packs the programs on Windows 10/11 (64 bits): build\dist\luuky-agent, of which installer.py makes the installer.
#
#   .\build.ps1 [-Python32 C:\Python311-32\python.exe] [-Certificate THUMBPRINT]
#
# Needs: a 64-bit Python 3.11 or newer with Tk in the PATH; for drivers that are 32-bit DLLs a 32-bit Python as well, and Microsoft's C compiler,
# because python-pkcs11 has no wheel for it; for signing the programs signtool (Windows SDK) and a certificate for signing code.
param(
    [string] $Python32 = "",
    [string] $Certificate = "",
    [string] $TimestampUrl = ""
)
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program failed with $LASTEXITCODE" }
}

function New-Environment([string] $Python, [string] $Folder) {
    Invoke-Checked $Python @("-m", "venv", $Folder)
    Invoke-Checked "$Folder\Scripts\python.exe" @("-m", "pip", "install", "--quiet", "pyinstaller>=6", "..")
}

# 1. The three programs, 64 bits.
New-Environment "python" "build\env64"
Invoke-Checked "build\env64\Scripts\pyinstaller.exe" @("--noconfirm", "--distpath", "build\dist", "--workpath", "build\work", "luuky-agent.spec")

# 2. The helper for 32-bit drivers: one file, so that it brings its own Python.
if ($Python32) {
    New-Environment $Python32 "build\env32"
    Invoke-Checked "build\env32\Scripts\pyinstaller.exe" @(
        "--noconfirm", "--onefile", "--noconsole", "--name", "luuky-token-32", "--collect-data", "luuky_agent",
        "--distpath", "build\dist\luuky-agent", "--workpath", "build\work32", "--specpath", "build", "$PSScriptRoot\start_token.py")
} else {
    Write-Warning "Without -Python32 there is no luuky-token-32.exe: tokens whose driver is a 32-bit DLL will not be served."
}

# 3. Signed, so that Windows and virus scanners know whose they are.
if ($Certificate) {
    $stamp = if ($TimestampUrl) { @("/tr", $TimestampUrl, "/td", "sha256") } else { @() }
    Get-ChildItem "build\dist\luuky-agent\*.exe" | ForEach-Object {
        Invoke-Checked "signtool" (@("sign", "/sha1", $Certificate, "/fd", "sha256") + $stamp + $_.FullName)
    }
}
