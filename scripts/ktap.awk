# SPDX-License-Identifier: MIT
#
# Reads KTAP version 1, nested or flat. Prints a line for each result that has
# no results of its own: "ok NAME", "not ok NAME" or "skip NAME", NAME being
# the names from the outermost level on with colons between them; and, with a
# "malformed" in front, each thing wrong with the document.

function wrong(text)
{
	print "malformed line " NR ": " text
}

# Every level holds as many results as its plan says.
function close_level()
{
	if (!planned[depth])
		wrong("no plan")
	else if (count[depth] != plan[depth])
		wrong(count[depth] " results, planned " plan[depth])
	depth--
}

function result(line, verdict, number, name, outer, i)
{
	verdict = line ~ /^not / ? "not ok" : "ok"
	sub(/^(not )?ok /, "", line)
	number = line + 0
	sub(/^[0-9]+ (- )?/, "", line)
	if (number != ++count[depth])
		wrong("result " number ", expected " count[depth])
	name = line
	if (sub(/ # SKIP.*/, "", name))
		verdict = "skip"
	if (nested) {
		# The results inside were printed; this one must agree.
		if ((verdict == "not ok") != bad_inside)
			wrong(name " does not agree with what is in it")
		for (i = 1; i <= npending; i++)
			print pending_verdict[i] " " name ":" pending[i]
		npending = nested = bad_inside = 0
	} else if (depth > 1) {
		pending_verdict[++npending] = verdict
		pending[npending] = name
		if (verdict == "not ok")
			bad_inside = 1
	} else {
		print verdict " " name
	}
}

{
	line = $0
	sub(/\r$/, "", line)
	match(line, /^ */)
	level = int(RLENGTH / 2) + 1
	line = substr(line, RLENGTH + 1)
}

line == "KTAP version 1" {
	if (level != depth + 1)
		wrong("a document at the wrong place")
	depth = level
	count[depth] = plan[depth] = planned[depth] = 0
	next
}

line ~ /^1\.\.[0-9]+$/ {
	if (level != depth || planned[depth])
		wrong("a plan at the wrong place")
	plan[depth] = substr(line, 4) + 0
	planned[depth] = 1
	next
}

line ~ /^(not )?ok [0-9]+( |$)/ {
	if (level == depth - 1) {
		nested = 1
		close_level()
	}
	if (level != depth)
		wrong("a result at the wrong place")
	else
		result(line)
	next
}

line ~ /^Bail out!/ {
	wrong(line)
	bailed = 1
	next
}

line == "" || line ~ /^#/ {
	next
}

{
	wrong("unknown text: " line)
}

END {
	if (depth > 1) {
		wrong("ends inside of a suite")
		for (i = 1; i <= npending; i++)
			print pending_verdict[i] " ?:" pending[i]
		depth = 1
	}
	if (!depth)
		wrong("no KTAP at all")
	else
		close_level()
}
