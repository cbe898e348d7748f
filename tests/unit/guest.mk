# SPDX-License-Identifier: GPL-2.0-or-later
# With an appliance.
check_PROGRAMS += tests/unit/test-guest
slow_tests += tests/unit/test-guest
unit_tests += tests/unit/test-accel tests/unit/test-lua tests/unit/test-search
tests_unit_test_accel_SOURCES = tests/unit/test-accel.c
tests_unit_test_lua_SOURCES = tests/unit/test-lua.c tests/unit/lua-util.h
tests_unit_test_guest_SOURCES = tests/unit/test-guest.c tests/unit/lua-util.h
tests_unit_test_search_SOURCES = tests/unit/test-search.c
unit_tests += tests/unit/test-messages
tests_unit_test_messages_SOURCES = tests/unit/test-messages.c
