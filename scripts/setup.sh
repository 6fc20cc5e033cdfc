#!/usr/bin/env bash
# Installs what is missing and nothing else: packages from the lockfile (Node 26 among them), a browser that prints
# PDFs, and fonts for the scripts that alert titles come in. Safe to repeat; silent and quick when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1; fi
}

apt_updated=no
apt_install() {
  command -v apt-get >/dev/null || return 1
  if [ "$apt_updated" = no ]; then
    as_root apt-get -o DPkg::Lock::Timeout=300 -qq update >&2 || return 1
    apt_updated=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends "$@" >/dev/null
}

install_packages() {
  local stamp=node_modules/.installed-lock wanted
  wanted=$(cksum <package-lock.json)
  if [ -x node_modules/.bin/node ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && node_modules/.bin/node --version | grep -q '^v26\.'; then
    return
  fi
  say "installing packages from the lockfile (about half a minute)"
  # The browser comes from the system, so puppeteer's own download is not wanted here.
  PUPPETEER_SKIP_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error >&2
  node_modules/.bin/node --version | grep -q '^v26\.' || { say "the package 'node' did not bring Node 26; were install scripts switched off?"; exit 1; }
  printf '%s\n' "$wanted" >"$stamp"
}

find_browser() {
  [ -n "${PUPPETEER_EXECUTABLE_PATH:-}" ] && [ -x "$PUPPETEER_EXECUTABLE_PATH" ] && return
  command -v chromium-headless-shell chromium google-chrome chrome >/dev/null && return
  ls .browser/chrome-headless-shell/*/*/chrome-headless-shell >/dev/null 2>&1
}

install_browser() {
  find_browser && return
  say "installing a browser for the PDFs"
  apt_install chromium-headless-shell && return
  # Not Debian, or no right to install there: puppeteer fetches its own build into .browser/.
  PUPPETEER_CACHE_DIR=.browser node_modules/.bin/puppeteer browsers install chrome-headless-shell >&2 && return
  say "no browser could be installed: HTML, CSV and JSON work, PDF does not. Install chromium-headless-shell or set browser.path in soc-kpi.yaml."
}

missing_scripts() {
  command -v fc-list >/dev/null || { echo all; return; }
  local language
  for language in en ru el ar he ja zh-cn ko; do
    [ -n "$(fc-list ":lang=$language" family)" ] || echo "$language"
  done
}

# A report with a character that no font can draw is not issued, and alert titles do carry emoji.
install_emoji() {
  command -v fc-list >/dev/null && [ -n "$(fc-list ':lang=und-zsye' family)" ] && return
  say "installing a font for emoji"
  apt_install fontconfig fonts-noto-color-emoji && return
  say "no font for emoji: a report with one in a title will be held; install Noto Color Emoji."
}

install_fonts() {
  install_emoji
  [ -z "$(missing_scripts)" ] && [ -n "$(fc-list 'Noto Sans')" ] && return
  say "installing fonts (Latin, Cyrillic, Greek, Arabic, Hebrew, CJK)"
  apt_install fontconfig fonts-noto-core fonts-noto-cjk && return
  say "fonts are missing for: $(missing_scripts | tr '\n' ' ')- titles in those scripts will show boxes; install the Noto fonts."
}

install_packages
install_browser
install_fonts
