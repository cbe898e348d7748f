" SPDX-License-Identifier: GPL-2.0-or-later
" Rule files of v2v-engine are told by their names.
autocmd BufNewFile,BufRead *.v2v setfiletype v2v
