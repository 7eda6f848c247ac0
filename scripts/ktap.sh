# SPDX-License-Identifier: MIT
# To be sourced: results of a shell script as KTAP.
#
#	it "the name of a fact" COMMAND...	the command succeeds
#	done_testing				prints the results, in the end
#
# What a failing command prints goes to stderr, with the name of the fact.

ktap_n=0
ktap_bad=0
ktap_results=

it() {
	ktap_name=$1
	shift
	ktap_n=$((ktap_n + 1))
	if ktap_text=$("$@" 2>&1); then
		ktap_verdict=ok
	else
		ktap_verdict='not ok'
		ktap_bad=1
		printf '%s:\n%s\n' "$ktap_name" "$ktap_text" >&2
	fi
	ktap_results="$ktap_results$ktap_verdict $ktap_n $ktap_name
"
}

# The command fails, and says @text in what it prints.
fails_with() {
	text=$1
	shift
	if said=$("$@" 2>&1); then
		echo "$*: succeeded"
		return 1
	fi
	case $said in
	*"$text"*) return 0 ;;
	esac
	printf '%s: expected "%s" in:\n%s\n' "$*" "$text" "$said"
	return 1
}

done_testing() {
	printf 'KTAP version 1\n1..%d\n%s' $ktap_n "$ktap_results"
	exit $ktap_bad
}
