# SPDX-License-Identifier: GPL-2.0-or-later
# Builders of real and phony guests, and what they are made from.
EXTRA_DIST += tests/guests
