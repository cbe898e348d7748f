# SPDX-License-Identifier: GPL-2.0-or-later
# For editors: where vim looks for the files of others, and a directory that VS Code takes as an extension. Other directories:
# make vimfilesdir=DIR vscodedir=DIR install.
vimfilesdir = $(datadir)/vim/vimfiles
vimsyntaxdir = $(vimfilesdir)/syntax
dist_vimsyntax_DATA = editors/vim/syntax/v2v.vim
vimftdetectdir = $(vimfilesdir)/ftdetect
dist_vimftdetect_DATA = editors/vim/ftdetect/v2v.vim
vimftplugindir = $(vimfilesdir)/ftplugin
dist_vimftplugin_DATA = editors/vim/ftplugin/v2v.vim

vscodedir = $(pkgdatadir)/editors/vscode
dist_vscode_DATA = editors/vscode/language-configuration.json editors/vscode/package.json
vscodesyntaxdir = $(vscodedir)/syntaxes
dist_vscodesyntax_DATA = editors/vscode/syntaxes/v2v.tmLanguage.json
