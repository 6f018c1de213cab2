#!/usr/bin/env bash
# Set up everything that vndoc needs, once: system programs, a virtual environment in .venv, the package in it.
#
#   scripts/setup.sh          to read documents (make demo)
#   scripts/setup.sh web      to check them in a browser as well (make web)
#   scripts/setup.sh dev      to test and build as well (make test)
#
# System packages are installed only where that needs no password: as root, or with sudo that asks for none. Elsewhere
# the exact line to run is printed and the exit code is 10, as for every missing program of vndoc. A second run finds
# the stamp in .venv and says nothing. All messages go to standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

profile=${1:-demo}
venv=${VENV:-.venv}
lacking=()      # packages by their Debian names
oldest=11       # Python 3.11
patience=${APT_PATIENCE:-600}   # seconds to wait for another program that uses apt

case $profile in    # the profiles that have all that this one needs
    demo) enough='demo web dev' ;;
    web) enough='web dev' ;;
    dev) enough=dev ;;
    *)
        printf 'vndoc: no profile %s; there are demo, web and dev\n' "$profile" >&2
        exit 2
        ;;
esac

say() { printf 'vndoc: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

good_python() {
    have "$1" && "$1" -c "import sys; sys.exit(not (3, $oldest) <= sys.version_info[:2] < (4, 0))" 2>/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-python3} python3.14 python3.13 python3.12 python3.11; do
        if good_python "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
}

python=$(find_python)

# A set-up is known by what it was made from; a moved folder or another Python needs a new one.
stamp() {
    cksum pyproject.toml scripts/setup.sh
    printf '%s\n' "$PWD" "${python:-none}" "$([[ -n $python ]] && "$python" --version)"
}

look_for_programs() {
    have tesseract || lacking+=(tesseract-ocr)
    # Read to the end: "grep -q" would close the pipe early and make tesseract fail under pipefail.
    have tesseract && tesseract --list-langs 2>/dev/null | grep -x vie >/dev/null || lacking+=(tesseract-ocr-vie)
    have pdftoppm && have pdfinfo && have pdftotext || lacking+=(poppler-utils)
    if [[ -z $python ]]; then
        lacking+=(python3 python3-venv)
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        lacking+=("$(basename "$python")-venv")
    fi
    if [[ $profile == dev ]]; then
        # The samples' typeface: the one with the widths of Times New Roman and the Vietnamese letters.
        have fc-list || lacking+=(fontconfig)
        { have fc-list && [[ -n $(fc-list 'Tinos:lang=vi' file) ]]; } || lacking+=(fonts-croscore)
    fi
}

advise() {
    say "these programs are missing: ${lacking[*]}"
    if have apt-get; then
        say "install them with:  sudo apt-get install ${lacking[*]}"
    elif have dnf; then
        say "install them with:  sudo dnf install tesseract tesseract-langpack-vie poppler-utils python3"
    elif have brew; then
        say "install them with:  brew install tesseract tesseract-lang poppler python@3.12"
    else
        say "install Tesseract 4.1 or newer with its Vietnamese data, poppler and Python 3.$oldest or newer"
    fi
    say "then run the same make command again"
    exit 10
}

# Another apt-get, unattended upgrades or a software centre may hold a lock of apt: those are waited for. apt waits by
# itself where it is told to (DPkg::Lock::Timeout), but without a word, and not for the lock of its package lists.
apt() {
    local as_root=() waiting=() log status=0 until=$((SECONDS + patience))
    ((EUID == 0)) || as_root=(sudo -n)
    log=$(mktemp)
    until ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get ${waiting[@]+"${waiting[@]}"} "$@" </dev/null >"$log" 2>&1; do
        if ! grep -qE 'Could not get lock|Unable to (acquire|lock)' "$log" || ((SECONDS >= until)); then
            tail -n 15 "$log" >&2
            status=1
            break
        fi
        if ((${#waiting[@]} == 0)); then
            say "another program is using apt; waiting for it, for at most $patience seconds:"
            grep -m 1 'lock' "$log" >&2
            waiting=(-o "DPkg::Lock::Timeout=$patience")
        fi
        sleep 1
    done
    rm -f "$log"
    return $status
}

may_install() {
    ((EUID == 0)) || sudo -n true 2>/dev/null
}

install_programs() {
    if ! have apt-get || ! may_install; then
        advise
    fi
    say "installing system packages: ${lacking[*]}"
    apt update -qq || say "apt-get update failed; going on with the lists at hand"
    apt install -y -qq --no-install-recommends "${lacking[@]}" || advise
    python=$(find_python)
    if [[ -z $python ]]; then
        say "this system's Python is older than 3.$oldest; install a newer one and name it: make PYTHON=python3.12 demo"
        exit 10
    fi
}

# Its interpreter runs, and its scripts were written for this place: a virtual environment cannot be moved.
usable_venv() {
    "$venv/bin/python" -c '' 2>/dev/null && grep -qF "$(cd "$venv" && pwd)/bin/" "$venv/bin/pip" 2>/dev/null
}

# The tests that click through pages drive Debian's Chromium; without one they are skipped. Ubuntu has it as a snap only,
# which apt-get cannot give and a test cannot drive.
install_browser() {
    have chromium && return
    if ! have apt-get || ! may_install; then
        say "there is no chromium here, so the tests in a browser are skipped; on Debian: sudo apt-get install chromium"
        return
    fi
    ((${#lacking[@]} > 0)) || apt update -qq || say "apt-get update failed; going on with the lists at hand"
    if ! LC_ALL=C apt-cache policy chromium 2>/dev/null | grep -E '^ +Candidate: [0-9]' >/dev/null; then
        say "apt has no package chromium here, so the tests in a browser are skipped"
        return
    fi
    say "installing chromium for the tests in a browser"
    apt install -y -qq --no-install-recommends chromium || say "that failed, so the tests in a browser are skipped"
}

install_package() {
    local what=.
    [[ $profile == demo ]] || what=".[$profile]"
    say "installing vndoc into $venv with $("$python" --version) (this takes a minute, once)"
    usable_venv || "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input -e "$what"
}

look_for_programs
((${#lacking[@]} == 0)) || install_programs
made_from=$(stamp)
for name in $enough; do
    if [[ -f $venv/.setup-$name && $made_from == "$(cat "$venv/.setup-$name")" && -x $venv/bin/python ]]; then
        exit
    fi
done
[[ $profile != dev ]] || install_browser
install_package
printf '%s\n' "$made_from" >"$venv/.setup-$profile"
