# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion for bash: v2v-engine itself is asked what could stand for the word before the cursor.
_v2v_engine() {
	local rest=${COMP_LINE:0:COMP_POINT} words=() breaks='' prefix='' candidates=() trimmed word current i line

	# bash has split the words at = and : too; those that no space parts belong together.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		trimmed=${rest#"${rest%%[![:space:]]*}"}
		if ((i == 0)) || [[ $trimmed != "$rest" ]]; then
			words+=("$word")
		else
			words[${#words[@]} - 1]+=$word
		fi
		rest=${trimmed#"$word"}
	done
	current=${words[${#words[@]} - 1]}

	# It replaces only what follows the last of them.
	[[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
	[[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
	[[ -n $breaks && $current == *["$breaks"]* ]] && prefix=${current%"${current##*["$breaks"]}"}

	mapfile -t candidates < <("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)
	COMPREPLY=()
	for line in "${candidates[@]}"; do
		case $line in
		:files | :directories)
			compopt -o filenames 2>/dev/null
			[[ $line == :files ]] && i=-f || i=-d
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen $i -- "${current##*=}")
			;;
		*)
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$prefix"}")
			;;
		esac
	done
}
complete -F _v2v_engine v2v-engine
