" SPDX-License-Identifier: GPL-2.0-or-later
" Rule files of v2v-engine: comments, indentation, gq formats the file, :make checks it.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:# commentstring=#\ %s formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal iskeyword=@,48-57,_,-
setlocal suffixesadd=.v2v

" All of the buffer: gggqG. A file with an error stays as it is: u takes the message away.
setlocal formatprg=v2v-engine\ fmt\ -

" The rules of the tree that the file is in, if it is in one: DIR/rules/FILE.
let s:dir = finddir('rules', escape(expand('%:p:h'), ' ,;') . ';')
let s:tree = s:dir ==# '' ? '' : fnamemodify(s:dir, ':p:h:h')
let &l:makeprg = 'v2v-engine check' .
      \ (s:tree ==# '' ? ' ' . shellescape(expand('%:p')) : ' --rules-dir ' . shellescape(s:tree))
setlocal errorformat=%f:%l:%c:\ %trror[V2V%n]:\ %m,%f:%l:%c:\ %tarning[V2V%n]:\ %m,%f:\ %trror[V2V%n]:\ %m,%f:\ %tarning[V2V%n]:\ %m,%-G%.%#

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< expandtab< shiftwidth<'
      \ . ' softtabstop< iskeyword< suffixesadd< formatprg< makeprg< errorformat<'
