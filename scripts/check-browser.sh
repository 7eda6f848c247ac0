#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-browser.sh DIR: the pages and pictures of slate-map in Chromium: what
# they show at some moments is what slate-trace says, the controls work, and
# the colours are there.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1
dir=$(cd "$dir" && pwd)
cjson=$dir/cjson/cjson.elf
semihosting=enable=on,target=native
export PYTHONDONTWRITEBYTECODE=1

browser() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu \
		--window-size=1400,1100 "$@" 2>>"$dir/chromium.log"
}

record() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s O="$dir" cjson-elf \
		BOARD=mps2-an385 &&
		timeout 60 qemu-system-arm -M mps2-an385 -display none \
			-monitor none -serial none -kernel "$cjson" \
			-semihosting-config \
			"$semihosting,arg=cjson,arg=32768,arg=$dir/app.rec" \
			</dev/null
}

map() {
	tools/slate-map recording "$dir/app.rec" --elf "$cjson" \
		--out "$dir/desk" "$@"
}

# The bytes and blocks at the peak, and where that is, from slate-trace.
peak=
find_peak() {
	tools/slate-trace summary "$dir/app.rec" |
		sed -n 's/^peak *\([0-9]*\) bytes, at event \([0-9]*\)$/\1 \2/p'
}

# shows HASH TEXT: the page, opened there, has the text once its script ran
shows() {
	browser --dump-dom "file://$dir/heap.html#$1" >"$dir/dom" &&
		grep -q "$2" "$dir/dom" && return
	grep -o '<p id="figures">[^<]*' "$dir/dom"
	return 1
}

# acts SCRIPT TEXT: a script does what a user would; then the page has the text
acts() {
	cp "$dir/heap.html" "$dir/acts.html"
	printf '<script>%s</script>\n' "$1" >>"$dir/acts.html"
	browser --dump-dom "file://$dir/acts.html" >"$dir/dom" &&
		grep -q "$2" "$dir/dom"
}

# Colours of a screenshot: the palette's first five, the frame's, the tables'.
coloured() {
	browser --screenshot="$dir/$2.png" "file://$dir/$1" >/dev/null &&
		/usr/bin/python3 tools/tests/colours_in.py "$dir/$2.png"
}

it "browser_program_is_recorded" record
it "browser_page_is_written" map -o "$dir/heap.html"
it "browser_svg_is_written" map --by site -o "$dir/heap.svg"
peak=$(find_peak)
at=${peak#* }
it "browser_starts_empty" shows "at=0" "event 0 of .* in 1 blocks"
it "browser_shows_the_peak" shows "at=$at" \
	"event $at of .*: ${peak% *} bytes asked for"
it "browser_shows_pools_of_the_replay" shows "at=$at" "; [1-9][0-9]* pools of"
it "browser_names_sites" shows "at=$at&by=site" "<td.*>cJSON_New_Item (cJSON"
for by in tier class age owner; do
	it "browser_colours_by_$by" shows "at=$at&by=$by" "swatch"
done
it "browser_slider_moves" acts \
	"byId('at').value = $at; byId('at').dispatchEvent(new Event('input'));" \
	"event $at of"
it "browser_buttons_step" acts \
	"go($at); byId('next').click(); byId('next').click();
	byId('back').click();" "event $((at + 1)) of"
it "browser_tells_what_is_under_the_mouse" acts \
	"go($at); const b = shown.blocks[3]; pieces(b.start, 1, (x, y) =>
	byId('map').onmousemove({ offsetX: x + 1, offsetY: y + 1,
	clientX: 0, clientY: 0 }));" '^block 0x20'
it "browser_legend_picks_one_out" acts \
	"byId('by').value = 'class'; byId('by').onchange({ target: byId('by') });
	go($at); byId('legend').rows[0].click();" 'class="dim"'
it "browser_paints_the_page" coloured "heap.html#at=$at&by=site" page
it "browser_paints_the_svg" coloured heap.svg svg
done_testing
