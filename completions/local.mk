# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for shells, under the names and in the directories where they look. Other directories:
# make bashcompletiondir=DIR zshcompletiondir=DIR fishcompletiondir=DIR install.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
completions = completions/v2v-engine.bash completions/v2v-engine.zsh completions/v2v-engine.fish
EXTRA_DIST += $(completions)

install-data-local: install-completions
install-completions:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)' '$(DESTDIR)$(zshcompletiondir)' '$(DESTDIR)$(fishcompletiondir)'
	$(INSTALL_DATA) $(srcdir)/completions/v2v-engine.bash '$(DESTDIR)$(bashcompletiondir)/v2v-engine'
	$(INSTALL_DATA) $(srcdir)/completions/v2v-engine.zsh '$(DESTDIR)$(zshcompletiondir)/_v2v-engine'
	$(INSTALL_DATA) $(srcdir)/completions/v2v-engine.fish '$(DESTDIR)$(fishcompletiondir)/v2v-engine.fish'
uninstall-local: uninstall-completions
uninstall-completions:
	rm -f '$(DESTDIR)$(bashcompletiondir)/v2v-engine' '$(DESTDIR)$(zshcompletiondir)/_v2v-engine' \
		'$(DESTDIR)$(fishcompletiondir)/v2v-engine.fish'
.PHONY: install-completions uninstall-completions
