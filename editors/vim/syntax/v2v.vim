" SPDX-License-Identifier: GPL-2.0-or-later
" Rule files of v2v-engine. A word is a keyword only where the language takes it for one: most may
" be names of facts and fields elsewhere.
if exists("b:current_syntax")
  finish
endif

syn case match
syn iskeyword @,48-57,_,-
syn sync minlines=50

syn match v2vNumber "\%(\k\)\@1<!-\=\<\d\+\%([KMGTP]iB\|[kKMGTP]\=B\)\=\>"
syn keyword v2vBoolean true false
syn keyword v2vOperator and or not in is set unset
syn match v2vOperator "[=!<>]=\|[<>~]"

" Types, where a fact comes from, phases: after the word that announces them.
syn match v2vType "\%(:\s*\|^option\s\+\k\+\s\+\)\@<=\%(string\|enum\|path\|int\|size\|bool\|package-version\|plain-version\|flag\)\>"
syn match v2vOrigin "\%(\<from\s\+\)\@<=\%(domain\|inspection\|osinfo\|paths\|options\|with\|with-kernels\|mappings\|host\|choice\)\>"
syn match v2vPhase "\%(\<\%(phase\|in\)\s\+\)\@<=\%(install\|remove\|configure\|boot\|unconfigure-metadata\|configure-metadata\)\>"

" Words within a declaration or statement; no operator follows them, as it does the name of a field.
syn match v2vModifier "\%(\.\s*\)\@<!\<\%(all\|also\|as\|batch\|deprecated\|derived\|dispatch\|file\|flag\|for\|from\|key\|lua\|on\|one\|optional\|phase\|private\|provides\|public\|request\|since\|tree\|unchanged\|was\|xslt\|domain\)\>\%(\s*\%([:=!<>~.,}]\|is\>\|in\s*\[\)\)\@!"
syn match v2vModifier "\%(\<expect\s\+\|\<expect\s\+no\s\+\)\@<=\%(no\|some\|fail\|warn\|provider\)\>"

" Statements begin a line, or the body, or follow another on its line.
syn match v2vStatement "\%(^\s*\|[{})\"]\s*\|\k\s\+\)\@<=\<\%(after\|asked\|assert\|default\|describe\|do\|each\|excludes\|expect\|fail\|given\|known\|lua\|metavar\|no\|over\|phase\|probed\|reads\|some\|unique\|warn\|when\)\>\%(\s*\%([:=!<>~.,)}]\|is\>\|in\s*\[\)\)\@!"

syn match v2vDeclaration "^\%(enum\|name\|fact\|function\|operation\|let\|rule\|provider\|probe\|option\|test\|capture\)\>\%(\s*:\)\@!" nextgroup=v2vName skipwhite
syn match v2vDeclaration "^\%(override\|disable\)\s\+\%(rule\|provider\|probe\)\>" nextgroup=v2vName skipwhite
syn match v2vName "\k\+\%(\.\k\+\)*" contained
syn match v2vHeader "^v2v-rules\s\+\d\+\%(\.\d\+\)\="

" {fact.field} in a message.
syn match v2vPlace "{{\|}}\|{\k\+\%(\.\k\+\)\=}" contained
syn match v2vEscape +\\["\\nt]\|\\x\x\x+ contained
syn match v2vWrong +\\\%(["\\nt]\|x\x\x\)\@!.\=+ contained
syn region v2vString start=+"+ skip=+\\.+ end=+"\|$+ oneline contains=v2vEscape,v2vWrong,v2vPlace
syn match v2vWrong "'[^']*'\=\|;\|&&\|||"
syn keyword v2vTodo TODO FIXME XXX contained
syn match v2vComment "#.*$" contains=v2vTodo,@Spell

hi def link v2vHeader PreProc
hi def link v2vDeclaration Structure
hi def link v2vName Function
hi def link v2vStatement Statement
hi def link v2vModifier Keyword
hi def link v2vOperator Operator
hi def link v2vType Type
hi def link v2vOrigin Special
hi def link v2vPhase Constant
hi def link v2vNumber Number
hi def link v2vBoolean Boolean
hi def link v2vString String
hi def link v2vEscape SpecialChar
hi def link v2vPlace Identifier
hi def link v2vWrong Error
hi def link v2vTodo Todo
hi def link v2vComment Comment

let b:current_syntax = "v2v"
