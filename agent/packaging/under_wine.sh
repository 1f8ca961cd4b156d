#!/usr/bin/env bash
# Makes a folder in which the agent runs as a Windows program on Linux: Wine, a Windows Python with Tk, the agent's wheels for
# Windows, and SoftHSM2 as a DLL.    agent/packaging/under_wine.sh FOLDER [VERSION]
#
# With VERSION the programs are packed too, and the installer made of them: FOLDER/dist and FOLDER/luuky-agent-VERSION.msi.
# Each step but that one is done once; remove FOLDER to begin anew. About 10 minutes (packing: 5 more) and 1.5 GB. Two libraries are
# made here that a real Windows or a real Windows Python brings: python3.dll (names handed on to python311.dll), and
# bcryptprimitives.dll, which Wine 8 lacks; it lies among Wine's own libraries, so that it is never packed.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
mkdir -p "$1" && cd "$1"
PYTHON=3.11.3-1.5.9 # of org.bytedeco:cpython; it brings Tcl 8.6.12 without its scripts
export WINEPREFIX=$PWD/prefix WINEDEBUG=-all WINEARCH=win64
export WINEDLLOVERRIDES="winemenubuilder.exe=d;mscoree=d;mshtml=d"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

once() { # once NAME COMMAND
  [ -e "done-$1" ] || { say "$1" && "${@:2}" && touch "done-$1"; }
}

packages() {
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends wine wine64 gcc-mingw-w64-x86-64 \
    g++-mingw-w64-x86-64-posix msitools wixl osslsigncode maven unzip xvfb openbox xdotool imagemagick tcl8.6 tk8.6 >&2
}

windows_python() {
  local artifact="org.bytedeco:cpython:$PYTHON:jar:windows-x86_64"
  mvn -q -B dependency:get -Dartifact="$artifact" -Dtransitive=false
  mvn -q -B dependency:copy -Dartifact="$artifact" -DoutputDirectory="$PWD" -Dmdep.useBaseVersion=true
  unzip -q -o cpython-*.jar "org/*" -d jar
  mv jar/org/bytedeco/cpython/windows-x86_64 python
  cp python/bin/pythonw.exe python/
  rm -rf jar cpython-*.jar python/bin python/include python/jnipython.dll python/lib/test python/lib/idlelib
  mkdir python/tcl
  cp -rL /usr/share/tcltk/tcl8.6 /usr/share/tcltk/tk8.6 python/tcl/
  sed -i 's/\(package require -exact Tc\?[lk]  *\)8\.6\.[0-9]*/\18.6.12/' python/tcl/tcl8.6/init.tcl python/tcl/tk8.6/tk.tcl
}

missing_libraries() {
  local names
  names=$(x86_64-w64-mingw32-nm python/libs/python3.lib 2>/dev/null | awk 'NF >= 2 {print $NF}' | sed 's/^__imp_//' | grep -E '^_?Py' | sort -u)
  { printf 'LIBRARY python3.dll\nEXPORTS\n'; sed 's/\(.*\)/\1 = python311.\1/' <<<"$names"; } >python3.def
  echo 'int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }' >python3.c
  x86_64-w64-mingw32-gcc -shared -nostdlib -e DllMain -o python/python3.dll python3.c python3.def
}

wines_library() {
  printf '#include <windows.h>\n#include <ntsecapi.h>\n%s\n' \
    '__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE d, SIZE_T n) { return RtlGenRandom(d, (ULONG)n); }' >prng.c
  x86_64-w64-mingw32-gcc -shared -o prefix/drive_c/windows/system32/bcryptprimitives.dll prng.c -ladvapi32
}

wheels() { # a later run brings the agent as it is then
  python3 -m pip install -q --target python/lib/site-packages --platform win_amd64 --python-version 3.11 --only-binary=:all: \
    'asn1crypto>=1.5.1' 'cryptography>=43' 'httpx>=0.27' 'pypdfium2>=5' 'python-pkcs11>=0.9.5' \
    altgraph packaging pefile pywin32-ctypes setuptools
  python3 -m pip install -q --no-deps --target python/lib/site-packages --platform win_amd64 --python-version 3.11 \
    --only-binary=:all: 'pyinstaller>=6' pyinstaller-hooks-contrib
}

prefix() {
  wineboot -i 2>/dev/null
  wine winecfg /v win10 2>/dev/null
  wineserver -w
}

sources() { # of Debian: OpenSSL and SoftHSM2 as they were published, without Debian's changes
  mkdir -p sources/parts sources/lists/partial sources/cache/archives/partial
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do # from where this machine has its packages
    [ -f "$file" ] && sed -E 's/^deb /deb-src /; s/^Types:.*/Types: deb-src/' "$file" >"sources/parts/${file##*/}"
  done
  cat >sources/apt.conf <<-END
		Dir::Etc::sourcelist "-";
		Dir::Etc::sourceparts "$PWD/sources/parts";
		Dir::State::lists "$PWD/sources/lists";
		Dir::Cache "$PWD/sources/cache";
	END
  (
    cd sources
    export APT_CONFIG=$PWD/apt.conf
    apt-get update -q >&2
    apt-get source -q --download-only openssl softhsm2 >&2 || true # a patch may be missing; what is needed is looked for next
    tar xf openssl_*.orig.tar.gz
    tar xf softhsm2_*.orig.tar.gz
  )
}

libcrypto() {
  (
    cd sources/openssl-3*/
    ./Configure mingw64 --cross-compile-prefix=x86_64-w64-mingw32- no-shared no-tests no-asm no-engine >/dev/null
    nice -n 10 make -j"$(nproc)" build_generated libcrypto.a >/dev/null 2>&1
  )
}

softhsm() {
  local name folder includes=(-I. "-I$(echo "$PWD"/sources/openssl-3*/include)")
  cd sources/softhsm2-*/
  for name in DEFAULT_LOG_LEVEL=INFO DEFAULT_OBJECTSTORE_BACKEND=file DEFAULT_PKCS11_LIB=softhsm2.dll DEFAULT_SOFTHSM2_CONF=softhsm2.conf \
    DEFAULT_TOKENDIR=tokens PACKAGE=softhsm PACKAGE_VERSION=2.6 VERSION=2.6; do
    echo "#define ${name%%=*} \"${name#*=}\""
  done >config.h
  for name in CRYPTOKI_VISIBILITY HAVE_CXX11 HAVE_LOADLIBRARY HAVE_AES_KEY_WRAP HAVE_AES_KEY_WRAP_PAD HAVE_STDINT_H HAVE_STDLIB_H \
    HAVE_STRING_H WITH_AES_GCM WITH_ECC WITH_OPENSSL WITH_RAW_PSS; do
    echo "#define $name 1"
  done >>config.h
  cat >>config.h <<-'END'
		#define MAX_PIN_LEN 255
		#define MIN_PIN_LEN 4
		#define VERSION_MAJOR 2
		#define VERSION_MINOR 6
		#include <openssl/engine.h>
		#define ENGINE_load_rdrand() ((void)0)
		#define ENGINE_by_id(name) ((ENGINE *)0)
		#define ENGINE_init(engine) 1
		#define ENGINE_set_default(engine, what) 1
		#define ENGINE_finish(engine) ((void)0)
		#define ENGINE_free(engine) ((void)0)
	END
  for folder in src/lib src/lib/{common,crypto,data_mgr,handle_mgr,object_store,pkcs11,session_mgr,slot_mgr,win32}; do
    includes+=("-I$folder")
  done
  mkdir -p objects
  find src/lib -name '*.cpp' ! -path '*/test/*' | grep -vE 'Botan|/DB|OSSLED' |
    nice -n 10 xargs -P "$(nproc)" -I{} sh -c 'x86_64-w64-mingw32-g++ -O1 -w -std=c++11 -DWIN32_LEAN_AND_MEAN -DNOCRYPT -include windows.h \
      -include ./config.h -DHAVE_CONFIG_H '"${includes[*]}"' -c {} -o objects/$(basename {}).o'
  x86_64-w64-mingw32-g++ -shared -static -s -o ../../softhsm2.dll objects/*.o ../openssl-3*/libcrypto.a \
    -lws2_32 -lgdi32 -lcrypt32 -ladvapi32 -luser32 -lrpcrt4 -Wl,--export-all-symbols
  cd ../..
}

once packages packages
once windows_python windows_python
once missing_libraries missing_libraries
once wheels wheels
once prefix prefix
once wines_library wines_library
once sources sources
once libcrypto libcrypto
once softhsm softhsm
rm -rf python/lib/site-packages/luuky_agent
cp -r "$here/luuky_agent" python/lib/site-packages/
if [ -n "${2:-}" ]; then
  say "packing $2"
  TCL_LIBRARY="Z:$PWD/python/tcl/tcl8.6" TK_LIBRARY="Z:$PWD/python/tcl/tk8.6" wine python/python.exe -m PyInstaller --noconfirm \
    --log-level WARN --distpath dist --workpath work "Z:$here/packaging/luuky-agent.spec" 2>&1 | cat >&2 # Wine's Python wants pipes
  "$here/packaging/installer.py" dist/luuky-agent "$2" "luuky-agent-$2.msi"
fi
say "Ready: LUUKY_WINE=$PWD"
