#compdef v2v-engine
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for zsh: v2v-engine itself is asked what could stand for the word before the cursor.
_v2v_engine() {
	local line files=
	local -a lines described

	lines=("${(@f)$("${(@Q)words[1]}" complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
	for line in $lines; do
		case $line in
		:files | :directories) files=$line ;;
		*$'\t'*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
		?*) described+=("${line//:/\\:}") ;;
		esac
	done
	(($#described)) && _describe -V 'v2v-engine' described
	if [[ -n $files ]]; then
		[[ $PREFIX == *=* ]] && compset -P '*='
		if [[ $files == :files ]]; then _files; else _files -/; fi
	fi
}
_v2v_engine "$@"
